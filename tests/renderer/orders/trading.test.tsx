// @vitest-environment jsdom
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { DeskError } from '../../../electron/contract/errors.ts';
import type { DeskEvent } from '../../../electron/contract/events.ts';
import { reduce } from '../../../electron/contract/reduce.ts';
import { allocated } from '../../../renderer/orders/order-shares.tsx';
import { filterOrders, idTail, orderRows } from '../../../renderer/orders/order-rows.ts';
import type { FakeHandlers } from '../../support/fake-desk-bridge.ts';
import { renderApp } from '../../support/render-desk.tsx';
import {
  agentEvents,
  gaugesAt,
  positionEvents,
  quote,
  startedEvents,
  stateAfter,
} from '../../support/sample-desk.ts';
import { everyKindOfOrder, orderEvents, type SampleOrder, shownOrder } from '../../support/sample-orders.ts';

const at = Date.UTC(2026, 2, 2, 9, 30, 0);
const samples = everyKindOfOrder(at);
const allEvents = samples.toReversed().flatMap(orderEvents);

const showing: FakeHandlers = {
  'orders.show': ({ id }) => {
    const sample = samples.find((candidate) => candidate.id === id);
    if (!sample) throw new DeskError('ORDER_NOT_FOUND', `There is no order "${id}" in the journal.`);
    return shownOrder(orderEvents(sample));
  },
  'orders.cancel': ({ id }, host) => {
    const working = Object.values(host.state().orders).filter(
      (order) =>
        ['sent', 'partially_filled', 'unknown'].includes(order.state) &&
        (id === undefined || order.clientOrderId === id),
    );
    for (const { clientOrderId } of working)
      host.commit({ kind: 'OrderCancelAsked', at: host.now(), actor: 'window', clientOrderId });
    const asked = working.map(({ clientOrderId, symbol, side }) => ({
      clientOrderId,
      symbol,
      side,
      leftNanos: 0,
    }));
    return { mode: host.state().mode, asked, refused: [], entries: host.state().entries.kind };
  },
};

interface Opening {
  readonly handlers?: FakeHandlers;
  readonly quotes?: Parameters<typeof gaugesAt>[1];
}

async function openTrading(events: readonly DeskEvent[], { handlers = {}, quotes = {} }: Opening = {}) {
  const state = stateAfter(...startedEvents(at), ...events);
  const desk = await renderApp({
    state,
    gauges: gaugesAt(at, quotes),
    now: () => at,
    handlers: { ...showing, ...handlers },
  });
  fireEvent.keyDown(window, { key: 'g' });
  fireEvent.keyDown(window, { key: 't' });
  await screen.findByRole('main', { name: 'Trading' });
  return desk;
}

const view = (name: RegExp): void => void fireEvent.click(screen.getByRole('radio', { name }));
const ids = (grid = 'Orders'): (string | undefined)[] =>
  within(screen.getByRole('grid', { name: grid }))
    .getAllByRole('row')
    .slice(1)
    .map((row) => /nt-8f21-\d+/.exec(row.textContent ?? '')?.[0]?.slice(-3));
const openOrder = async (id: string) => {
  fireEvent.click(screen.getByRole('row', { name: new RegExp(id) }));
  return within(await screen.findByRole('complementary', { name: `Order ${id}` }));
};

