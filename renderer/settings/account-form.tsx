// Chooses which account is traded, and with which key. A key goes to the host and is never shown again.
import { useState } from 'react';
import type { Mode } from '../../electron/contract/names.ts';
import { isMoneySimulated } from '../../electron/contract/simulated.ts';
import type { OperationInput, OperationOutput } from '../bridge.ts';
import { useDeskClient } from '../desk-context.tsx';
import { latency, money } from '../format.ts';
import { Button } from '../ui/button.tsx';
import { ChoiceCards } from '../ui/choice-cards.tsx';
import { ErrorLine } from '../ui/error-line.tsx';
import { Field } from '../ui/field.tsx';
import { Glyph } from '../ui/glyph.tsx';
import { useAnswer } from '../use-answer.ts';
import { useRequest } from '../use-request.ts';
import { useWindowStore } from '../window-state.ts';
import { type AccountDraft, inputOf } from './account-draft.ts';

type Account = OperationOutput<'account.show'>;
type Target = OperationInput<'account.use'>;
type Action = 'test' | 'use' | 'forget';

export function AccountForm() {
  const { call, now } = useDeskClient();
  const windowStore = useWindowStore();
  const { value: shown, error, setValue: setShown } = useAnswer((ask) => ask('account.show', {}));
  const [changed, setChanged] = useState<Partial<AccountDraft>>({});
  const [reached, setReached] = useState<OperationOutput<'account.test'> | null>(null);
  const draft = shown && { account: shown.inUse, keyId: '', secret: '', ...changed };
  const input = draft && inputOf(draft);
  const [doing, setDoing] = useState<Action>('test');
  const tell = (text: string): void => windowStore.setState({ outcome: { text, at: now() } });
  const request = useRequest(async (action: Action) => {
    setDoing(action);
    setReached(null);
    if (!input) return;
    if (action === 'test') setReached(await call('account.test', input));
    else if (action === 'use') await use(input);
    else await forget(input.account);
  });
  async function use(target: Target): Promise<void> {
    setShown(await call('account.use', target));
    setChanged({});
    tell(`${target.account.toUpperCase()} is the account in use.`);
  }
  async function forget(account: Mode): Promise<void> {
    if (account === 'demo') return;
    await call('account.forgetKey', { account });
    setShown(await call('account.show', {}));
    tell(`The key of ${account.toUpperCase()} was deleted.`);
  }
  const change = (part: Partial<AccountDraft>): void => {
    request.clear();
    setReached(null);
    setChanged((before) => ({ ...before, ...part }));
  };
  const busy = request.pending;
  const row = shown?.accounts.find(({ account }) => account === draft?.account);
  return (
    <form
      aria-label="Account"
      className="grid gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        void request.run('use');
      }}
    >
      <h3 className="text-label text-dim">Account</h3>
      {shown && draft ? (
        <>
          <AccountCards
            shown={shown}
            chosen={draft.account}
            onChoose={(account) => change({ account, keyId: '', secret: '' })}
          />
          {draft.account === 'demo' ? null : <KeyFields draft={draft} row={row} onChange={change} />}
          <div className="flex items-center gap-2">
            <Button disabled={busy || !input} onClick={() => void request.run('test')}>
              {busy && doing === 'test' ? 'Testing…' : 'Test account'}
            </Button>
            <Button type="submit" disabled={busy || !input || Object.keys(changed).length === 0}>
              {busy && doing === 'use' ? 'Switching…' : `Use ${draft.account.toUpperCase()}`}
            </Button>
            {row?.key === 'stored' ? (
              <Button tone="quiet" disabled={busy} onClick={() => void request.run('forget')}>
                Delete stored key
              </Button>
            ) : null}
          </div>
          {reached ? <Reached {...reached} /> : null}
        </>
      ) : (
        <p className="text-muted">{error ? '' : 'Reading…'}</p>
      )}
      <ErrorLine error={error ?? request.error} />
      <p className="text-label text-dim">
        {row?.keyProtection ? `${row.keyProtection.detail} ` : null}
        The account can be changed while no agent runs and no order is open.
      </p>
    </form>
  );
}

const meanings: Readonly<Record<Mode, string>> = {
  demo: 'Simulated market, simulated money. Nothing leaves this machine',
  paper: 'Real market, simulated money, at Alpaca',
  live: 'Real market, REAL MONEY, at Alpaca. Armed by the account number',
};

interface AccountCardsProps {
  readonly shown: Account;
  readonly chosen: Mode;
  readonly onChoose: (account: Mode) => void;
}

function AccountCards({ shown, chosen, onChoose }: AccountCardsProps) {
  return (
    <ChoiceCards
      label="Account"
      value={chosen}
      cards={shown.accounts.map(({ account }) => ({
        value: account,
        label: account.toUpperCase(),
        detail: account === shown.inUse ? `In use. ${meanings[account]}` : meanings[account],
      }))}
      onChoose={onChoose}
    />
  );
}

interface KeyFieldsProps {
  readonly draft: AccountDraft;
  readonly row: Account['accounts'][number] | undefined;
  readonly onChange: (part: Partial<AccountDraft>) => void;
}

function KeyFields({ draft, row, onChange }: KeyFieldsProps) {
  const stored = row?.key === 'stored';
  return (
    <div className="grid grid-cols-2 gap-3">
      <Field
        label="Key id"
        autoComplete="off"
        placeholder={draft.account === 'live' ? 'AK…' : 'PK…'}
        value={draft.keyId}
        onValue={(keyId) => onChange({ keyId })}
        hint={stored ? 'one is stored; type another to replace it' : 'none is stored'}
      />
      <Field
        label="Secret"
        type="password"
        autoComplete="new-password"
        value={draft.secret}
        onValue={(secret) => onChange({ secret })}
        hint={`orders go to ${row?.address ?? ''}`}
      />
    </div>
  );
}

function Reached({ account, address, accountNumber, equityMicros, tookMs }: OperationOutput<'account.test'>) {
  return (
    <p role="status" className="flex items-start gap-2 text-cell text-muted">
      <Glyph shape="dot" className="mt-[3px] text-ok" />
      <span className="min-w-0 break-words">
        Read account {accountNumber} at {address} in {latency(tookMs)}, equity {money(equityMicros)}
        {isMoneySimulated(account) ? ' simulated' : ''}
      </span>
    </p>
  );
}
