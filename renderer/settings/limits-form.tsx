// Changes the risk limits, all that were touched at once. For a LIVE account its number has to be repeated.
import { useState } from 'react';
import { type LimitName, limitNames } from '../../electron/contract/limit-catalogue.ts';
import { useDesk, useDeskClient } from '../desk-context.tsx';
import { counted } from '../format.ts';
import { timeWithZone } from '../format-time.ts';
import { Button } from '../ui/button.tsx';
import { ErrorLine } from '../ui/error-line.tsx';
import { Field } from '../ui/field.tsx';
import { Fold } from '../ui/fold.tsx';
import { useRequest } from '../use-request.ts';
import { useWindowStore } from '../window-state.ts';
import { LimitField } from './limit-field.tsx';
import { checkDraft, type LimitsDraft, textOf } from './limits-draft.ts';

const levels = [
  { level: 'order', label: 'Each order' },
  { level: 'agent', label: 'Each agent' },
  { level: 'strategy', label: 'Each strategy' },
  { level: 'account', label: 'The account' },
] as const;

export function LimitsForm() {
  const { call, now } = useDeskClient();
  const windowStore = useWindowStore();
  const limits = useDesk((desk) => desk.state.limits);
  const isLive = useDesk((desk) => desk.state.mode === 'live');
  const [draft, setDraft] = useState<LimitsDraft>({});
  const [accountNumber, setAccountNumber] = useState('');
  const { changes, refusals } = checkDraft(draft, limits);
  const changed = Object.keys(changes).length;
  const ready = changed > 0 && Object.keys(refusals).length === 0 && (!isLive || accountNumber.trim() !== '');
  const save = useRequest(async () => {
    await call('limits.set', { changes, ...(isLive ? { confirm: accountNumber } : {}) });
    setDraft({});
    setAccountNumber('');
    const text = `${counted(changed, 'limit')} changed, in force from the next order.`;
    windowStore.setState({ outcome: { text, at: now() } });
  });
  const change = (name: LimitName, text: string): void => {
    save.clear();
    setDraft((before) => ({ ...before, [name]: text }));
  };
  return (
    <form
      aria-label="Limits"
      className="grid gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) void save.run();
      }}
    >
      <h3 className="text-label text-dim">Limits</h3>
      {levels.map(({ level, label }) => {
        const names = limitNames.filter((name) => name.startsWith(`${level}.`));
        return (
          <Fold key={level} label={label} forced={names.some((name) => refusals[name] !== undefined)}>
            <div className="grid grid-cols-2 gap-x-3 gap-y-1">
              {names.map((name) => (
                <LimitField
                  key={name}
                  name={name}
                  text={textOf(name, draft, limits)}
                  refusal={refusals[name]}
                  onText={(text) => change(name, text)}
                />
              ))}
            </div>
          </Fold>
        );
      })}
      {isLive && changed > 0 ? (
        <Field
          label="Account number"
          className="w-60"
          value={accountNumber}
          onValue={setAccountNumber}
          hint="this changes what bounds real money: repeat it"
        />
      ) : null}
      <div className="flex items-center gap-2">
        <Button type="submit" disabled={!ready || save.pending}>
          {save.pending ? 'Saving…' : 'Save limits'}
        </Button>
        {Object.keys(draft).length > 0 ? (
          <Button tone="quiet" disabled={save.pending} onClick={() => setDraft({})}>
            Undo
          </Button>
        ) : null}
      </div>
      <ErrorLine error={save.error} />
      <LastChange />
    </form>
  );
}

function LastChange() {
  const changed = useDesk((desk) => desk.state.limitsChanged);
  const breach = useDesk((desk) => desk.state.breach);
  return (
    <p className="text-label text-dim">
      {breach === null ? null : (
        <span className="text-critical">Positions only shrink: {breach.detail} </span>
      )}
      {changed === null
        ? 'These are the defaults.'
        : `Last changed ${timeWithZone(changed.at)} by ${actorName[changed.actor]}.`}{' '}
      Every order is held against them before it is sent.
    </p>
  );
}

const actorName = { window: 'this window', cli: 'the command line', host: 'the host' } as const;
