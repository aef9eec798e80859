// Plays a plan over the real fleet, pool, leases, reaper, meter and store, in virtual time, and judges after each second of it.
import { Settings } from '../../electron/contract/market.ts';
import { createCrashingJournal } from '../support/crashing-journal.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { createTroubledProvider } from '../support/troubled-provider.ts';
import { installVirtualTimers } from '../support/virtual-globals.ts';
import { deskId, type FleetDesk, startFleetDesk } from './fleet-desk.ts';
import { type FleetView, judgeCalm, judgeEnd, judgeMoment } from './judge-fleet.ts';
import { type FleetPlan, type FleetStep, planFleetTrouble } from './plan-fleet-trouble.ts';

/** Longer than creations may appear late and the reaper takes after it. */
const healMs = 85_000;

export interface PlayedFleetPlan {
  readonly plan: FleetPlan;
  /** What went wrong; empty when nothing did. */
  readonly complaints: readonly string[];
  /** Kinds of the events on record. */
  readonly events: readonly string[];
}

/** Plays the plan of a seed to its end. */
export async function playFleetPlan(seed: number): Promise<PlayedFleetPlan> {
  const plan = planFleetTrouble(seed);
  const { timers, restore } = installVirtualTimers();
  const random = seededRandom(seed + 1_000_000_007);
  const now = (): number => plan.startsAt + timers.monotonicMs();
  const provider = createTroubledProvider(timers, now, random);
  const journal = createCrashingJournal(timers, random);
  const complaints = new Set<string>();
  const settings = Settings.parse({
    budgetMicros: plan.budgetMicros,
    timeZone: 'UTC',
    sandboxes: { leaseMs: 60_000, limit: plan.limit, maxSessionMs: plan.maxSessionMs },
    pool: { size: plan.poolSize },
  });
  const successors = new Set<string>();
  let poolSize = plan.poolSize;
  let preparesWell = true;
  let calmSince = now();
  const start = (): FleetDesk =>
    startFleetDesk({
      clock: { now, monotonicMs: timers.monotonicMs },
      journal,
      provider,
      settings: () => ({ ...settings, pool: { size: poolSize } }),
      preparesWell: () => preparesWell,
      successors,
    });
  let desk = start();

  const view = (): FleetView => ({
    desk,
    provider,
    payloads: journal.payloads,
    budgetMicros: plan.budgetMicros,
    limit: plan.limit,
    successors,
    now: now(),
    calmSince,
  });
  const note = (found: readonly string[]): void => {
    for (const complaint of found) complaints.add(complaint);
  };
  async function pass(ms: number): Promise<void> {
    for (let leftMs = ms; leftMs > 0; leftMs -= 1_000) {
      await timers.advance(Math.min(leftMs, 1_000));
      note(judgeMoment(view()));
    }
  }
  async function suffer(lastsMs: number): Promise<void> {
    calmSince = Infinity;
    await pass(lastsMs);
    provider.heal();
    calmSince = now();
  }
  async function play(step: FleetStep): Promise<void> {
    switch (step.kind) {
      case 'deploy': {
        const deployed = desk.deploy(step.count).catch(() => undefined);
        // Its answer may never come; nobody waits longer than this.
        if (step.waits) await pass(2_000);
        return void deployed;
      }
      case 'end': {
        const slots = desk.fleet.aliveSlots();
        const slot = slots[step.nth % Math.max(1, slots.length)];
        if (slot) void desk.fleet.end(slot.slotId, 'asked for').catch(() => undefined);
        return pass(100);
      }
      case 'end all':
        void desk.fleet.endAll('asked for');
        return pass(100);
      case 'pool':
        ({ size: poolSize, preparesWell } = step);
        return;
      case 'time':
        return pass(step.passesMs);
      case 'creations':
        provider.conduct.creations.push(...step.fates);
        return void desk.deploy(1).catch(() => undefined);
      case 'calls':
        Object.assign(provider.conduct, { [step.call]: step.fate });
        return suffer(step.lastsMs);
      case 'slow':
        provider.conduct.latencyMs = step.latencyMs;
        return suffer(step.lastsMs);
      case 'outage':
        Object.assign(provider.conduct, {
          connect: 'fails',
          extend: 'fails',
          pause: 'fails',
          kill: 'fails',
          list: 'fails',
        });
        return suffer(step.lastsMs);
      case 'stray':
        return provider.stray(deskId);
      case 'restart':
        desk.die();
        if (step.losesTail) journal.loseTail();
        desk = start();
        calmSince = now();
        return;
    }
  }

  try {
    for (const step of plan.steps) await play(step);
    provider.heal();
    calmSince = now();
    preparesWell = true;
    await pass(healMs);
    const early = judgeCalm(view());
    // A hand-over may be under way at that very moment.
    await pass(5_000);
    note(judgeCalm(view()).filter((complaint) => early.includes(complaint)));
    poolSize = 0;
    void desk.fleet.endAll('the end');
    await pass(healMs);
    note(judgeEnd(view()));
  } finally {
    desk.die();
    restore();
  }
  const events = journal.payloads.map((payload) => String(JSON.parse(payload).kind));
  return { plan, complaints: [...complaints], events };
}
