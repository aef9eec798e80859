// @vitest-environment jsdom
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import type { DeskEvent } from '../../../electron/contract/events.ts';
import { filterRows, fleetRows } from '../../../renderer/fleet/fleet-rows.ts';
import { countMoved, holdOrder } from '../../../renderer/ui/held-order.ts';
import { renderApp } from '../../support/render-desk.tsx';
import {
  agentEvents,
  agentGauge,
  gaugesAt,
  positionEvents,
  quote,
  sandboxEvents,
  startedEvents,
  stateAfter,
  summary,
} from '../../support/sample-desk.ts';

const at = Date.UTC(2026, 2, 2, 9, 30, 0);
const id = (index: number) => `momentum-${String(index).padStart(2, '0')}`;
const agents = (n: number): DeskEvent[] =>
  Array.from({ length: n }, (_, index) =>
    agentEvents(id(index + 1), 'slot-1', at, index % 2 ? ['MSFT'] : ['AAPL']),
  ).flat();

async function openFleet(events: readonly DeskEvent[], gauges = gaugesAt(at)) {
  const state = stateAfter(...startedEvents(at), ...sandboxEvents('slot-1', 'sbx1', at), ...events);
  const desk = await renderApp({ state, gauges, now: () => at });
  fireEvent.keyDown(window, { key: 'g' });
  fireEvent.keyDown(window, { key: 'f' });
  return desk;
}

const agentRows = () =>
  within(screen.getByRole('grid', { name: 'Agents' }))
    .getAllByRole('row')
    .slice(1)
    .map((row) => /momentum-\d+/.exec(row.textContent ?? '')?.[0]);

test('draws only the rows that can be seen of a thousand agents', async () => {
  await openFleet(agents(1_000));
  const grid = screen.getByRole('grid', { name: 'Agents' });
  expect(grid.getAttribute('aria-rowcount')).toBe('1001');
  expect(agentRows().length).toBeLessThan(60);
  expect(agentRows()[0]).toBe('momentum-01');
});

test('shows net PnL as realised plus unrealised minus infrastructure, and n/a for few decisions', async () => {
  const gauge = agentGauge({
    unrealisedMicros: 5_000_000,
    infraMicros: 113_000,
    decision: summary(12, 2, 4, 5),
    tickAgeMs: 900,
  });
  await openFleet(agents(1), gaugesAt(at, { agents: { [id(1)]: gauge } }));
  expect(
    screen.getByRole('row', { name: 'running momentum-01 AAPL +$4.89 $0.00 $0.1130 n/a (n=12) 0 0.9s –' }),
  ).toBeTruthy();
});

test('counts warm sandboxes apart from those that work', async () => {
  const warm: DeskEvent[] = ['slot-2', 'slot-3'].flatMap((slotId) => [
    ...sandboxEvents(slotId, `sbx-${slotId}`, at),
    { kind: 'SandboxPooled', at, slotId, pooled: true },
  ]);
  await openFleet([...agents(3), ...warm]);
  expect(screen.getByText(/^3 agents · 1 sandbox · 2 warm · /)).toBeTruthy();
});

test('sorts by a column and tells so', async () => {
  const gauge = (unrealisedMicros: number) => agentGauge({ unrealisedMicros });
  await openFleet(
    agents(3),
    gaugesAt(at, { agents: { [id(1)]: gauge(2), [id(2)]: gauge(3_000_000), [id(3)]: gauge(1_000_000) } }),
  );
  fireEvent.click(screen.getByRole('button', { name: 'Net PnL' }));
  const header = () => screen.getByRole('columnheader', { name: /Net PnL/ }).getAttribute('aria-sort');
  const first = header();
  const order = agentRows();
  expect(order).toEqual(first === 'descending' ? [id(2), id(3), id(1)] : [id(1), id(3), id(2)]);
  fireEvent.click(screen.getByRole('button', { name: 'Net PnL' }));
  expect(agentRows()).toEqual(order.toReversed());
});

test('filters by state and by text', async () => {
  const desk = await openFleet(agents(4));
  desk.commit({ kind: 'AgentMoved', at, agentId: id(3), phase: 'degraded', reason: 'no quote' });
  fireEvent.click(await screen.findByRole('radio', { name: 'Degraded 1' }));
  expect(agentRows()).toEqual([id(3)]);
  fireEvent.click(screen.getByRole('radio', { name: 'All 4' }));
  fireEvent.keyDown(window, { key: '/' });
  const filter = screen.getByRole('searchbox', { name: 'Filter agents' });
  expect(document.activeElement).toBe(filter);
  fireEvent.change(filter, { target: { value: 'msft' } });
  expect(agentRows()).toEqual([id(2), id(4)]);
});

test('keeps rows in place under the pointer and offers the new order', async () => {
  const gauges = (first: number) =>
    gaugesAt(at, {
      agents: {
        [id(1)]: agentGauge({ unrealisedMicros: first }),
        [id(2)]: agentGauge({ unrealisedMicros: 1_000_000 }),
      },
    });
  const desk = await openFleet(agents(2), gauges(2_000_000));
  fireEvent.click(screen.getByRole('button', { name: 'Net PnL' }));
  const before = agentRows();
  expect(before).toHaveLength(2);
  const body = screen.getByRole('grid', { name: 'Agents' }).querySelector('tbody');
  if (!body) throw new Error('the grid has no body');
  fireEvent.pointerEnter(body);
  desk.setGauges(gauges(-2_000_000));
  const resort = await screen.findByRole('button', { name: /2 rows changed order · resort/ });
  expect(agentRows()).toEqual(before);
  fireEvent.click(resort);
  expect(agentRows()).toEqual(before.toReversed());
});

