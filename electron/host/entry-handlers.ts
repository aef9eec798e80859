// Handlers of the operations that let new risk in or keep it out: block, kill, re-arm.
import { DeskError } from '../contract/errors.ts';
import type { KillReceipt } from '../contract/state.ts';
import { assertNotLatched } from './assert-not-latched.ts';
import type { DeskHandlers } from './dispatch.ts';
import type { HostParts } from './host-parts.ts';
import { kill } from './swarm/kill.ts';

type EntryOperations = 'swarm.block' | 'swarm.unblock' | 'swarm.kill' | 'swarm.rearm';

/** Builds the handlers; one kill runs at a time, and all who ask meanwhile get its receipt. */
export function createEntryHandlers(parts: HostParts): Pick<DeskHandlers, EntryOperations> {
  const { store, clock } = parts;
  let killing: Promise<KillReceipt> | null = null;
  return {
    'swarm.block': async ({ reason }, { actor }) => {
      const at = clock.now();
      await store.commitDurable({ kind: 'EntriesBlocked', at, actor, reason });
      return { blockedAt: at };
    },
    'swarm.unblock': (_input, { actor }) => {
      assertNotLatched(parts);
      parts.trading.assertNoBreach();
      parts.deadMan.assertMayUnblock();
      store.commit({ kind: 'EntriesUnblocked', at: clock.now(), actor });
      parts.rebalanceAll();
      return { entries: store.state().entries.kind };
    },
    'swarm.kill': async ({ policy, reason }, { actor }) => {
      const startedAt = clock.monotonicMs();
      killing ??= kill(parts, { policy, reason, actor }).finally(() => {
        killing = null;
      });
      const receipt = await killing;
      return {
        killId: receipt.killId,
        verified: receipt.verified === true,
        policy: receipt.policy,
        tookMs: clock.monotonicMs() - startedAt,
        items: [...receipt.items],
      };
    },
    'swarm.rearm': async ({ reason }, { actor }) => {
      if (store.state().entries.kind !== 'latched')
        throw new DeskError('NOT_LATCHED', 'The kill switch is not latched; there is nothing to re-arm.');
      if (killing)
        throw new DeskError('KILL_LATCHED', 'The kill is still at work. Wait for its receipt, then re-arm.');
      parts.deadMan.assertMayUnblock();
      const at = clock.now();
      await store.commitDurable({ kind: 'Rearmed', at, actor, reason });
      return { rearmedAt: at };
    },
  };
}