describe('orders', () => {
  test('stand with the working ones first, then the newest, with all that an operator asks of one', async () => {
    await openTrading(allEvents);
    expect(ids()).toEqual(['412', '411', '410', '409', '408', '407', '406', '405']);
    const time = (ago: number) => new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' }).format(at - ago);
    const names = within(screen.getByRole('grid', { name: 'Orders' }))
      .getAllByRole('row')
      .map((row) => row.textContent);
    expect(names[1]).toBe(
      `${time(3_000)}NVDAbuy103market$210.48partially filledmomentum-01 +116 ms87 msnt-8f21-412`,
    );
    expect(names[3]).toContain('unknown · the answer did not come within 10 s; it is looked up');
    expect(names[6]).toContain('rejected · insufficient buying power: $152,310.00 wanted, $98,204.11 left');
    expect(names[6]).toContain('n/mn/m');
    expect(names[8]).toContain('1 Mar');
  });

  test('an order that is done gives up its place among the working ones', async () => {
    const desk = await openTrading(allEvents);
    desk.commit({
      kind: 'OrderUpdated',
      at,
      clientOrderId: 'nt-8f21-412',
      state: 'cancelled',
      detail: 'the broker says canceled',
    });
    await waitFor(() => expect(ids().slice(0, 3)).toEqual(['411', '410', '412']));
    expect(screen.getByRole('radio', { name: 'Working 2' })).toBeTruthy();
  });

  test('are filtered by state, and by symbol, agent or id', async () => {
    await openTrading(allEvents);
    view(/^Cancelled 2/);
    expect(ids()).toEqual(['406', '405']);
    view(/^All 8/);
    fireEvent.keyDown(window, { key: '/' });
    const filter = screen.getByRole('searchbox', { name: 'Filter orders' });
    expect(document.activeElement).toBe(filter);
    fireEvent.change(filter, { target: { value: 'momentum-05 nvda' } });
    expect(ids()).toEqual(['412']);
    fireEvent.change(filter, { target: { value: 'nothing like it' } });
    expect(screen.getByText('No order matches')).toBeTruthy();
  });

  test('are sorted by a column, and stand as before at the third press', async () => {
    await openTrading(allEvents);
    const press = (): void => void fireEvent.click(screen.getByRole('button', { name: 'Symbol' }));
    press();
    expect(ids()).toEqual(['409', '407', '411', '408', '412', '406', '410', '405']);
    press();
    expect(ids()[0]).toBe('405');
    press();
    expect(ids()[0]).toBe('412');
  });

  test('J and K walk through them, Escape closes the inspector', async () => {
    await openTrading(allEvents);
    fireEvent.keyDown(window, { key: 'j' });
    fireEvent.keyDown(window, { key: 'j' });
    expect(await screen.findByRole('complementary', { name: 'Order nt-8f21-411' })).toBeTruthy();
    fireEvent.keyDown(window, { key: 'k' });
    expect(await screen.findByRole('complementary', { name: 'Order nt-8f21-412' })).toBeTruthy();
    fireEvent.keyDown(window, { key: 'Escape' });
    await waitFor(() => expect(screen.queryByRole('complementary')).toBeNull());
  });

  test('of five thousand, only those that can be seen are drawn', async () => {
    const older = Array.from(
      { length: 5_000 },
      (_, index): SampleOrder => ({
        id: `nt-old-${index}`,
        at: at - 600_000 - index * 1_000,
        filled: 10,
      }),
    );
    const desk = await openTrading(
      Array.from({ length: 600 }, (_, index) =>
        orderEvents({ id: `nt-new-${index}`, at: at - (600 - index) * 1_000, filled: 10 }),
      ).flat(),
      {
        handlers: {
          'orders.list': () => ({
            mode: 'demo',
            simulated: true,
            orders: older.map((order) => shownOrder(orderEvents(order)).order),
            more: false,
          }),
        },
      },
    );
    const held = Object.keys(desk.state().orders).length;
    fireEvent.click(screen.getByRole('button', { name: 'Show older' }));
    const grid = screen.getByRole('grid', { name: 'Orders' });
    await waitFor(() => expect(grid.getAttribute('aria-rowcount')).toBe(String(held + 5_001)));
    expect(within(grid).getAllByRole('row').length).toBeLessThan(60);
    expect(desk.calls).toContainEqual({
      name: 'orders.list',
      input: expect.objectContaining({ state: 'all', limit: 5_000 }),
    });
    expect(screen.queryByRole('button', { name: 'Show older' })).toBeNull();
  });

  test('that are not there yet say where they will come from', async () => {
    await openTrading([]);
    expect(screen.getByText('No orders yet')).toBeTruthy();
    expect(screen.getByText(/DEMO, simulated market, no figure here is of real money/)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'No working orders' }).hasAttribute('disabled')).toBe(true);
  });
});

