// What the risk gate refused, and why, in its own words.
import { useMemo, useState } from 'react';
import type { DeniedOrder } from '../../electron/contract/state.ts';
import { useDesk, useDeskClient } from '../desk-context.tsx';
import { count, quantity } from '../format.ts';
import { timeOrDay } from '../format-time.ts';
import { FilterInput } from '../ui/filter-input.tsx';
import { EmptyView } from './empty-view.tsx';
import { hasWords, wordsOf } from './order-rows.ts';
import { ViewSummary } from './view-summary.tsx';

export function RefusedView() {
  const denied = useDesk((desk) => desk.state.denied);
  const total = useDesk((desk) => desk.state.totals.denied);
  const [text, setText] = useState('');
  const rows = useMemo(() => {
    const words = wordsOf(text);
    return denied.filter((wish) => hasWords(textOf(wish), words)).toReversed();
  }, [denied, text]);
  return (
    <>
      <div className="flex items-center gap-2">
        <FilterInput label="Filter refusals" text={text} onText={setText} />
        <span className="text-cell text-dim">
          The same refusal is recorded once a minute, however often it is tried again.
        </span>
      </div>
      {rows.length === 0 ? (
        <EmptyView
          title={denied.length === 0 ? 'Nothing refused' : 'No refusal matches'}
          detail={
            denied.length === 0
              ? 'What the risk gate does not let pass appears here, with the value, the rule and the remedy.'
              : 'Take a word out of the filter.'
          }
        />
      ) : (
        <RefusedTable rows={rows} />
      )}
      <ViewSummary>
        {rows.length === denied.length ? '' : `${count(rows.length)} of `}
        {total > denied.length ? `the newest ${count(denied.length)} of ` : ''}
        {count(total)} refused
      </ViewSummary>
    </>
  );
}

function textOf({ symbol, side, code, detail, agentId }: DeniedOrder): string {
  return `${symbol} ${side} ${code} ${detail} ${agentId ?? ''}`;
}

function RefusedTable({ rows }: { readonly rows: readonly DeniedOrder[] }) {
  const { now } = useDeskClient();
  return (
    <div className="min-h-0 overflow-auto rounded-card border border-line bg-surface">
      <table
        className="data-table min-w-[860px] table-fixed [&_td]:py-1 [&_td]:align-top"
        aria-label="Refused"
      >
        <colgroup>
          <col style={{ width: 96 }} />
          <col style={{ width: 76 }} />
          <col style={{ width: 52 }} />
          <col style={{ width: 92 }} />
          <col style={{ width: 148 }} />
          <col style={{ width: 180 }} />
          <col />
        </colgroup>
        <thead className="sticky top-0 z-10 bg-surface">
          <tr>
            <th className="left">Time</th>
            <th className="left">Symbol</th>
            <th className="left">Side</th>
            <th>Quantity</th>
            <th className="left">Of</th>
            <th className="left">Code</th>
            <th className="left">Why, and what helps</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((wish, index) => (
            <tr key={`${wish.at} ${index}`}>
              <td className="left text-muted">{timeOrDay(wish.at, now())}</td>
              <td className="left font-medium">{wish.symbol}</td>
              <td className="left">{wish.side}</td>
              <td>{quantity(wish.qtyNanos)}</td>
              <td className="left truncate text-muted">{wish.agentId ?? 'several agents, net'}</td>
              <td className="left truncate font-mono text-label leading-5 text-warn">{wish.code}</td>
              <td className="left !whitespace-normal text-muted">{wish.detail}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
