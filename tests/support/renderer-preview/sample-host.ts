// Scripted scenes for looking at the window. The figures are made up, for layout only.
import { DeskError } from '../../../electron/contract/errors.ts';
import type { DeskEvent, KillItem } from '../../../electron/contract/events.ts';
import type { Gauges } from '../../../electron/contract/frames.ts';
import type { KillScope } from '../../../electron/contract/kill-scope.ts';
import { Settings } from '../../../electron/contract/market.ts';
import { isFinal } from '../../../electron/contract/reduce-orders.ts';
import { type KillPolicy, slaTargetsMs } from '../../../electron/contract/names.ts';
import type { DeskState } from '../../../electron/contract/state.ts';
import {
  createFakeDeskBridge,
  type FakeDeskBridge,
  type FakeHandlers,
  type FakeHost,
} from '../fake-desk-bridge.ts';
import {
  agentEvents,
  agentGauge,
  gaugesAt,
  lapsingLease,
  positionEvents,
  quote,
  sampleSymbols,
  sandboxEvents,
  slaRow,
  startedEvents,
  stateAfter,
  summary,
} from '../sample-desk.ts';
import { everyKindOfOrder, orderEvents, type SampleOrder, shownOrder } from '../sample-orders.ts';

const hour = 3_600_000;
let seed = 7;
const random = (): number => {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
  return seed / 2_147_483_648;
};

const sizes: Record<string, number> = {
  empty: 0,
  three: 3,
  swarm: 22,
  thousand: 1_000,
  killed: 3,
  latched: 12,
  differing: 3,
  lapsing: 3,
  fired: 3,
  stale: 12,
  trading: 12,
};

/** Starts a fake host that plays one scene and keeps its gauges moving. */
export function startSampleHost(scene: string, theme: string): FakeDeskBridge {
  const now = Date.now();
  const events = sceneEvents(scene, now);
  const fake = createFakeDeskBridge({
    state: stateAfter(...events),
    gauges: sampleGauges(sizes[scene] ?? 0, now),
    handlers: sampleHandlers(theme, scene),
  });
  if (scene === 'trading') {
    fake.commit(...tradingEvents(now));
    fake.commit(accountLikeBooks(fake.state(), now));
  }
  if (scene === 'killed') fake.commit(...killEvents(now));
  if (scene === 'latched') fake.commit(...latchEvents(fake.state(), now));
  if (scene === 'differing')
    fake.commit({
      kind: 'AccountDiffered',
      at: now,
      positions: [{ symbol: 'AAPL', oursNanos: 14_000_000_000, theirsNanos: 20_000_000_000 }],
    });
  if (scene === 'fired') fake.commit(...firingEvents(now));
  const gauges = (): Gauges => {
    const at = Date.now();
    const sample = sampleGauges(sizes[scene] ?? 0, at);
    return scene === 'lapsing'
      ? { ...sample, deadMan: lapsingLease(14_000 - ((at - now) % 14_000)) }
      : sample;
  };
  if (scene !== 'stale') setInterval(() => fake.setGauges(gauges()), 250);
  return fake;
}

function firingEvents(at: number): DeskEvent[] {
  const firingId = 'dead-man-1';
  const reasons = ['market clock read from the broker 20.4 s ago, bound 5.0 s'];
  return [
    { kind: 'DeadManFired', at, firingId, drill: false, leaseS: 15, reasons },
    {
      kind: 'DeadManCancelled',
      at: at + 210,
      firingId,
      orders: [
        { brokerOrderId: 'b-1', label: 'buy 10 AAPL', status: 'canceled' },
        { brokerOrderId: 'b-2', label: 'sell 4 NVDA', status: 'filled' },
      ],
      confirmed: true,
      by: 'watchdog',
      tookMs: 210,
      failure: null,
    },
  ];
}

function agentId(index: number): string {
  return `momentum-${String(index + 1).padStart(2, '0')}`;
}

