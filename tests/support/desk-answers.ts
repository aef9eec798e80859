// One plausible answer an operation, each of the shape that the catalogue promises (a test checks that).
import type { Dataset } from '../../electron/contract/datasets.ts';
import { summariseBacktest } from '../../electron/contract/backtest-report.ts';
import { DeskError } from '../../electron/contract/errors.ts';
import type { OutputOf } from '../../electron/contract/define-operation.ts';
import type { FeedFrame, Gauges, LatencySummary } from '../../electron/contract/frames.ts';
import { defaultLimits, limitRows } from '../../electron/contract/limits.ts';
import { reduce } from '../../electron/contract/reduce.ts';
import { type DeskState, initialState } from '../../electron/contract/state.ts';
import type { OperationName, OperationOf } from '../../electron/contract/operations.ts';
import { backtest, sweep } from './sample-backtest.ts';
import { heldLease } from './sample-desk.ts';
import type { FakeHandler } from './fake-desk.ts';

type Answers = { readonly [N in OperationName]: OutputOf<OperationOf<N>> };

const agent: Answers['swarm.agents']['agents'][number] = {
  agentId: 'momentum-01',
  strategy: 'momentum',
  symbols: ['AAPL', 'MSFT'],
  state: 'running',
  reason: 'ready',
  mode: 'demo',
  sandboxId: 'sb1',
  fills: 12,
  realisedMicros: 1_200_000,
  unrealisedMicros: -300_000,
  infraMicros: 12_300,
  positions: [{ symbol: 'AAPL', qtyNanos: 12_500_000_000 }],
  decisionP95Ms: null,
  heartbeatAgeMs: 900,
};

const sandbox: Answers['sandboxes.list']['sandboxes'][number] = {
  sandboxId: 'sb1',
  slotId: 'slot-1',
  template: 'base',
  state: 'ready',
  pooled: false,
  cpuCount: 2,
  memoryMb: 512,
  agents: ['momentum-01'],
  requestedAt: 1_000,
  leaseEndsAt: 601_000,
  spendMicros: 12_300,
  isolation: 'isolated',
};

const limitBoard: Answers['limits.show'] = {
  mode: 'demo',
  limits: limitRows(defaultLimits),
  changed: null,
  breach: null,
};

const settings: Answers['settings.read'] = {
  theme: 'system',
  budgetMicros: 5_000_000,
  timeZone: 'America/New_York',
  market: { source: 'simulator', seed: 1, speed: 60 },
  sandboxes: {
    cpuCount: 2,
    memoryMb: 512,
    leaseMs: 600_000,
    limit: 100,
    createsPerSecond: 50,
    createConcurrency: 16,
    agentsPerSandboxMax: 10,
    failureDomains: 2,
    maxSessionMs: 86_400_000,
  },
  provider: { kind: 'local' },
  pool: { size: 0 },
  deadMan: { leaseS: 15 },
};

const firing: NonNullable<Answers['deadman.show']['lastFiring']> = {
  firingId: 'dead-man-1',
  at: 1_000,
  drill: true,
  leaseS: 15,
  reasons: ['an operator withheld the renewals'],
  outcome: {
    orders: [{ brokerOrderId: 'b-1', label: 'buy 10 AAPL', status: 'canceled' }],
    confirmed: true,
    by: 'watchdog',
    tookMs: 84,
    failure: null,
  },
};

const provider: Answers['provider.show'] = {
  choice: { kind: 'e2b', plan: 'hobby', domain: 'e2b.app' },
  address: 'https://api.e2b.app',
  keySource: 'stored',
  keyProtection: { kind: 'file', detail: 'A stored key is not encrypted.' },
  limits: { concurrent: 20, createsPerSecond: 1, maxSessionMs: 3_600_000 },
};

