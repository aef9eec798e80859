// Puts a sandbox on record whose creation was asked for and whose answer nobody heard.
import type { Clock } from '../clock.ts';
import type { Store } from '../store.ts';
import type { ListedSandbox } from './provider.ts';

/** Charges it from its start, not from when it was found; the provider's clock may differ, but not beyond the request and now. */
export function recordFound(store: Store, clock: Clock, slotId: string, found: ListedSandbox): void {
  const slot = store.state().sandboxes[slotId];
  if (!slot || slot.endedAt !== null || slot.sandboxId !== null) return;
  const at = clock.now();
  const startedAt = Math.min(at, Math.max(slot.requestedAt, found.startedAt));
  const { sandboxId, endAt: leaseEndsAt } = found;
  store.commit({ kind: 'SandboxCreated', at, slotId, sandboxId, leaseEndsAt, startedAt });
}