function sceneEvents(scene: string, now: number): DeskEvent[] {
  const n = sizes[scene] ?? 0;
  const events = startedEvents(now - 2.25 * hour);
  for (let slot = 0; slot * 5 < n; slot += 1)
    events.push(
      ...sandboxEvents(`slot-${slot}`, `i${(slot * 7919 + 104729).toString(36)}sbx${slot}`, now - 240_000),
    );
  for (let index = 0; index < n; index += 1) {
    const symbols = [
      sampleSymbols[index % 8] ?? 'AAPL',
      ...(index % 3 === 0 ? [sampleSymbols[(index + 1) % 8] ?? 'MSFT'] : []),
    ];
    events.push(...agentEvents(agentId(index), `slot-${Math.floor(index / 5)}`, now - 2 * hour, symbols));
    if (index % 4 === 0 && index < 30)
      events.push(
        ...positionEvents(
          agentId(index),
          symbols[0] ?? 'AAPL',
          index % 8 === 0 ? 14 : -6,
          171.22,
          now - 90_000,
        ),
      );
  }
  for (const symbol of n > 0 ? ['AAPL', 'NVDA'] : []) {
    events.push({
      kind: 'TargetSet',
      at: now - 80_000,
      agentId: agentId(0),
      symbol,
      qtyNanos: 14_000_000_000,
      priceTicks: 1_712_200,
      reason: 'EMA 12 crossed above EMA 26 at 171.02',
    });
  }
  if (n >= 12) {
    events.push({
      kind: 'AgentMoved',
      at: now - 41_000,
      agentId: agentId(7),
      phase: 'degraded',
      reason: 'no quote for KO in 6 s; new entries in KO are held back',
    });
    events.push({
      kind: 'NoticeRaised',
      at: now - 600_000,
      noticeId: 'n1',
      severity: 'info',
      title: 'Leases of 3 sandboxes were renewed',
      detail: '$0.0545 reserved until 15:10.',
    });
    events.push({
      kind: 'NoticeRaised',
      at: now - 300_000,
      noticeId: 'n2',
      severity: 'warning',
      title: 'Forecast passes 80 % of the budget',
      detail: 'At $0.19/h the day ends at $4.12 of $5.00.',
    });
  }
  return events;
}

function sampleGauges(n: number, now: number): Gauges {
  const agents: Record<string, Gauges['agents'][string]> = {};
  for (let index = 0; index < n; index += 1) {
    agents[agentId(index)] = agentGauge({
      tickAgeMs: index === 7 ? 6_200 : 100 + random() * 900,
      unrealisedMicros: Math.round((Math.sin(index * 1.7 + now / 9_000) + 0.2) * 12_000_000),
      infraMicros: Math.round(60_000 + index * 3_100),
      decision: index === 2 ? summary(12, 2, 4, 5) : summary(240, 2.1, 3 + (index % 9), 9),
      lastDecision: {
        at: now - (index % 7) * 1_000,
        text: index % 3 ? 'hold 0' : 'buy 14 at $171.22',
        reason: 'EMA 12 is 0.18 % above EMA 26',
      },
    });
  }
  const busy = n > 0;
  return gaugesAt(now, {
    market: {
      isOpen: true,
      marketAt: now,
      dataAgeMs: 380,
      quotes: Object.fromEntries(sampleSymbols.map((symbol, index) => [symbol, quote(171.4 + index * 13)])),
    },
    agents,
    sla: busy
      ? [
          slaRow('create', summary(412, 2_210, 3_980, 4_720)),
          slaRow('exec', summary(1_906, 340, 790, 1_150)),
          slaRow('status', summary(48_210, 0.3, 1.1, 3.8)),
          slaRow('deploy', summary(12, 2_290, 4_310, 5_020)),
        ]
      : (['create', 'exec', 'status', 'deploy'] as const).map((operation) =>
          slaRow(operation, summary(0, 0, 0, 0)),
        ),
    intentToOrder: busy ? summary(318, 1.1, 2.4, 3.6) : summary(0, 0, 0, 0),
    spend: {
      accruedMicros: busy ? 1_380_000 : 0,
      ratePerHourMicros: busy ? 186_700 : 0,
      rateCard: 'e2b-list 2026-08',
      simulated: true,
    },
    pnl: { realisedMicros: 20_000_000, unrealisedMicros: 65_500_000, todayMicros: busy ? 85_500_000 : 0 },
    loopDelayP99Ms: 6.2,
    work: [],
  });
}

function killItems(): KillItem[] {
  return [
    {
      id: 'order:1',
      kind: 'order',
      label: 'AAPL buy 14',
      state: 'done',
      detail: 'cancelled at the broker in 41 ms',
    },
    { id: 'position:AAPL', kind: 'position', label: 'AAPL +14', state: 'done', detail: 'flat at the broker' },
    {
      id: 'position:MSFT',
      kind: 'position',
      label: 'MSFT −6',
      state: 'pending',
      detail: 'sent, 2 of 6 filled',
    },
    {
      id: 'position:KO',
      kind: 'position',
      label: 'KO +80',
      state: 'waiting',
      detail: 'the market opens at 15:30',
    },
    {
      id: 'position:GOOGL',
      kind: 'position',
      label: 'GOOGL −12',
      state: 'failed',
      detail: 'BROKER_REFUSED: insufficient quantity',
    },
    {
      id: 'sandbox:1',
      kind: 'sandbox',
      label: 'i28s5sbx0',
      state: 'pending',
      detail: 'waits until the account is flat',
    },
  ];
}

