// The name that this desk's sandboxes carry at the provider, one a data directory.
import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Store } from '../store.ts';

/** Returns the name, giving one at the first start. Sandboxes of an earlier run are found by it. */
export function nameDesk(store: Store, clock: Clock): string {
  const known = store.state().deskId;
  if (known !== null) return known;
  const deskId = `desk-${randomBytes(8).toString('hex')}`;
  store.commit({ kind: 'DeskNamed', at: clock.now(), deskId });
  return deskId;
}