describe('the inspector of an order', () => {
  test('tells its way through the journal, and each agent its part in exact shares', async () => {
    await openTrading(allEvents);
    const inspector = await openOrder('nt-8f21-412');
    expect(inspector.getByRole('heading', { name: 'Buy 10 NVDA' })).toBeTruthy();
    expect(inspector.getByText('Passed every check.')).toBeTruthy();
    const steps = within(await inspector.findByRole('region', { name: 'History' })).getAllByRole('listitem');
    expect(steps.map((step) => step.textContent?.slice(12))).toEqual([
      'Newest target behind it arrived',
      'Approved by the risk gate',
      'Acknowledged+4 ms',
      'Filled 3 at $210.48+87 msmomentum-01 +3',
    ]);
    const agents = within(inspector.getByRole('table', { name: 'Agents' })).getAllByRole('row');
    expect(agents.map((row) => row.textContent)).toEqual([
      'AgentShareFilledRealised',
      'momentum-0163$0.00',
      'momentum-0540$0.00',
      'Sum103$0.00',
    ]);
  });

  test('reads the journal again when the order changes', async () => {
    let reads = 0;
    const desk = await openTrading(allEvents, {
      handlers: {
        'orders.show': ({ id }, host) => {
          reads += 1;
          const answer = shownOrder(orderEvents(samples[0] ?? { id, at }));
          const fill = { ...host.state().orders[id] };
          return reads === 1 ? answer : { ...answer, history: answer.history.slice(0, fill ? 1 : 0) };
        },
      },
    });
    const inspector = await openOrder('nt-8f21-412');
    await inspector.findByText('Acknowledged');
    desk.commit({ kind: 'OrderCancelAsked', at, actor: 'cli', clientOrderId: 'nt-8f21-412' });
    await waitFor(() => expect(inspector.queryByText('Acknowledged')).toBeNull());
    expect(reads).toBe(2);
  });

  test('says so when the journal cannot be read', async () => {
    await openTrading(allEvents, {
      handlers: {
        'orders.show': () => {
          throw new DeskError('JOURNAL_CORRUPT', 'Event 12 is damaged. Restore the journal.');
        },
      },
    });
    const inspector = await openOrder('nt-8f21-412');
    expect((await inspector.findByRole('alert')).textContent).toBe(
      'Event 12 is damaged. Restore the journal.',
    );
  });

  test('cancels at once on DEMO, and says that the order can still fill', async () => {
    const desk = await openTrading(allEvents);
    const inspector = await openOrder('nt-8f21-411');
    expect(inspector.getByText(/what agents still want is ordered again/)).toBeTruthy();
    fireEvent.click(inspector.getByRole('button', { name: 'Cancel order' }));
    const asked = await inspector.findByRole('button', { name: 'Cancel asked' });
    expect(asked.hasAttribute('disabled')).toBe(true);
    expect(inspector.getByText('It can still fill until the broker confirms.')).toBeTruthy();
    expect(desk.calls).toContainEqual({ name: 'orders.cancel', input: { id: 'nt-8f21-411', all: false } });
    expect(desk.calls.some(({ name }) => name === 'swarm.block')).toBe(false);
  });

  test('asks before it cancels real money', async () => {
    const live: DeskEvent = {
      kind: 'AccountChosen',
      at,
      actor: 'window',
      account: 'live',
      accountNumber: '123456789',
    };
    const desk = await openTrading([live, ...allEvents]);
    expect(screen.getByText('LIVE, real money')).toBeTruthy();
    const inspector = await openOrder('nt-8f21-411');
    fireEvent.click(inspector.getByRole('button', { name: 'Cancel order…' }));
    const ask = within(await screen.findByRole('alertdialog', { name: 'Cancel this order?' }));
    expect(ask.getByText('LIVE')).toBeTruthy();
    expect(desk.calls.some(({ name }) => name === 'orders.cancel')).toBe(false);
    fireEvent.click(ask.getByRole('button', { name: 'Cancel order' }));
    await waitFor(() =>
      expect(desk.calls).toContainEqual({ name: 'orders.cancel', input: { id: 'nt-8f21-411', all: false } }),
    );
  });

  test('shows why an order was not cancelled', async () => {
    await openTrading(allEvents, {
      handlers: {
        'orders.cancel': () => {
          throw new DeskError('BROKER_UNAVAILABLE', 'The broker is out of reach.');
        },
      },
    });
    const inspector = await openOrder('nt-8f21-411');
    fireEvent.click(inspector.getByRole('button', { name: 'Cancel order' }));
    expect((await inspector.findByRole('alert')).textContent).toBe('The broker is out of reach.');
  });

  test('offers no cancel for an order that is done', async () => {
    await openTrading(allEvents);
    const inspector = await openOrder('nt-8f21-409');
    expect(inspector.queryByRole('button', { name: /Cancel/ })).toBeNull();
  });
});