function killEvents(now: number): DeskEvent[] {
  return [
    {
      kind: 'KillStarted',
      at: now,
      killId: 'kill-1',
      actor: 'window',
      policy: 'flatten',
      reason: 'sample',
      items: killItems(),
    },
  ];
}

/** One agent killed and verified, the strategy of another still at work. */
function latchEvents({ agents }: DeskState, now: number): DeskEvent[] {
  const [first, last] = [Object.values(agents)[0], Object.values(agents).at(-1)];
  const start = (killId: string, scope: KillScope, items: KillItem[]): DeskEvent => ({
    kind: 'KillStarted',
    at: now - 41_000,
    killId,
    actor: 'window',
    scope,
    policy: 'keep-hedged',
    reason: 'sample',
    items,
  });
  const position = (state: KillItem['state'], symbol: string, detail: string): KillItem => ({
    id: `position:${first?.agentId}/${symbol}`,
    kind: 'position',
    label: `${first?.agentId} ${symbol} 30`,
    state,
    detail,
  });
  return [
    start('kill-a', `agent:${first?.agentId ?? ''}`, [
      position('kept', 'KO', '10 closed, 20 kept as a hedge'),
      position('done', 'AAPL', 'closed, as the broker shows; no price of XOM is known'),
      position(
        'waiting',
        'MSFT',
        '30 stay open: market closed, it is tried again at 2026-03-03T14:30:00.000Z',
      ),
    ]),
    { kind: 'KillFinished', at: now - 39_000, killId: 'kill-a', verified: false },
    start('kill-b', `strategy:${last?.strategy ?? ''}`, []),
  ];
}

function tradingEvents(now: number): DeskEvent[] {
  return [
    ...olderOrders(now, 600).flatMap(orderEvents),
    ...everyKindOfOrder(now).toReversed().flatMap(orderEvents),
    {
      kind: 'OrderDenied',
      at: now - 30_000,
      symbol: 'AAPL',
      side: 'buy',
      qtyNanos: 150_000_000_000,
      code: 'ORDER_NOTIONAL',
      detail:
        'the order is worth $25,683.75, above the limit of $25,000.00. Lower the target, or raise order.notional.',
    },
    {
      kind: 'OrderDenied',
      at: now - 12_000,
      symbol: 'KO',
      side: 'sell',
      qtyNanos: 40_000_000_000,
      code: 'AGENT_EXPOSURE',
      detail: "the agent's positions could reach $51,210.00, above the limit of $50,000.00.",
      agentId: agentId(2),
    },
  ];
}

/** What the books say, but for a few shares of one symbol. */
function accountLikeBooks({ agents }: DeskState, at: number): DeskEvent {
  const held = new Map([['NVDA', 4_000_000_000]]);
  for (const agent of Object.values(agents))
    for (const { symbol, qtyNanos } of Object.values(agent.positions))
      held.set(symbol, (held.get(symbol) ?? 0) + qtyNanos);
  const positions = [...held].map(([symbol, qtyNanos]) => ({ symbol, qtyNanos }));
  return { kind: 'AccountRead', at, equityMicros: 100_085_500_000, cashMicros: 60_000_000_000, positions };
}

/** Oldest first, eleven seconds apart. */
function olderOrders(now: number, n: number): SampleOrder[] {
  return Array.from({ length: n }, (_, index) => ({
    id: `nt-7c10-${index + 1}`,
    at: now - 300_000 - (n - index) * 11_000,
    symbol: sampleSymbols[index % 8] ?? 'AAPL',
    side: index % 3 === 0 ? ('sell' as const) : ('buy' as const),
    parts: { [agentId(index % 12)]: 1 + (index % 40) },
    priceTicks: 1_712_250 + (index % 8) * 130_000,
    filled: 1 + (index % 40),
  }));
}

