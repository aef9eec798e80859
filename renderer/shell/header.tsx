// The line that is always there: mode, the five numbers, the age of the data, and KILL in the same place on every screen.
import type { ReactNode } from 'react';
import { useDesk, useDeskClient, useNow } from '../desk-context.tsx';
import { age, count, latency, money, notMeasured, percent, pnl, unknown } from '../format.ts';
import { headroomTone, worstSla } from '../sla.ts';
import { countFleet, countNotices, netTodayMicros } from '../swarm-counts.ts';
import { classNames } from '../ui/class-names.ts';
import { KeyHint } from '../ui/key-hint.tsx';
import { ModeChip } from '../ui/mode-chip.tsx';
import { SeverityGlyph } from '../ui/severity-glyph.tsx';

export function Header(props: { readonly onKill: () => void }) {
  const mode = useDesk((desk) => desk.state.mode);
  return (
    <header className="flex h-11 shrink-0 items-center border-b border-line bg-surface px-3">
      <ModeChip mode={mode} className="mr-4" />
      <AccountStat />
      <AgentsStat />
      <PnlStat />
      <SpendStat />
      <SlaStat />
      <NoticesStat />
      <DataAgeStat />
      <button
        type="button"
        onClick={props.onKill}
        aria-keyshortcuts="Control+."
        className="ml-auto inline-flex h-8 shrink-0 items-center gap-2 rounded-control border border-critical px-3.5 text-cell font-semibold tracking-[0.04em] text-critical hover:bg-critical/12"
      >
        KILL
        <KeyHint keys="Ctrl ." />
      </button>
    </header>
  );
}

function Stat(props: {
  readonly label: string;
  readonly title?: string;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  return (
    <div
      className={classNames('flex min-w-0 flex-col border-l border-line px-4', props.className)}
      title={props.title}
    >
      <span className="text-label leading-[14px] whitespace-nowrap text-dim">{props.label}</span>
      <span className="live-value truncate leading-[18px] font-medium">{props.children}</span>
    </div>
  );
}

function Aside(props: { readonly children: ReactNode }) {
  return <span className="font-normal text-dim">{props.children}</span>;
}

const moneyWords = { demo: 'simulated market', paper: 'simulated money', live: 'REAL MONEY' } as const;

function AccountStat() {
  const mode = useDesk((desk) => desk.state.mode);
  const accountNumber = useDesk((desk) => desk.state.accountNumber);
  return (
    <Stat label={accountNumber === null ? 'Account' : `Account ${accountNumber}`}>{moneyWords[mode]}</Stat>
  );
}

function AgentsStat() {
  const { alive, running, degraded } = countFleet(useDesk((desk) => desk.state.agents));
  return (
    <Stat label="Agents">
      {count(running)} / {count(alive)} running
      {degraded > 0 ? <span className="font-normal text-warn"> · {count(degraded)} degraded</span> : null}
    </Stat>
  );
}

function PnlStat() {
  const net = useDesk((desk) => netTodayMicros(desk.gauges));
  return (
    <Stat label="Net PnL today" title="Trading result of the budget day minus infrastructure, USD">
      {pnl(net)}
    </Stat>
  );
}

function SpendStat() {
  const accrued = useDesk((desk) => desk.gauges?.spend.accruedMicros);
  const budget = useDesk((desk) => (desk.state.spend.day === null ? null : desk.state.spend.budgetMicros));
  const simulated = useDesk((desk) => desk.gauges?.spend.simulated ?? false);
  return (
    <Stat label={simulated ? 'Spend, simulated' : 'Spend'}>
      {money(accrued)} <Aside>of {money(budget)}</Aside>
    </Stat>
  );
}

function SlaStat() {
  const rows = useDesk((desk) => desk.gauges?.sla);
  const worst = worstSla(rows ?? []);
  const name = 'Worst SLA';
  if (!worst) {
    return (
      <Stat
        label={name}
        className="max-[1180px]:hidden"
        title="No operation has 20 samples in its window yet"
      >
        {rows ? notMeasured : unknown}
      </Stat>
    );
  }
  return (
    <Stat label={name} className="max-[1180px]:hidden">
      {worst.row.operation} <Aside>P95</Aside> {latency(worst.row.p95Ms)}{' '}
      <span className={classNames('font-normal', headroomTone(worst.headroom) || 'text-dim')}>
        · {percent(worst.headroom)} headroom
      </span>
    </Stat>
  );
}

function NoticesStat() {
  const counts = countNotices(useDesk((desk) => desk.state.notices));
  const shown = (['critical', 'warning', 'info'] as const).filter((severity) => counts[severity] > 0);
  return (
    <Stat label="Notices">
      {shown.length === 0 ? '0' : null}
      <span className="inline-flex gap-3">
        {shown.map((severity) => (
          <span key={severity} className="inline-flex items-center gap-1">
            <SeverityGlyph severity={severity} />
            {count(counts[severity])}
            <span className="sr-only">{severity}</span>
          </span>
        ))}
      </span>
    </Stat>
  );
}

function DataAgeStat() {
  const { store } = useDeskClient();
  const now = useNow(500);
  const { gauges, lastFrameAt } = store.getState();
  const atFrame = gauges?.market.dataAgeMs ?? null;
  const ms = atFrame === null || lastFrameAt === null ? null : atFrame + Math.max(0, now - lastFrameAt);
  return (
    <Stat label="Data age" title="Age of the newest market data">
      {age(ms)}
    </Stat>
  );
}
