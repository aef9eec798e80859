import { describe, expect, test } from 'vitest';
import type { DeskEvent } from '../../electron/contract/events.ts';
import { isFinal } from '../../electron/contract/reduce-orders.ts';
import { unrealisedMicros } from '../../electron/contract/reduce-agents.ts';
import { reduce } from '../../electron/contract/reduce.ts';
import { type DeskState, initialState } from '../../electron/contract/state.ts';
import { agentDeployed, orderApproved, orderFilled, sandboxRequested } from '../support/build-events.ts';

const fold = (...events: DeskEvent[]): DeskState => events.reduce(reduce, initialState);
const at = 1_800_000_001_000;

describe('agents', () => {
  test('move only along the declared arrows', () => {
    const state = fold(agentDeployed(), {
      kind: 'AgentMoved',
      at,
      agentId: 'momentum-01',
      phase: 'stopped',
      reason: 'a jump that is not declared',
    });
    expect(state.agents['momentum-01']?.phase).toBe('deploying');
  });

  test('keep their positions and results when they are deployed again after a failure', () => {
    const state = fold(
      agentDeployed(),
      orderApproved(),
      orderFilled(),
      { kind: 'AgentMoved', at, agentId: 'momentum-01', phase: 'failed', reason: 'runner lost' },
      agentDeployed({ slotId: 'slot-2' }),
    );
    expect(state.agents['momentum-01']).toMatchObject({ phase: 'deploying', slotId: 'slot-2', fills: 1 });
    expect(state.agents['momentum-01']?.positions['AAPL']?.qtyNanos).toBe(4_000_000_000);
  });
});

describe('sandboxes', () => {
  test('that have ended neither resume nor end again', () => {
    const ended = fold(
      sandboxRequested(),
      { kind: 'SandboxCreated', at, slotId: 'slot-1', sandboxId: 'i1', leaseEndsAt: at + 600_000 },
      { kind: 'SandboxEnding', at, sandboxId: 'i1', reason: 'test' },
      { kind: 'SandboxEnded', at, slotId: 'slot-1', postedMicros: 5 },
    );
    const late = reduce(ended, { kind: 'SandboxEnding', at, sandboxId: 'i1', reason: 'late' });
    expect(late.sandboxes['slot-1']).toMatchObject({ phase: 'ended', phaseReason: 'ended' });
  });
});

describe('orders', () => {
  test('count a fill once, whatever number of times it is told', () => {
    const once = fold(agentDeployed(), orderApproved(), orderFilled());
    expect(reduce(once, orderFilled())).toEqual(once);
  });

  test('are filled when the parts add up, at the weighted price', () => {
    const state = fold(
      agentDeployed(),
      orderApproved(),
      orderFilled(),
      orderFilled({ executionId: 'b-1:10', qtyNanos: 6_000_000_000, priceTicks: 1_710_000 }),
    );
    expect(state.orders['nt-1']).toMatchObject({
      state: 'filled',
      filledNanos: 10_000_000_000,
      averagePriceTicks: 1_706_000,
    });
  });

  test('are not reopened by an acknowledgement that the fill has overtaken', () => {
    const filled = fold(agentDeployed(), orderApproved(), orderFilled({ qtyNanos: 10_000_000_000 }));
    const late = reduce(filled, {
      kind: 'OrderUpdated',
      at,
      clientOrderId: 'nt-1',
      state: 'sent',
      detail: '',
      brokerOrderId: 'b-1',
    });
    expect(late.orders['nt-1']).toMatchObject({ state: 'filled', brokerOrderId: 'b-1' });
  });

  test.each(['cancelled', 'expired', 'rejected'] as const)(
    'that are %s are not reopened by a fill that was told late, and are filled when it completes them',
    (ended) => {
      const over = fold(agentDeployed(), orderApproved(), {
        kind: 'OrderUpdated',
        at,
        clientOrderId: 'nt-1',
        state: ended,
        detail: '',
      });
      const late = reduce(over, orderFilled());
      expect(late.orders['nt-1']).toMatchObject({ state: ended, filledNanos: 4_000_000_000 });
      const rest = orderFilled({ executionId: 'b-1:10', qtyNanos: 6_000_000_000 });
      expect(reduce(late, rest).orders['nt-1']?.state).toBe('filled');
    },
  );

  test('in work are never dropped, however many follow', () => {
    const many = Array.from({ length: 700 }, (_, index) => orderApproved({ clientOrderId: `nt-${index}` }));
    const done: DeskEvent[] = many.slice(1).map((order) => ({
      kind: 'OrderUpdated',
      at,
      clientOrderId: order.clientOrderId,
      state: 'rejected',
      detail: '',
    }));
    const full = [...many, ...done, orderApproved({ clientOrderId: 'nt-next' })].reduce(reduce, initialState);
    // Reconciliation may still look for their fills.
    expect(Object.keys(full.orders)).toHaveLength(701);
    const later = orderApproved({ at: at + 180_001, clientOrderId: 'nt-last' });
    const state = reduce(full, later);
    expect(
      Object.values(state.orders)
        .filter((order) => !isFinal(order))
        .map((order) => order.clientOrderId),
    ).toEqual(['nt-0', 'nt-next', 'nt-last']);
    expect(Object.keys(state.orders).length).toBeLessThanOrEqual(501);
  });

  test('move the account with their fills until the broker is read again', () => {
    const state = fold(
      {
        kind: 'AccountRead',
        at,
        equityMicros: 1,
        cashMicros: 1,
        positions: [{ symbol: 'AAPL', qtyNanos: -1_000_000_000 }],
      },
      agentDeployed(),
      orderApproved(),
      orderFilled(),
    );
    expect(state.account?.positions['AAPL']).toBe(3_000_000_000);
  });
});