function sampleHandlers(theme: string, scene: string): FakeHandlers {
  const market = { source: 'simulator', seed: 1, speed: 60 } as const;
  let settings = Settings.parse({ theme, market });
  return {
    'settings.read': () => settings,
    'settings.change': (input) => {
      settings = {
        ...settings,
        ...(input.theme ? { theme: input.theme } : {}),
        ...(input.budget === undefined ? {} : { budgetMicros: input.budget * 1e6 }),
      };
      return settings;
    },
    'market.sources': () => ({
      current: market,
      sources: [
        { id: 'simulator', label: 'Simulator', available: true, detail: 'Seeded random walk, 8 symbols' },
        { id: 'sp500', label: 'S&P 500 replay', available: true, detail: 'Daily bars 2000 to 2020' },
        { id: 'csv', label: 'CSV file', available: true, detail: 'Your own bars' },
      ],
    }),
    'provider.show': () => ({
      choice: settings.provider,
      address: 'http://127.0.0.1:40213',
      keySource: 'none',
      keyProtection: {
        kind: 'file',
        detail:
          'This desktop offers no keyring. A stored key is not encrypted: it is kept in a file that only your user account can read.',
      },
      limits: { concurrent: 100, createsPerSecond: 50, maxSessionMs: 86_400_000 },
    }),
    'provider.test': ({ kind, domain }) => {
      if (domain !== undefined)
        throw new DeskError(
          'FORBIDDEN_ADDRESS',
          'DEMO reaches this machine only, not https://api.e2b.app; a cloud provider needs an account in PAPER or LIVE mode. Nothing was sent.',
        );
      return {
        ok: true,
        address: kind === 'local' ? 'http://127.0.0.1:40213' : 'http://127.0.0.1:3000',
        sandboxes: 3,
        tookMs: 18.4,
      };
    },
    'market.choose': () => {
      throw new DeskError('MARKET_IN_USE', '22 agents trade on this market. Stop them, then switch.');
    },
    'spend.today': () => spendDay(scene),
    'sla.series': ({ operation, windowS, buckets }) => ({
      targetMs: slaTargetsMs[operation],
      bucketMs: (windowS * 1_000) / buckets,
      n: scene === 'empty' || scene === 'three' ? (operation === 'deploy' ? 0 : 4) : 412,
      points: seriesPoints(operation, windowS, buckets, scene),
    }),
    'swarm.preview': ({ count, hours, perSandbox }) => preview(count, hours, perSandbox),
    'swarm.deploy': ({ count, symbols }, host) => {
      if (count > 50)
        throw new DeskError(
          'BUDGET_EXCEEDED',
          `${count} agents need $0.3630 now and $0.1200 is left of today's $5.00. Ask for at most 16.`,
        );
      const at = host.now();
      const first = Object.keys(host.state().agents).length;
      const ids = Array.from({ length: count }, (_, index) => agentId(first + index));
      host.commit(
        ...sandboxEvents(`slot-new-${first}`, `inew${first}`, at),
        ...ids.flatMap((id) => agentEvents(id, `slot-new-${first}`, at, symbols)),
      );
      return { swarmId: 'swarm-2', agentIds: ids, sandboxes: 1, reservedMicros: 18_150, tookMs: 812 };
    },
    'swarm.stop': ({ agentId: id }, host) => {
      host.commit(
        { kind: 'AgentMoved', at: host.now(), agentId: id, phase: 'stopping', reason: 'operator' },
        { kind: 'AgentMoved', at: host.now(), agentId: id, phase: 'stopped', reason: 'flat' },
      );
      return { agentId: id, leftOpen: [] };
    },
    'orders.list': () => ({
      mode: 'demo',
      simulated: true,
      orders: olderOrders(Date.now(), 5_000).map((order) => shownOrder(orderEvents(order)).order),
      more: true,
    }),
    'orders.show': ({ id }, host) => {
      const known = [...everyKindOfOrder(host.now()), ...olderOrders(host.now(), 600)];
      const order = known.find((candidate) => candidate.id === id);
      if (!order) throw new DeskError('ORDER_NOT_FOUND', `There is no order "${id}" in the journal.`);
      return shownOrder(orderEvents(order));
    },
    'orders.cancel': ({ id }, host) => {
      const working = Object.values(host.state().orders).filter(
        (order) => !isFinal(order) && (id === undefined || order.clientOrderId === id),
      );
      for (const { clientOrderId } of working)
        host.commit({ kind: 'OrderCancelAsked', at: host.now(), actor: 'window', clientOrderId });
      return {
        mode: 'demo',
        asked: working.map(({ clientOrderId, symbol, side, qtyNanos, filledNanos }) => ({
          clientOrderId,
          symbol,
          side,
          leftNanos: qtyNanos - filledNanos,
        })),
        refused: [],
        entries: host.state().entries.kind,
      };
    },
    'swarm.kill': ({ scope, policy }, host) => playKill(host, scope, policy),
  };
}

