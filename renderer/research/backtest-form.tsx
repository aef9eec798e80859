// What a backtest needs to be told; the host checks it and names what is wrong.
import { useId, useState } from 'react';
import type { BacktestReport } from '../../electron/contract/backtest-report.ts';
import { strategyCatalogue } from '../../electron/contract/strategy-catalogue.ts';
import type { OperationInput } from '../bridge.ts';
import { useDesk, useDeskClient } from '../desk-context.tsx';
import { Bar } from '../ui/bar.tsx';
import { Button } from '../ui/button.tsx';
import { Card } from '../ui/card.tsx';
import { ErrorLine } from '../ui/error-line.tsx';
import { Field, inputFrame } from '../ui/field.tsx';
import { useRequest } from '../use-request.ts';

const empty = {
  strategy: 'momentum',
  symbols: '',
  data: '',
  params: '',
  start: '',
  end: '',
  cash: '10000',
  commissionBps: '5',
};
type Draft = typeof empty;

export interface BacktestFormProps {
  readonly onFinished: (report: BacktestReport) => Promise<void>;
}

export function BacktestForm({ onFinished }: BacktestFormProps) {
  const { call } = useDeskClient();
  const [draft, setDraft] = useState<Draft>(empty);
  const [stop, setStop] = useState<AbortController | null>(null);
  const running = useRequest(async () => {
    const mine = new AbortController();
    setStop(mine);
    await onFinished(await call('backtest.run', inputOf(draft), mine.signal));
  });
  const set = (field: keyof Draft) => (value: string) => setDraft({ ...draft, [field]: value });
  return (
    <Card title="Backtest" note="simulated, on past bars">
      <form
        className="mt-2 grid grid-cols-2 gap-x-3 gap-y-1"
        onSubmit={(event) => {
          event.preventDefault();
          void running.run();
        }}
      >
        <StrategySelect chosen={draft.strategy} onChoose={set('strategy')} />
        <Field label="Symbols" value={draft.symbols} onValue={set('symbols')} hint="Else those of the data" />
        <Field
          label="File or dataset"
          value={draft.data}
          onValue={set('data')}
          hint="Else the S&P 500 sample"
        />
        <Field
          className="col-span-2"
          label="Parameters"
          placeholder="fast=12, slow=26"
          value={draft.params}
          onValue={set('params')}
          hint="Defaults when empty"
        />
        <Field label="From" type="date" value={draft.start} onValue={set('start')} />
        <Field label="To" type="date" value={draft.end} onValue={set('end')} />
        <Field label="Cash" prefix="$" inputMode="decimal" value={draft.cash} onValue={set('cash')} />
        <Field
          label="Commission"
          unit="bps"
          inputMode="decimal"
          value={draft.commissionBps}
          onValue={set('commissionBps')}
        />
        <ErrorLine error={running.error} className="col-span-2" />
        {running.pending ? (
          <>
            <Button className="col-span-2 mt-1" onClick={() => stop?.abort()}>
              Cancel
            </Button>
            <Progress />
          </>
        ) : (
          <Button tone="primary" type="submit" className="col-span-2 mt-1">
            Run the backtest
          </Button>
        )}
      </form>
    </Card>
  );
}

function StrategySelect(props: { readonly chosen: string; readonly onChoose: (id: string) => void }) {
  const id = useId();
  return (
    <div className="col-span-2 grid gap-1">
      <label htmlFor={id} className="text-label text-dim">
        Strategy
      </label>
      <select
        id={id}
        value={props.chosen}
        onChange={(event) => props.onChoose(event.target.value)}
        className={`${inputFrame} border-control text-text`}
      >
        {strategyCatalogue.map((strategy) => (
          <option key={strategy.id} value={strategy.id}>
            {strategy.title}
          </option>
        ))}
      </select>
      <p className="min-h-4 text-label text-dim">
        {strategyCatalogue.find((strategy) => strategy.id === props.chosen)?.summary}
      </p>
    </div>
  );
}

/** The newest work of the host; with another client's beside it, the line may be that one's. */
function Progress() {
  const work = useDesk((desk) => desk.gauges?.work.at(-1));
  if (!work) return null;
  const part = work.total > 0 ? Math.min(1, work.done / work.total) : 0;
  return (
    <div className="col-span-2 mt-1 grid gap-1 text-label text-dim">
      <Bar parts={[{ share: part, className: 'bg-accent' }]} />
      {work.label}: {part < 1 ? `${Math.floor(part * 100)} %` : 'checking'}
    </div>
  );
}

/** What is left empty is left to the host's default. Numbers stay as typed where they are none, so that the host says so. */
function inputOf(draft: Draft): OperationInput<'backtest.run'> {
  const { strategy, cash, commissionBps, ...texts } = draft;
  const given = Object.fromEntries(Object.entries(texts).filter(([, value]) => value.trim() !== ''));
  return { ...given, strategy, cash: Number(cash), commissionBps: Number(commissionBps) };
}
