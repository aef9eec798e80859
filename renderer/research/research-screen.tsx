// Research: start a backtest, find the kept ones again, look at one of them.
import { useState } from 'react';
import type { BacktestReport } from '../../electron/contract/backtest-report.ts';
import { useDeskClient } from '../desk-context.tsx';
import { ErrorLine } from '../ui/error-line.tsx';
import { useAnswer } from '../use-answer.ts';
import { useRequest } from '../use-request.ts';
import { BacktestForm } from './backtest-form.tsx';
import { BacktestList } from './backtest-list.tsx';
import { BacktestView } from './backtest-view.tsx';

export function ResearchScreen() {
  const { call } = useDeskClient();
  const [report, setReport] = useState<BacktestReport | null>(null);
  const kept = useAnswer((ask) => ask('backtest.list', {}));
  const open = useRequest(async (id: string) => setReport(await call('backtest.show', { id })));
  async function show(finished: BacktestReport): Promise<void> {
    setReport(finished);
    kept.setValue(await call('backtest.list', {}));
  }
  return (
    <main aria-label="Research" className="flex min-h-0 min-w-0 flex-1 gap-3 p-4">
      <div className="flex w-[340px] shrink-0 flex-col gap-3 overflow-y-auto">
        <BacktestForm onFinished={show} />
        <ErrorLine error={open.error ?? kept.error} />
        <BacktestList
          backtests={kept.value?.backtests ?? null}
          openId={report?.id ?? null}
          onOpen={(id) => void open.run(id)}
        />
      </div>
      {report ? <BacktestView key={report.id} report={report} /> : <Empty />}
    </main>
  );
}

function Empty() {
  return (
    <div className="grid flex-1 place-items-center rounded-card border border-line bg-surface">
      <div className="grid max-w-[420px] justify-items-center gap-2 text-center">
        <p className="font-medium">No backtest is open</p>
        <p className="text-muted">
          Run one, or open one from the list. It runs the code that trades live on past bars, and is checked
          for look-ahead, determinism and accounting before its figures are shown.
        </p>
      </div>
    </div>
  );
}
