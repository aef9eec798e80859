// Chooses what drives the demo: the simulator, the bundled index, or a file of bars.
import { useState } from 'react';
import type { FillProfile } from '../../electron/contract/market.ts';
import type { OperationOutput } from '../bridge.ts';
import { useDeskClient } from '../desk-context.tsx';
import { Button } from '../ui/button.tsx';
import { ChoiceCards } from '../ui/choice-cards.tsx';
import { Choice } from '../ui/choice.tsx';
import { ErrorLine } from '../ui/error-line.tsx';
import { Field } from '../ui/field.tsx';
import { useAnswer } from '../use-answer.ts';
import { useRequest } from '../use-request.ts';
import { useWindowStore } from '../window-state.ts';
import { draftOf, inputOf, type MarketDraft } from './market-draft.ts';

type Sources = OperationOutput<'market.sources'>;

export function MarketForm() {
  const { call, now } = useDeskClient();
  const windowStore = useWindowStore();
  const { value: sources, error, setValue: setSources } = useAnswer((ask) => ask('market.sources', {}));
  const [changed, setChanged] = useState<Partial<MarketDraft>>({});
  const draft = sources && { ...draftOf(sources.current), ...changed };
  const choose = useRequest(async () => {
    const input = draft && inputOf(draft);
    if (!input) return;
    const chosen = await call('market.choose', input);
    windowStore.setState({ outcome: { text: `The demo market is now ${chosen.label}.`, at: now() } });
    setSources(await call('market.sources', {}));
    setChanged({});
  });
  const change = (part: Partial<MarketDraft>): void => {
    choose.clear();
    setChanged((before) => ({ ...before, ...part }));
  };
  return (
    <form
      aria-label="Demo market"
      className="grid gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        void choose.run();
      }}
    >
      <h3 className="text-label text-dim">Demo market</h3>
      {sources && draft ? (
        <>
          <SourceCards sources={sources} chosen={draft.id} onChoose={(id) => change({ id })} />
          <div className="flex items-start gap-2">
            <SourceFields draft={draft} onChange={change} />
            <Button type="submit" className="mt-[22px]" disabled={choose.pending || inputOf(draft) === null}>
              {choose.pending ? 'Switching…' : 'Switch market'}
            </Button>
          </div>
        </>
      ) : (
        <p className="text-muted">{error ? '' : 'Reading…'}</p>
      )}
      <ErrorLine error={error ?? choose.error} />
      <p className="text-label text-dim">The market can be switched while no agent is running.</p>
    </form>
  );
}

interface SourceCardsProps {
  readonly sources: Sources;
  readonly chosen: MarketDraft['id'];
  readonly onChoose: (id: MarketDraft['id']) => void;
}

function SourceCards({ sources, chosen, onChoose }: SourceCardsProps) {
  const inUse = draftOf(sources.current).id;
  return (
    <ChoiceCards
      label="Source"
      value={chosen}
      cards={sources.sources.map(({ id, label, detail, available }) => ({
        value: id,
        label,
        detail: `${id === inUse ? 'In use. ' : ''}${detail}`,
        disabled: !available,
      }))}
      onChoose={onChoose}
    />
  );
}

interface SourceFieldsProps {
  readonly draft: MarketDraft;
  readonly onChange: (part: Partial<MarketDraft>) => void;
}

function SourceFields({ draft, onChange }: SourceFieldsProps) {
  if (draft.id === 'simulator') {
    return (
      <>
        <Field
          label="Speed"
          unit="x"
          className="w-56"
          value={draft.speed}
          onValue={(speed) => onChange({ speed })}
          hint="market seconds a second, 1 to 10,000"
        />
        <FillsField fills={draft.fills} onChange={(fills) => onChange({ fills })} />
      </>
    );
  }
  return (
    <>
      {draft.id === 'csv' ? (
        <>
          <Field
            label="File"
            className="flex-1"
            placeholder="/home/me/bars.csv"
            value={draft.file}
            onValue={(file) => onChange({ file })}
            hint="date, open, high, low, close, volume"
          />
          <Field
            label="Symbol"
            className="w-24"
            value={draft.symbol}
            onValue={(symbol) => onChange({ symbol })}
            hint="from the file"
          />
        </>
      ) : null}
      <Field
        label="Speed"
        unit="bars/s"
        className="w-32"
        value={draft.barsPerSecond}
        onValue={(barsPerSecond) => onChange({ barsPerSecond })}
        hint="0.1 to 200"
      />
    </>
  );
}

const fillWords: Readonly<Record<FillProfile, string>> = {
  'alpaca-paper': "at the quote, whatever the size; one in ten in parts, as on Alpaca's paper accounts",
  realistic: 'displayed size, then worse prices; 50 ms late; with the fees of the regulators',
};

function FillsField(props: { readonly fills: FillProfile; readonly onChange: (fills: FillProfile) => void }) {
  return (
    <div className="grid flex-1 content-start gap-1">
      <span className="text-label text-dim">How orders fill</span>
      <div className="flex h-8 items-center">
        <Choice
          label="How orders fill"
          value={props.fills}
          options={[
            { value: 'alpaca-paper', label: 'Paper account' },
            { value: 'realistic', label: 'Realistic' },
          ]}
          onChoose={props.onChange}
        />
      </div>
      <p className="min-h-4 text-label text-dim">{fillWords[props.fills]}</p>
    </div>
  );
}