async function playKill(host: FakeHost, scope: KillScope, policy: KillPolicy) {
  const items = killItems();
  host.commit({
    kind: 'KillStarted',
    at: host.now(),
    killId: 'kill-2',
    actor: 'window',
    scope,
    policy,
    reason: 'sample',
    items: items.map((item) => ({ ...item, state: 'pending', detail: 'sent' })),
  });
  const final = items.map((item): KillItem => ({ ...item, state: 'done', detail: 'verified' }));
  for (const item of final) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    host.commit({ kind: 'KillItemUpdated', at: host.now(), killId: 'kill-2', item });
  }
  host.commit({ kind: 'KillFinished', at: host.now(), killId: 'kill-2', verified: true });
  return { killId: 'kill-2', verified: true, scope, policy, tookMs: 1_500, items: final };
}

function spendDay(scene: string) {
  const dayStartAt = new Date().setHours(0, 0, 0, 0);
  const now = Date.now();
  const busy = scene !== 'empty';
  const points = Array.from({ length: 60 }, (_, index) => {
    const at = Math.round(dayStartAt + ((now - dayStartAt) * index) / 60);
    return { at, accruedMicros: busy ? Math.round(1_380_000 * Math.max(0, (index - 14) / 46)) : 0 };
  });
  return {
    day: '2026-03-02',
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    dayStartAt,
    dayEndAt: dayStartAt + 24 * hour,
    budgetMicros: 5_000_000,
    exitReserveMicros: 250_000,
    accruedMicros: busy ? 1_380_000 : 0,
    reservedMicros: busy ? 54_450 : 0,
    ratePerHourMicros: busy ? 186_700 : 0,
    forecastMicros: busy ? 3_920_000 : 0,
    rateCard: 'e2b-list 2026-08',
    simulated: true,
    points,
  };
}

function seriesPoints(operation: keyof typeof slaTargetsMs, windowS: number, buckets: number, scene: string) {
  const bucketMs = (windowS * 1_000) / buckets;
  const end = Math.ceil(Date.now() / bucketMs) * bucketMs;
  const scale = slaTargetsMs[operation] * (operation === 'status' ? 0.004 : 0.36);
  const sparse = scene === 'three' || scene === 'empty';
  return Array.from({ length: buckets }, (_, index) => {
    const at = end - (buckets - index) * bucketMs;
    const missing = sparse ? index % 17 !== 3 : index > 20 && index < 25;
    if (missing) return { at, n: 0, p50Ms: null, p95Ms: null, p99Ms: null };
    const bump = index > 40 && index < 47 ? 1.5 : 1;
    const p50Ms = scale * (1 + random() * 0.12) * (1 + (bump - 1) * 0.3);
    const p95Ms = p50Ms * (1.6 + random() * 0.15) * bump;
    return { at, n: 4 + Math.floor(random() * 10), p50Ms, p95Ms, p99Ms: p95Ms * (1.12 + random() * 0.1) };
  });
}

function preview(count: number, hours: number, perSandbox: number | undefined) {
  const choices = [...new Set([1, 5, 10, perSandbox ?? 5])].toSorted((a, b) => a - b);
  const chosen = perSandbox ?? 5;
  return {
    options: choices.map((size) => {
      const sandboxes = Math.ceil(count / size);
      const perHourMicros = sandboxes * 108_900;
      const planMicros = Math.round(perHourMicros * hours);
      return {
        perSandbox: size,
        sandboxes,
        planMicros,
        perHourMicros,
        fits: planMicros < 3_370_000,
        chosen: size === chosen,
      };
    }),
    boundBy: count < 10 ? ('none' as const) : ('failure domains' as const),
    rateCard: 'e2b-list 2026-08',
    simulatedPrice: true,
    spentMicros: 1_380_000,
    availableMicros: 3_370_000,
    budgetMicros: 5_000_000,
    exitReserveMicros: 250_000,
    leaseMicros: 18_150 * Math.ceil(count / chosen),
    leaseMs: 600_000,
    sandboxesAlive: 5,
    sandboxLimit: 100,
    createsPerSecond: 50,
    readyInMs: count > 5 ? 2_310 : null,
    limits: {
      orderNotionalMicros: 25_000_000_000,
      symbolPositionMicros: 50_000_000_000,
      maxQuoteAgeMs: 5_000,
    },
  };
}
