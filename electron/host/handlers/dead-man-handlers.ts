// Handlers of the dead-man lease: show it, and let it run out on purpose.
import { DeskError } from '../../contract/errors.ts';
import type { DeskHandlers } from '../dispatch.ts';
import type { HostParts } from '../host-parts.ts';

type DeadManHandlerParts = Pick<HostParts, 'store' | 'deadMan'>;

/** Builds the handlers of the dead-man lease. */
export function createDeadManHandlers({
  store,
  deadMan,
}: DeadManHandlerParts): Pick<DeskHandlers, 'deadman.show' | 'deadman.drill'> {
  return {
    'deadman.show': () => {
      const { mode, deadMan: record } = store.state();
      return { ...deadMan.gauge(), ...record, mode };
    },
    'deadman.drill': async ({ after, confirm }) => {
      const { mode, accountNumber } = store.state();
      if (mode === 'live' && confirm !== accountNumber)
        throw new DeskError(
          'CONFIRMATION_REQUIRED',
          'A drill cancels every resting order of the LIVE account. Repeat its number in confirm.',
        );
      return { ...(await deadMan.drill(after * 1_000)), mode };
    },
  };
}