const account: Answers['account.show'] = {
  inUse: 'paper',
  connected: true,
  accountNumber: 'PA3ABC9DEFG1',
  accounts: [
    { account: 'demo', address: 'http://127.0.0.1:4001', key: 'not needed', keyProtection: null },
    {
      account: 'paper',
      address: 'https://paper-api.alpaca.markets',
      key: 'stored',
      keyProtection: { kind: 'file', detail: 'A stored key is not encrypted.' },
    },
    {
      account: 'live',
      address: 'https://api.alpaca.markets',
      key: 'none',
      keyProtection: { kind: 'file', detail: 'A stored key is not encrypted.' },
    },
  ],
  limits: {
    orderNotionalMicros: 25_000_000_000,
    symbolPositionMicros: 50_000_000_000,
    maxQuoteAgeMs: 5_000,
  },
  limitsKey: '5f0c2a9e71b3',
  armed: null,
};

const order: Answers['orders.show']['order'] = {
  clientOrderId: 'nt-1f2e3d-17',
  brokerOrderId: 'b-1',
  symbol: 'AAPL',
  side: 'buy',
  type: 'market',
  qtyNanos: 10_000_000_000,
  filledNanos: 4_000_000_000,
  averagePriceTicks: 1_712_250,
  state: 'partially_filled',
  isWorking: true,
  detail: '',
  approvedAt: 1_000,
  updatedAt: 1_090,
  cancelAskedAt: null,
  decisionToOrderMs: 12,
  orderToFillMs: null,
  shares: [
    { agentId: 'momentum-01', qtyNanos: 6_000_000_000 },
    { agentId: 'momentum-02', qtyNanos: 4_000_000_000 },
  ],
  judgement: {
    state: 'active',
    bidTicks: 1_712_000,
    askTicks: 1_712_400,
    quoteAgeMs: 90,
    positionNanos: -2_500_000_000,
  },
};

const unmeasured: LatencySummary = { n: 3, failed: 0, p50Ms: 12, p95Ms: null, p99Ms: null, maxMs: 14 };

const pool: Answers['pool.status'] = {
  size: 5,
  paused: 4,
  running: 0,
  preparing: 1,
  available: true,
  reason: '',
  runningPerHourMicros: 0,
  rateCard: 'e2b-list',
  simulatedPrice: true,
  resumeP50Ms: null,
};

const strategy = {
  id: 'momentum',
  title: 'Momentum',
  summary: 'Follows the trend.',
  source: 'A paper of 1978',
  fewestSymbols: 1,
  mostSymbols: 16,
  deployable: true,
};

const dataset: Dataset = {
  name: 'goog',
  symbol: 'GOOG',
  origin: 'file',
  simulated: false,
  intervalMs: 86_400_000,
  bars: 2_148,
  firstAt: 1_092_873_600_000,
  lastAt: 1_362_096_000_000,
  timeZone: null,
  barsSha256: 'ab',
  report: {
    rows: 2_150,
    problems: [
      {
        kind: 'duplicate',
        refused: false,
        count: 2,
        dropped: 2,
        examples: [
          { line: 7, column: 'date', value: '2004-08-26', rule: 'the bar before has the same time' },
        ],
      },
    ],
  },
};

const comparison: Answers['backtest.compare'] = {
  simulated: true,
  backtests: [summariseBacktest(backtest), { ...summariseBacktest(backtest), id: 'bt-0000000b' }],
  differences: [{ setting: 'fast', values: ['10', '20'] }],
  metrics: [{ name: 'returnPct', unit: '%', values: [12.5, null] }],
};

