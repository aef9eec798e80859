// Handlers of the operations that let new risk in or keep it out: block, kill, re-arm.
import { DeskError } from '../../contract/errors.ts';
import { isWide, type KillScope } from '../../contract/kill-scope.ts';
import { latchedScopes } from '../../contract/latches.ts';
import type { KillReceipt } from '../../contract/state.ts';
import { assertNotLatched } from '../assert-not-latched.ts';
import type { DeskHandlers } from '../dispatch.ts';
import type { HostParts } from '../host-parts.ts';
import { assertScope } from '../swarm/assert-scope.ts';
import { kill, type KillOrder } from '../swarm/kill.ts';

type EntryOperations = 'swarm.block' | 'swarm.unblock' | 'swarm.kill' | 'swarm.rearm';

/** Builds the handlers; whoever asks for what a kill at work stops anyway gets its receipt. */
export function createEntryHandlers(parts: HostParts): Pick<DeskHandlers, EntryOperations> {
  const { store, clock } = parts;
  const killing = new Map<KillScope, Promise<KillReceipt>>();

  function killOnce(order: KillOrder): Promise<KillReceipt> {
    const account = killing.get('account');
    const joined =
      killing.get('all') ?? (order.scope === 'all' ? undefined : account) ?? killing.get(order.scope);
    if (joined) return joined;
    const run = (): Promise<KillReceipt> => kill(parts, order);
    // Two that close the same positions would get in each other's way.
    const started = order.scope === 'all' && account ? account.then(run, run) : run();
    const ended = started.finally(() => killing.delete(order.scope));
    killing.set(order.scope, ended);
    return ended;
  }

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
    'swarm.kill': async ({ scope, policy, reason }, { actor }) => {
      const startedAt = clock.monotonicMs();
      assertScope(store.state(), scope);
      const receipt = await killOnce({ scope, policy, reason, actor });
      return {
        killId: receipt.killId,
        verified: receipt.verified === true,
        scope: receipt.scope,
        policy: receipt.policy,
        tookMs: clock.monotonicMs() - startedAt,
        items: [...receipt.items],
      };
    },
    'swarm.rearm': async ({ scope, reason }, { actor }) => {
      const { entries, kill: last, latches } = store.state();
      const latch = isWide(scope) ? (entries.kind === 'latched' ? last : null) : latches[scope];
      if (!latch) throw notLatched(scope, latchedScopes(store.state()));
      if (latch.finishedAt === null)
        throw new DeskError('KILL_LATCHED', 'The kill is still at work. Wait for its receipt, then re-arm.');
      if (isWide(scope)) parts.deadMan.assertMayUnblock();
      const at = clock.now();
      await store.commitDurable({ kind: 'Rearmed', at, actor, scope: latch.scope, reason });
      return { scope: latch.scope, rearmedAt: at };
    },
  };
}

function notLatched(scope: KillScope, latched: readonly KillScope[]): DeskError {
  const known =
    latched.length === 0
      ? 'Nothing is latched, so there is nothing to re-arm.'
      : `Latched: ${latched.join(', ')}. Name one of these.`;
  return new DeskError('NOT_LATCHED', `No kill latches ${scope}. ${known}`, { scope, latched });
}