test('opens an agent with what it holds and wants, and stops it only after asking', async () => {
  const quotes = { AAPL: quote(171.5) };
  const gauges = gaugesAt(at, {
    market: { isOpen: true, marketAt: at, dataAgeMs: 10, quotes },
    agents: { [id(1)]: agentGauge() },
  });
  const desk = await openFleet(
    [
      ...agents(1),
      ...positionEvents(id(1), 'AAPL', 10, 170, at),
      {
        kind: 'TargetSet',
        at,
        agentId: id(1),
        symbol: 'AAPL',
        qtyNanos: 10_000_000_000,
        priceTicks: 1_700_000,
        reason: 'EMA 12 above EMA 26',
      },
    ],
    gauges,
  );
  fireEvent.click(screen.getByRole('row', { name: /momentum-01/ }));
  const inspector = within(await screen.findByRole('complementary', { name: 'Agent momentum-01' }));
  expect(inspector.getByRole('row', { name: 'AAPL +10 $170.00 $171.50 +$15.00' })).toBeTruthy();
  expect(inspector.getByText('EMA 12 above EMA 26')).toBeTruthy();
  fireEvent.click(inspector.getByRole('button', { name: 'Stop momentum-01…' }));
  const ask = within(await screen.findByRole('alertdialog', { name: 'Stop momentum-01?' }));
  expect(ask.getByText(/Closes 1 position \(\$1,715\) at market/)).toBeTruthy();
  await waitFor(() => expect(document.activeElement?.textContent).toBe('Cancel'));
  expect(desk.calls.some((call) => call.name === 'swarm.stop')).toBe(false);
});

test('the inspector names every parameter of the strategy and marks the ones that were changed', async () => {
  const changed = agents(1).map((event) =>
    event.kind === 'AgentDeployed' ? { ...event, params: { fast: 12, slow: 40, stopAtr: 2.5 } } : event,
  );
  await openFleet(changed);
  fireEvent.click(screen.getByRole('row', { name: /momentum-01/ }));
  const shown = within(await screen.findByRole('region', { name: 'Parameters' }));
  const facts = shown
    .getAllByRole('term')
    .map((term) => `${term.textContent}: ${term.nextSibling?.textContent}`);
  expect(facts).toEqual([
    'Fast: 12 bars',
    'Slow: 40 barsdefault 26',
    'ROC: 10 bars',
    'ADX period: 14 bars',
    'ADX floor: 20 points',
    'ATR period: 14 bars',
    'Stop ATR: 2.5 ATRdefault 3',
  ]);
});

test('Escape closes the inspector, J opens the next agent', async () => {
  await openFleet(agents(2));
  fireEvent.keyDown(window, { key: 'j' });
  expect(await screen.findByRole('complementary', { name: 'Agent momentum-01' })).toBeTruthy();
  fireEvent.keyDown(window, { key: 'j' });
  expect(await screen.findByRole('complementary', { name: 'Agent momentum-02' })).toBeTruthy();
  fireEvent.keyDown(window, { key: 'Escape' });
  await waitFor(() => expect(screen.queryByRole('complementary')).toBeNull());
});

describe('rows', () => {
  const rows = fleetRows(stateAfter(...startedEvents(at), ...agents(3)), null);

  test('have unknown values until the first gauge', () => {
    expect(rows[0]).toMatchObject({ netMicros: null, infraMicros: null, tickAgeMs: null, realisedMicros: 0 });
  });

  test('must contain every word of the filter', () => {
    expect(filterRows(rows, 'all', 'momentum aapl').map((row) => row.agentId)).toEqual([id(1), id(3)]);
    expect(filterRows(rows, 'failed', '')).toEqual([]);
  });

  test('held in place lose what is gone and gain what is new at the end', () => {
    expect(holdOrder(['c', 'a', 'b'], ['b', 'c', 'd'])).toEqual(['c', 'b', 'd']);
  });

  test.each([
    ['nothing happened', ['a', 'b'], ['a', 'b'], { moved: 0, added: 0 }],
    ['one came before the others', ['a', 'b', 'n'], ['n', 'a', 'b'], { moved: 0, added: 1 }],
    [
      'one came to the end, where it is shown already',
      ['a', 'b', 'n'],
      ['a', 'b', 'n'],
      { moved: 0, added: 0 },
    ],
    ['two changed places and one came', ['a', 'b', 'n'], ['n', 'b', 'a'], { moved: 2, added: 1 }],
  ])('held in place tell what changed: %s', (_, shown, live, changes) => {
    expect(countMoved(shown, live, ['a', 'b'])).toEqual(changes);
  });
});

test('tells what the gate refused of an agent, in its own words', async () => {
  const denied = { kind: 'OrderDenied', at, side: 'buy', qtyNanos: 10_000_000_000 } as const;
  const detail = "the agent's positions could reach $1000.10, above the limit of $900.00.";
  await openFleet([
    ...agents(2),
    { ...denied, symbol: 'AAPL', agentId: id(1), code: 'AGENT_EXPOSURE', detail },
    { ...denied, symbol: 'MSFT', agentId: id(2), code: 'AGENT_DAILY_LOSS', detail: 'not of this agent' },
  ]);
  fireEvent.click(screen.getByRole('row', { name: /momentum-01/ }));
  const refused = within(await screen.findByRole('region', { name: 'Refused orders' }));
  expect(refused.getByText('AGENT_EXPOSURE')).toBeTruthy();
  expect(refused.getByText(detail)).toBeTruthy();
  expect(refused.queryByText('not of this agent')).toBeNull();
});
