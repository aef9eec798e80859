// Handlers of the account's operations.
import type { AccountSwitch } from '../accounts/account-switch.ts';
import type { LiveArming } from '../accounts/live-arming.ts';
import type { Clock } from '../clock.ts';
import type { DeskHandlers } from '../dispatch.ts';
import type { Store } from '../store.ts';
import { acknowledgeDiscrepancy } from '../trading/reconcile/discrepancy.ts';

export interface AccountHandlerParts {
  readonly accounts: AccountSwitch;
  readonly arming: LiveArming;
  readonly connected: () => Promise<boolean>;
  readonly rebalanceAll: () => void;
  readonly store: Store;
  readonly clock: Clock;
}

/** Builds the handlers over the switch; what needs the local services waits for them. */
export function createAccountHandlers({
  accounts,
  arming,
  connected,
  rebalanceAll,
  store,
  clock,
}: AccountHandlerParts): Pick<
  DeskHandlers,
  | 'account.show'
  | 'account.use'
  | 'account.test'
  | 'account.forgetKey'
  | 'account.arm'
  | 'account.disarm'
  | 'account.acknowledge'
> {
  return {
    'account.show': () => accounts.show(),
    'account.use': async (target, { actor }) => {
      await connected();
      return accounts.use(target, actor);
    },
    'account.test': async (target) => {
      await connected();
      return accounts.test(target);
    },
    'account.forgetKey': async ({ account }, { actor }) => {
      await connected();
      return accounts.forgetKey(account, actor);
    },
    'account.arm': async (input, { actor }) => {
      const armed = await arming.arm(input, actor);
      rebalanceAll();
      return armed;
    },
    'account.acknowledge': async ({ reason }, { actor }) => {
      const acknowledged = await acknowledgeDiscrepancy(store, clock, actor, reason);
      rebalanceAll();
      return { acknowledged };
    },
    'account.disarm': (_input, { actor }) => ({ disarmed: arming.disarm(actor, 'asked by an operator') }),
  };
}