export const answers: Answers = {
  'data.list': {
    datasets: [dataset],
    importing: [{ name: 'minutes', rows: 4_096, bytes: 500, totalBytes: 2_000 }],
    simulating: [{ names: ['simulated-1-spy-1min'], bars: 250, totalBars: 1_000 }],
    unusable: [{ name: 'old', reason: 'not a bar file of this version' }],
  },
  'data.import': dataset,
  'data.fetch': { datasets: [{ ...dataset, fetched: 12 }] },
  'data.remove': { name: 'goog' },
  'market.simulate': {
    simulated: true,
    seed: 7,
    datasets: [
      {
        ...dataset,
        name: 'simulated-7-ko-1day',
        symbol: 'KO',
        origin: 'simulator',
        simulated: true,
        bars: 2_520,
        report: { rows: 2_520, problems: [] },
      },
    ],
    calibration: {
      sample: { symbol: 'SPX', fitted: true, days: 5_105, figures: [{ name: 'skewness', value: -0.123 }] },
      simulated: [{ symbol: 'KO', fitted: false, days: 2_520, figures: [{ name: 'skewness', value: 0.25 }] }],
    },
  },
  'backtest.run': backtest,
  'backtest.sweep': sweep,
  'backtest.list': { backtests: [summariseBacktest(backtest)] },
  'backtest.show': backtest,
  'backtest.compare': comparison,
  'backtest.export': { id: 'bt-0000000a', format: 'html', file: '/tmp/report.html', sizeBytes: 12_345 },
  'strategies.list': { strategies: [strategy] },
  'strategies.describe': {
    ...strategy,
    params: [
      {
        name: 'fast',
        default: 12,
        min: 2,
        max: 200,
        whole: true,
        unit: 'bars',
        summary: 'Period of the fast EMA.',
      },
    ],
  },
  'sandboxes.create': { sandboxes: [sandbox] },
  'sandboxes.list': { sandboxes: [sandbox] },
  'sandboxes.destroy': { sandboxId: 'sb1', stoppedAgents: ['momentum-01'] },
  'sandboxes.exec': { exitCode: 0, stdout: 'up 3 minutes\n', stderr: '', truncated: false },
  'sandboxes.files.list': {
    path: '/home/user',
    entries: [{ name: 'desk-runner', kind: 'file', sizeBytes: 812_344, modifiedAt: 1_000 }],
    truncated: false,
  },
  'sandboxes.files.read': { path: '/home/user/a.txt', sizeBytes: 2, encoding: 'utf8', content: 'hi' },
  'sandboxes.files.write': { path: '/home/user/a.txt', sizeBytes: 2 },
  'sandboxes.logs': { lines: [{ at: 1_000, text: '{"kind":"heartbeat"}' }], dropped: 0 },
  'sandboxes.metrics': {
    samples: [
      {
        at: 1_000,
        cpuUsedPct: 3.5,
        cpuCount: 2,
        memoryUsedBytes: 52_428_800,
        memoryTotalBytes: 536_870_912,
        diskUsedBytes: 1_048_576,
        diskTotalBytes: 10_737_418_240,
      },
    ],
  },
  'sandboxes.terminal.open': { terminalId: 'term-1' },
  'sandboxes.terminal.read': {
    data: '',
    nextByte: 0,
    droppedBytes: 0,
    ended: { exitCode: 0, reason: 'the shell exited with code 0' },
  },
  'sandboxes.terminal.write': {},
  'sandboxes.terminal.resize': {},
  'sandboxes.terminal.close': {},
  'pool.status': pool,
  'pool.resize': pool,
  'templates.list': {
    templates: [
      {
        templateId: 't1',
        name: 'desk-runner-0123456789ab',
        cpuCount: 2,
        memoryMb: 512,
        diskMb: 10_240,
        createdAt: 1_000,
        carriesRunner: true,
      },
    ],
    inUse: 't1',
  },
  'templates.build': {
    templateId: 't1',
    name: 'desk-runner-0123456789ab',
    cpuCount: 2,
    memoryMb: 512,
    existed: false,
    tookMs: 640,
  },
  'swarm.preview': {
    options: [],
    boundBy: 'none',
    rateCard: 'e2b-list',
    simulatedPrice: true,
    spentMicros: 0,
    availableMicros: 5_000_000,
    budgetMicros: 5_000_000,
    exitReserveMicros: 0,
    leaseMicros: 0,
    leaseMs: 600_000,
    sandboxesAlive: 0,
    sandboxLimit: 100,
    createsPerSecond: 50,
    readyInMs: null,
    limits: {
      orderNotionalMicros: 25_000_000_000,
      symbolPositionMicros: 50_000_000_000,
      maxQuoteAgeMs: 5_000,
    },
  },
  'swarm.deploy': {
    swarmId: 'swarm-1',
    agentIds: ['momentum-01', 'momentum-02'],
    sandboxes: 2,
    reservedMicros: 36_400,
    tookMs: 2_450,
  },
  'orders.list': { mode: 'demo', simulated: true, orders: [order], more: true },
  'orders.show': {
    mode: 'demo',
    simulated: true,
    order,
    history: [
      {
        seq: 40,
        event: {
          kind: 'OrderApproved',
          at: 1_000,
          clientOrderId: order.clientOrderId,
          symbol: 'AAPL',
          side: 'buy',
          qtyNanos: 10_000_000_000,
          shares: order.shares,
        },
      },
      {
        seq: 41,
        event: {
          kind: 'OrderUpdated',
          at: 1_012,
          clientOrderId: order.clientOrderId,
          brokerOrderId: 'b-1',
          state: 'sent',
          detail: '',
        },
      },
      {
        seq: 42,
        event: {
          kind: 'OrderFilled',
          at: 1_090,
          clientOrderId: order.clientOrderId,
          executionId: 'b-1:4',
          symbol: 'AAPL',
          side: 'buy',
          qtyNanos: 4_000_000_000,
          priceTicks: 1_712_250,
          marketAt: 1_090,
          allocations: [
            {
              agentId: 'momentum-01',
              symbol: 'AAPL',
              qtyNanos: 4_000_000_000,
              costMicros: 684_900_000,
              deltaNanos: 4_000_000_000,
              realisedMicros: 0,
            },
          ],
        },
      },
    ],
  },
  'orders.cancel': {
    mode: 'demo',
    asked: [{ clientOrderId: 'nt-1f2e3d-17', symbol: 'AAPL', side: 'buy', leftNanos: 6_000_000_000 }],
    refused: [],
    entries: 'open',
  },
  'positions.list': {
    mode: 'demo',
    simulated: true,
    accountRead: true,
    positions: [
      {
        symbol: 'AAPL',
        qtyNanos: 12_500_000_000,
        averageTicks: 1_700_000,
        unrealisedMicros: -300_000,
        realisedMicros: 1_200_000,
        accountNanos: 10_000_000_000,
        differenceNanos: -2_500_000_000,
        markTicks: 1_699_760,
        valueMicros: 1_699_760_000,
        agents: [
          {
            agentId: 'momentum-01',
            qtyNanos: 12_500_000_000,
            averageTicks: 1_700_000,
            unrealisedMicros: -300_000,
            realisedMicros: 1_200_000,
          },
        ],
      },
    ],
  },
  'swarm.execute': {
    decisions: [
      {
        agentId: 'momentum-01',
        symbol: 'AAPL',
        action: 'enter',
        reason: 'with the trend',
        decidedAt: 1_000,
        targetNanos: 29_000_000_000,
        positionNanos: 12_500_000_000,
      },
      {
        agentId: 'momentum-01',
        symbol: 'MSFT',
        action: null,
        reason: '',
        decidedAt: null,
        targetNanos: null,
        positionNanos: 0,
      },
    ],
    orders: [
      {
        symbol: 'AAPL',
        outcome: {
          kind: 'denied',
          side: 'buy',
          qtyNanos: 16_500_000_000,
          code: 'QUOTE_STALE',
          detail: 'the quote is 9000 ms old',
        },
      },
      {
        symbol: 'MSFT',
        outcome: { kind: 'none', code: 'AT_TARGET', detail: 'every agent holds what it wants' },
      },
    ],
  },
  'swarm.status': {
    mode: 'demo',
    entries: 'open',
    armedUntil: null,
    differing: null,
    entriesReason: null,
    leaseHeld: true,
    latches: [],
    agents: [agent],
    alive: 1,
    orders: 12,
    fills: 12,
    denied: 0,
    lastDenied: null,
    spendMicros: 12_300,
    spendSimulated: true,
    budgetMicros: 5_000_000,
    realisedMicros: 1_200_000,
    unrealisedMicros: -300_000,
    market: { label: 'Simulated market', isOpen: true, dataAgeMs: 412 },
    at: 1_000,
  },
  'swarm.agents': { agents: [agent] },
  'swarm.stop': { agentId: 'momentum-01', leftOpen: [] },
  'swarm.stopAll': { stopped: ['momentum-01'] },
  'swarm.block': { blockedAt: 1_000 },
  'swarm.unblock': { entries: 'open' },
  'swarm.kill': {
    killId: 'kill-1',
    verified: true,
    scope: 'all',
    policy: 'flatten',
    tookMs: 1_830,
    items: [
      {
        id: 'position:AAPL',
        kind: 'position',
        label: '12.5 AAPL',
        state: 'done',
        detail: 'flat at the broker',
      },
    ],
  },
  'swarm.rearm': { scope: 'all', rearmedAt: 1_000 },
  'deadman.show': {
    ...heldLease,
    facts: [...heldLease.facts],
    mode: 'demo',
    blocking: true,
    lastFiring: null,
    lastDrill: firing,
  },
  'deadman.drill': { ...firing, mode: 'demo' },
  'sla.board': {
    windowS: 3_600,
    rows: [{ operation: 'create', targetMs: 5_000, windowS: 3_600, withinTarget: 1, ...unmeasured }],
  },
  'sla.series': { targetMs: 5_000, bucketMs: 60_000, n: 0, points: [] },
  'spend.today': {
    day: '2026-03-02',
    timeZone: 'America/New_York',
    dayStartAt: 0,
    dayEndAt: 86_400_000,
    budgetMicros: 5_000_000,
    exitReserveMicros: 50_000,
    accruedMicros: 12_300,
    reservedMicros: 36_400,
    ratePerHourMicros: 108_900,
    forecastMicros: 900_000,
    rateCard: 'e2b-list',
    simulated: true,
    points: [],
  },
  'market.sources': {
    current: settings.market,
    sources: [{ id: 'simulator', label: 'Simulator', available: true, detail: '' }],
  },
  'market.choose': { label: 'Replay of sp500', symbols: ['SP500'] },
  'settings.read': settings,
  'settings.change': settings,
  'limits.show': limitBoard,
  'limits.set': limitBoard,
  'provider.show': provider,
  'provider.use': provider,
  'provider.test': { ok: true, address: 'https://api.e2b.app', sandboxes: 3, tookMs: 184 },
  'provider.forgetKey': { forgotten: true, keySource: 'none' },
  'account.show': account,
  'account.use': account,
  'account.test': {
    ok: true,
    account: 'paper',
    address: 'https://paper-api.alpaca.markets',
    accountNumber: 'PA3ABC9DEFG1',
    equityMicros: 100_000_000_000,
    tookMs: 184,
  },
  'account.forgetKey': { account: 'paper', forgotten: true },
  'account.arm': { since: 1_000, until: 86_401_000 },
  'pnl.report': {
    agents: [pnlRow('momentum-01', 1)],
    strategies: [pnlRow('momentum', 1)],
    swarms: [pnlRow('swarm-1', 1)],
    total: pnlRow('all', 1),
    intentToOrder: { n: 25, p50Ms: 1.5, p95Ms: 2.5 },
    orderToFill: { n: 3, p50Ms: 80, p95Ms: null },
    pnlSimulated: true,
    spendSimulated: true,
  },
  'account.disarm': { disarmed: true },
  'account.acknowledge': {
    acknowledged: {
      positions: [{ symbol: 'AAPL', oursNanos: 10_000_000_000, theirsNanos: 0 }],
      cash: { oursMicros: 5_000_000, theirsMicros: -1_000_000 },
    },
  },
  'notices.dismiss': {},
  'host.health': {
    healthy: true,
    mode: 'demo',
    version: '9.8.7',
    pid: 4242,
    uptimeMs: 61_000,
    runtime: 'Node 20',
    dataDir: '/mnt/desk',
    loopDelayP99Ms: 1.5,
    checks: [{ name: 'journal', ok: true, detail: '12 events in an unbroken chain' }],
  },
  // No process has this number, so that `down` finds it gone.
  'host.shutdown': { pid: 0x7fff_fffe },
};

