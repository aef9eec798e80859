// Plays a plan over the real trading floor, gate, books, kill and store, in virtual time, and judges at each event of it.
import type { DeskEvent } from '../../electron/contract/events.ts';
import { defaultLimits, shownLimits, withLimits } from '../../electron/contract/limits.ts';
import { scopeParts } from '../../electron/contract/kill-scope.ts';
import { createCrashingJournal } from '../support/crashing-journal.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { createTroubledBroker, tradedSymbols } from '../support/troubled-broker.ts';
import type { TruthOrder } from '../support/troubled-orders.ts';
import { installVirtualTimers } from '../support/virtual-globals.ts';
import { createTradingJudge } from './judge-trading.ts';
import { planTradingTrouble, type TradingPlan, type TradingStep } from './plan-trading-trouble.ts';
import { startTradingDesk, type TradingDesk } from './trading-desk.ts';

const startsAt = Date.UTC(2026, 2, 2, 15);
/** Longer than a request hangs and a kill takes, and three reconciliations after it: the second begins to count the cash. */
const healMs = 110_000;

/** Until the next reconciliation, and until nothing can explain any more what it found. */
const noticeMs = 36_000;

export interface PlayedTradingPlan {
  readonly plan: TradingPlan;
  /** What went wrong; empty when nothing did. */
  readonly complaints: readonly string[];
  /** What happened in it: kinds of events, states of orders, and what is seldom. */
  readonly signs: ReadonlySet<string>;
}