test.each([
  ['Cancel 3 orders', []],
  ['Block entries, then cancel', ['swarm.block']],
])('all working orders: "%s" asks for exactly that', async (button, before) => {
  const desk = await openTrading(allEvents);
  fireEvent.click(screen.getByRole('button', { name: 'Cancel 3 working orders…' }));
  const ask = within(await screen.findByRole('alertdialog', { name: 'Cancel 3 orders?' }));
  expect(ask.getByText(/Entries stay open: what agents still want is ordered again/)).toBeTruthy();
  fireEvent.click(ask.getByRole('button', { name: button }));
  await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
  const asked = desk.calls.map(({ name }) => name).filter((name) => /^(swarm|orders)\./.test(name));
  expect(asked).toEqual([...before, 'orders.cancel']);
});

test('a fill opens the order it belongs to', async () => {
  await openTrading(allEvents);
  view(/^Fills 4/);
  const [, newest] = within(screen.getByRole('grid', { name: 'Fills' })).getAllByRole('row');
  expect(newest?.textContent).toContain('NVDAbuy3$210.48$631.44momentum-01nt-8f21-412');
  if (newest) fireEvent.click(newest);
  expect(await screen.findByRole('complementary', { name: 'Order nt-8f21-412' })).toBeTruthy();
});

test('tells what the gate refused, of whom, and why', async () => {
  const denied = { kind: 'OrderDenied', at, side: 'buy', qtyNanos: 10_000_000_000 } as const;
  await openTrading([
    { ...denied, symbol: 'AAPL', agentId: 'momentum-01', code: 'AGENT_EXPOSURE', detail: 'above $900.00.' },
    { ...denied, symbol: 'MSFT', code: 'ORDER_NOTIONAL', detail: 'worth $25,683.75, above $25,000.00.' },
  ]);
  view(/^Refused 2/);
  const rows = within(screen.getByRole('table', { name: 'Refused' })).getAllByRole('row');
  expect(rows.slice(1).map((row) => row.textContent?.slice(8))).toEqual([
    'MSFTbuy10several agents, netORDER_NOTIONALworth $25,683.75, above $25,000.00.',
    'AAPLbuy10momentum-01AGENT_EXPOSUREabove $900.00.',
  ]);
});

describe('positions', () => {
  const held = [
    ...agentEvents('momentum-01', 'slot-1', at),
    ...agentEvents('momentum-02', 'slot-1', at),
    ...positionEvents('momentum-01', 'AAPL', 10, 170, at),
    ...positionEvents('momentum-02', 'AAPL', -4, 172, at),
  ];
  const account: DeskEvent = {
    kind: 'AccountRead',
    at,
    equityMicros: 1,
    cashMicros: 1,
    positions: [{ symbol: 'AAPL', qtyNanos: 9_000_000_000 }],
  };
  const market = { isOpen: true, marketAt: at, dataAgeMs: 10, quotes: { AAPL: quote(171) } };

  test("set the account against the agents' books, with true minus signs", async () => {
    await openTrading([...held, account], { quotes: { market } });
    view(/^Positions 1/);
    const row = screen.getByRole('row', { name: /^AAPL/ });
    expect(row.textContent).toBe('AAPL+9+6+3–$171.00$1,539.00+$14.00$0.002');
    expect(screen.getByText('1 symbol differs from the books', { exact: false })).toBeTruthy();
    fireEvent.click(row);
    const inspector = within(await screen.findByRole('complementary', { name: 'Position AAPL' }));
    expect(inspector.getByText(/holds more than the agents together/)).toBeTruthy();
    expect(inspector.getByRole('row', { name: 'momentum-02 −4 $172.00 +$4.00 $0.00' })).toBeTruthy();
  });

  test('are listed book by book', async () => {
    await openTrading([...held, account], { quotes: { market } });
    view(/^Positions/);
    view(/^By agent/);
    const rows = within(screen.getByRole('grid', { name: 'Books' })).getAllByRole('row');
    expect(rows.slice(1).map((row) => row.textContent)).toEqual([
      'momentum-01AAPL+10$170.00$171.00+$10.00$0.00',
      'momentum-02AAPL−4$172.00$171.00+$4.00$0.00',
    ]);
  });

  test('without a price are not valued', async () => {
    await openTrading([...held, account]);
    view(/^Positions/);
    expect(screen.getByRole('row', { name: /^AAPL/ }).textContent).toBe('AAPL+9+6+3––––$0.002');
  });
});