/** Handlers that give these answers, except where `changes` has another. */
export function answering(changes: Readonly<Record<string, FakeHandler>> = {}): Record<string, FakeHandler> {
  const handlers = Object.entries(answers).map(([name, value]): [string, FakeHandler] => [name, () => value]);
  return { ...Object.fromEntries(handlers), ...changes };
}

/** A desk with one running agent that has filled once. */
export function busyState(): DeskState {
  const position = {
    agentId: 'momentum-01',
    symbol: 'AAPL',
    qtyNanos: 12_500_000_000,
    costMicros: 2_140_312_500,
  };
  return [
    { kind: 'HostStarted', at: 1_000, mode: 'demo', pid: 4242, version: '9.8.7' },
    { kind: 'MarketOpened', at: 1_100, source: 'simulator', label: 'Simulated market', symbols: ['AAPL'] },
    {
      kind: 'BudgetDayStarted',
      at: 1_100,
      day: '2026-03-02',
      budgetMicros: 5_000_000,
      exitReserveMicros: 50_000,
    },
    {
      kind: 'SandboxRequested',
      at: 1_200,
      slotId: 'slot-1',
      template: 'base',
      cpuCount: 2,
      memoryMb: 512,
      reservedMicros: 18_200,
    },
    { kind: 'SandboxCreated', at: 1_300, slotId: 'slot-1', sandboxId: 'sb1', leaseEndsAt: 601_000 },
    {
      kind: 'AgentDeployed',
      at: 1_300,
      agentId: 'momentum-01',
      swarmId: 'swarm-1',
      strategy: 'momentum',
      symbols: ['AAPL'],
      params: { fast: 12, slow: 26 },
      slotId: 'slot-1',
      mode: 'demo',
      maxPositionMicros: 5_000_000_000,
      plannedEndAt: 28_801_300,
      actor: 'cli',
    },
    { kind: 'AgentMoved', at: 1_400, agentId: 'momentum-01', phase: 'warming', reason: 'started' },
    { kind: 'AgentMoved', at: 1_500, agentId: 'momentum-01', phase: 'running', reason: 'warm' },
    {
      kind: 'OrderFilled',
      at: 2_000,
      clientOrderId: 'nt-1',
      executionId: 'x-1',
      symbol: 'AAPL',
      side: 'buy',
      qtyNanos: 12_500_000_000,
      priceTicks: 1_712_250,
      marketAt: 2_000,
      allocations: [{ ...position, deltaNanos: 12_500_000_000, realisedMicros: 0 }],
    },
  ].reduce<DeskState>((state, event) => reduce(state, event as Parameters<typeof reduce>[1]), initialState);
}