/** Plays the plan of a seed to its end. */
export async function playTradingPlan(seed: number): Promise<PlayedTradingPlan> {
  const plan = planTradingTrouble(seed);
  const { timers, restore } = installVirtualTimers();
  const random = seededRandom(seed + 1_000_000_007);
  const now = (): number => startsAt + Math.floor(timers.monotonicMs());
  const complaints = new Set<string>();
  const signs = new Set<string>();
  const { orderNotionalMicros, symbolPositionMicros, ordersPerMinute, dailyLossMicros } = plan.limits;
  const limits = shownLimits(
    withLimits(defaultLimits, [
      { name: 'order.notional', after: orderNotionalMicros },
      { name: 'account.symbolPosition', after: symbolPositionMicros },
      { name: 'account.ordersPerMinute', after: ordersPerMinute },
    ]),
  );
  const broker = createTroubledBroker(timers, now, random, (order) => judge.sent(order));
  const journal = createCrashingJournal(timers, random);
  const judge = createTradingJudge({
    broker,
    journal,
    now,
    limits: { ...limits, ordersPerMinute },
    complain: (complaint) => void complaints.add(complaint),
  });
  let run = 0;
  let isDown = false;
  function hear(event: DeskEvent, store: TradingDesk['store']): void {
    signs.add(event.kind === 'AccountDiffered' && event.cash ? 'cash differed' : event.kind);
    if (event.kind === 'OrderDenied') signs.add(event.code);
    if ('clientOrderId' in event) signs.add(`order ${store.state().orders[event.clientOrderId]?.state}`);
    judge.hear(event, store);
  }
  function start(): TradingDesk {
    run += 1;
    judge.begin(run, () => desk);
    const clock = { now, monotonicMs: timers.monotonicMs };
    return startTradingDesk({
      clock,
      journal,
      broker,
      limits: {
        'order.notional': orderNotionalMicros / 1e6,
        'account.symbolPosition': symbolPositionMicros / 1e6,
        'account.ordersPerMinute': ordersPerMinute,
        'account.dailyLoss': dailyLossMicros / 1e6,
      },
      run,
      agentIds: plan.agentIds,
      onEvent: hear,
    });
  }
  let desk = start();
  /** The broker may fill after all was verified, or shares come. */
  const isSurprising = plan.steps.some(
    (step) =>
      step.kind === 'transfer' || (step.kind === 'trouble' && step.trouble === 'fills follow cancellations'),
  );

  let untilBar = 5;
  const market = setInterval(() => {
    untilBar = untilBar === 1 ? 5 : untilBar - 1;
    broker.tick(untilBar === 5);
  }, 1_000);

  let isBusy = true;
  /** Agents change their minds all the time. */
  function decide(): void {
    if (!isBusy) return;
    setTimeout(decide, random.between(1, plan.paceMs));
    const wholeNanos = random.chance(0.2) ? 0 : random.between(-40, 40) * 1_000_000_000;
    const partNanos = plan.hasParts ? random.between(0, 999_999_999) : 0;
    if (!isDown) desk.want(random.pick(plan.agentIds), random.pick(tradedSymbols), wholeNanos + partNanos);
  }

  const after = (ms: number, run: () => void): void => void setTimeout(run, ms);

  function kill({ scope, policy, rearmsAfterMs }: Extract<TradingStep, { kind: 'kill' }>): void {
    const { kill: last, latches } = desk.store.state();
    if (last?.finishedAt === null || latches[scope]?.finishedAt === null) return;
    const mine = run;
    void desk.kill(scope, policy).then((receipt) => {
      signs.add(`killed ${scopeParts(receipt.scope).kind}${receipt.verified === true ? ', verified' : ''}`);
      if (mine === run && !isSurprising) judge.killed(receipt);
      after(rearmsAfterMs, () => {
        if (!isDown) desk.rearm();
      });
    });
  }

  async function restart(losesTail: boolean, downMs: number): Promise<void> {
    isDown = true;
    desk.die();
    if (losesTail) journal.loseTail();
    await timers.advance(downMs);
    isDown = false;
    desk = start();
    // A kill that died with its host was taken over as unverified; the operator re-arms.
    after(2_000, () => desk.rearm());
  }

  async function play(step: TradingStep): Promise<void> {
    switch (step.kind) {
      case 'time':
        return timers.advance(step.passesMs);
      case 'trouble':
        broker.suffer(step.trouble);
        return after(step.lastsMs, () => broker.ease(step.trouble));
      case 'reconnect':
        return desk.reconnect();
      case 'restart':
        return restart(step.losesTail, step.downMs);
      case 'block':
        desk.block();
        return after(step.lastsMs, () => desk.unblock());
      case 'transfer':
        broker.account.transfer(step.symbol, step.deltaNanos);
        judge.transferred(step.symbol, step.deltaNanos);
        return;
      case 'charge':
        broker.account.charge(step.micros, step.listed);
        if (!step.listed) judge.taken(desk.store);
        return;
      case 'stop':
        return desk.stop(step.agentId);
      case 'kill':
        return kill(step);
    }
  }

  try {
    await timers.advance(500);
    decide();
    for (const step of plan.steps) await play(step);
    broker.ease();
    isBusy = false;
    await timers.advance(healMs);
    desk.unblock();
    desk.rearm();
    desk.acknowledge();
    await timers.advance(10_000);
    judge.calm();
    broker.account.charge(plan.seed * 1_000_000, false);
    judge.taken(desk.store);
    await timers.advance(noticeMs);
    judge.calm();
    let isOver = false;
    void desk.kill('all', 'flatten').then((receipt) => {
      isOver = true;
      judge.killed(receipt);
      if (receipt.verified !== true) complaints.add(`the last kill: ${JSON.stringify(receipt.items)}`);
    });
    await timers.advance(30_000);
    if (!isOver) complaints.add('the last kill did not end');
    judge.end();
  } finally {
    clearInterval(market);
    desk.die();
    restore();
  }
  const ids = broker.sent.map(({ order }) => order.clientOrderId);
  if (new Set(ids).size < ids.length) signs.add('sent again');
  if ([...broker.account.truth.values()].some(hasLateFill)) signs.add('filled after its end');
  return { plan, complaints: [...complaints], signs };
}

function hasLateFill({ order, executions }: TruthOrder): boolean {
  return (
    order.status === 'canceled' && executions.some(({ execution }) => execution.order.status === 'canceled')
  );
}