describe('spend', () => {
  test('returns the whole reservation when a sandbox ends, and keeps what was posted', () => {
    const state = fold(
      sandboxRequested(),
      { kind: 'SandboxCreated', at, slotId: 'slot-1', sandboxId: 'i1', leaseEndsAt: at + 600_000 },
      {
        kind: 'SandboxLeaseRenewed',
        at,
        sandboxId: 'i1',
        leaseEndsAt: at + 900_000,
        reservedMicros: 20_000,
        postedMicros: 9_000,
      },
      { kind: 'SandboxEnded', at, slotId: 'slot-1', postedMicros: 500 },
    );
    expect(state.spend).toMatchObject({ reservedMicros: 0, postedMicros: 9_500 });
  });

  test('charges a sandbox that ends twice once', () => {
    const ended = fold(sandboxRequested(), { kind: 'SandboxEnded', at, slotId: 'slot-1', postedMicros: 500 });
    expect(
      reduce(ended, { kind: 'SandboxLost', at, slotId: 'slot-1', reason: 'late', postedMicros: 500 }),
    ).toEqual(ended);
  });

  test('starts a new day at zero and carries open reservations over', () => {
    const state = fold(
      {
        kind: 'BudgetDayStarted',
        at,
        day: '2027-01-15',
        budgetMicros: 5_000_000,
        exitReserveMicros: 250_000,
      },
      sandboxRequested(),
      { kind: 'SandboxEnded', at, slotId: 'slot-1', postedMicros: 700 },
      sandboxRequested({ slotId: 'slot-2' }),
      {
        kind: 'BudgetDayStarted',
        at,
        day: '2027-01-16',
        budgetMicros: 5_000_000,
        exitReserveMicros: 250_000,
      },
    );
    expect(state.spend).toMatchObject({ day: '2027-01-16', postedMicros: 0, reservedMicros: 18_302 });
  });
});

describe('the latch', () => {
  const killed: DeskEvent = {
    kind: 'KillStarted',
    at,
    killId: 'k',
    actor: 'cli',
    policy: 'flatten',
    reason: '',
    items: [],
  };

  test('is not opened by unblocking, nor replaced by a block', () => {
    const state = fold(
      killed,
      { kind: 'EntriesUnblocked', at, actor: 'window' },
      { kind: 'EntriesBlocked', at, actor: 'window', reason: '' },
    );
    expect(state.entries.kind).toBe('latched');
  });

  test('opens by re-arming', () => {
    expect(fold(killed, { kind: 'Rearmed', at, actor: 'cli', reason: 'checked' }).entries).toEqual({
      kind: 'open',
    });
  });
});

test('another market is another account', () => {
  const state = fold(
    { kind: 'MarketOpened', at, source: 'simulator', label: 'simulated', symbols: ['AAPL'] },
    { kind: 'AccountRead', at, equityMicros: 5, cashMicros: 5, positions: [] },
    { kind: 'MarketOpened', at, source: 'replay', label: 'replay of a file', symbols: ['SPX'] },
  );
  expect(state.account).toBeNull();
});

test('marks open positions at the last price and leaves unpriced ones out', () => {
  const agent = fold(agentDeployed(), orderApproved(), orderFilled()).agents['momentum-01'];
  if (!agent) throw new Error('the agent is missing');
  expect(unrealisedMicros(agent, () => 1_710_000)).toBe(4_000_000);
  expect(unrealisedMicros(agent, () => undefined)).toBe(0);
});