export const gauges: Gauges = {
  at: 3_000,
  market: { isOpen: true, marketAt: 3_000, dataAgeMs: 412, quotes: {} },
  agents: {
    'momentum-01': {
      tickAgeMs: 412,
      heartbeatAgeMs: 900,
      decisions: 3,
      errors: 0,
      decision: unmeasured,
      unrealisedMicros: -300_000,
      infraMicros: 12_300,
      lastDecision: null,
    },
  },
  sla: [{ operation: 'create', targetMs: 5_000, windowS: 3_600, withinTarget: 1, ...unmeasured }],
  intentToOrder: unmeasured,
  spend: { accruedMicros: 12_300, ratePerHourMicros: 108_900, rateCard: 'e2b-list', simulated: true },
  pnl: { realisedMicros: 0, unrealisedMicros: -300_000, todayMicros: null },
  deadMan: heldLease,
  loopDelayP99Ms: 1.5,
  work: [],
};

export function busySnapshot(): FeedFrame {
  return { kind: 'snapshot', seq: 9, state: busyState(), gauges };
}

/** A handler that refuses. */
export function refusing(code: ConstructorParameters<typeof DeskError>[0], message: string): FakeHandler {
  return () => {
    throw new DeskError(code, message);
  };
}

function pnlRow(name: string, agents: number) {
  return {
    name,
    agents,
    fills: 12,
    realisedMicros: 1_200_000,
    unrealisedMicros: -300_000,
    feesMicros: 20_000,
    infraMicros: 12_300,
    netMicros: 867_700,
  };
}