test('an id is told by its end, in which the orders of one run differ', () => {
  expect([idTail('nt-8f21-412'), idTail('nt-mwtjgedr-demo-10')]).toEqual(['nt-8f21-412', '…edr-demo-10']);
});

describe('rows', () => {
  const state = stateAfter(...startedEvents(at), ...allEvents);

  test('are the same objects for orders that have not changed', () => {
    const before = orderRows(state.orders, []);
    const after = orderRows(
      reduce(state, { kind: 'OrderCancelAsked', at, actor: 'cli', clientOrderId: 'nt-8f21-412' }).orders,
      [],
    );
    expect(after.filter((row) => !before.includes(row)).map((row) => row.clientOrderId)).toEqual([
      'nt-8f21-412',
    ]);
  });

  test('of the same millisecond stand with the later one first', () => {
    const together = [1, 2, 3].flatMap((n) => orderEvents({ id: `nt-${n}`, at, filled: 10 }));
    const { orders } = stateAfter(...startedEvents(at), ...together);
    expect(orderRows(orders, []).map((row) => row.clientOrderId)).toEqual(['nt-3', 'nt-2', 'nt-1']);
  });

  test('hold an order once, as the replica knows it', () => {
    const stale = orderRows(state.orders, []).map((row) => ({ ...row, detail: 'read before' }));
    expect(orderRows(state.orders, stale).filter((row) => row.detail === 'read before')).toEqual([]);
    expect(filterOrders(stale, 'rejected', '').map((row) => row.symbol)).toEqual(['GOOGL']);
  });
});

test('what was allocated without a share is listed too, so that nothing is missing from the sum', () => {
  const { order, history } = shownOrder(orderEvents({ id: 'nt-1', at, filled: 10 }));
  const foreign = history.map(({ seq, event }) => ({
    seq,
    event:
      event.kind === 'OrderFilled'
        ? {
            ...event,
            allocations: event.allocations.map((part) => ({ ...part, agentId: 'house' })),
          }
        : event,
  }));
  expect(
    allocated(order, foreign).map(({ agentId, shareNanos, filledNanos }) => [
      agentId,
      shareNanos / 1e9,
      filledNanos / 1e9,
    ]),
  ).toEqual([
    ['momentum-01', 10, 0],
    ['house', 0, 10],
  ]);
});

describe('under the pointer', () => {
  const grid = (): HTMLElement => screen.getByRole('grid', { name: 'Orders' });
  const body = (): HTMLElement => grid().querySelector('tbody') ?? expect.fail('the grid has no body');
  const next = orderEvents({ id: 'nt-8f21-413', at });

  test('new orders wait until they are asked for', async () => {
    const desk = await openTrading(allEvents);
    fireEvent.pointerEnter(body());
    desk.commit(...next);
    const show = await screen.findByRole('button', { name: '1 new row · show' });
    expect([ids()[0], ids().at(-1)]).toEqual(['412', '413']);
    fireEvent.click(show);
    expect(ids()[0]).toBe('413');
  });

  test('that only rests there, new orders take their place', async () => {
    const desk = await openTrading(allEvents);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    fireEvent.pointerEnter(body());
    await act(async () => {
      desk.commit(...next);
      await Promise.resolve();
    });
    expect(ids()[0]).toBe('412');
    await act(async () => void vi.advanceTimersByTime(3_000));
    expect(ids()[0]).toBe('413');
    expect(screen.queryByRole('button', { name: /new row/ })).toBeNull();
  });
});
