// Decides which account is traded: what was chosen, with which key, and when it may be changed.
import type {
  forgetAccountKey,
  KeyedAccount,
  showAccount,
  testAccount,
  useAccount,
} from '../../contract/account.ts';
import type { OutputOf, ParsedInputOf } from '../../contract/define-operation.ts';
import { DeskError } from '../../contract/errors.ts';
import type { LocalServicesReady } from '../../contract/local-services.ts';
import { shownLimits } from '../../contract/limits.ts';
import { type Actor, Mode } from '../../contract/names.ts';
import type { ProviderChoice } from '../../contract/provider.ts';
import { assertCloudAllowed } from '../sandboxes/provider-address.ts';
import type { Trading } from '../trading/trading.ts';
import { type AccountLinkParts, createAccountLink } from './account-link.ts';
import { assertIdle } from './assert-idle.ts';
import type { LiveArming } from './live-arming.ts';

type View = OutputOf<typeof showAccount>;
type Target = ParsedInputOf<typeof useAccount>;

export interface AccountSwitch {
  /** The local services are up: connects the account in use. Rejects only for DEMO; what else fails raises a notice. */
  connect(services: LocalServicesReady): Promise<void>;
  /** The local services are gone, and with them DEMO's broker. The other accounts stay connected. */
  disconnect(): void;
  show(): Promise<View>;
  /** Rejects with the codes of `account.use`, and then has changed nothing. */
  use(target: Target, actor: Actor): Promise<View>;
  test(target: Target): Promise<OutputOf<typeof testAccount>>;
  /** Rejects with ACCOUNT_IN_USE or KILL_LATCHED. */
  forgetKey(account: KeyedAccount, actor: Actor): Promise<OutputOf<typeof forgetAccountKey>>;
  close(): void;
}

export interface AccountSwitchParts extends AccountLinkParts {
  readonly trading: Pick<Trading, 'connect' | 'disconnect' | 'isConnected'>;
  readonly arming: LiveArming;
  /** The account is let go of on purpose. */
  readonly standDown: () => void;
  readonly provider: () => ProviderChoice;
}

/** Creates the switch; no account is connected before `connect`. */
export function createAccountSwitch(parts: AccountSwitchParts): AccountSwitch {
  const { store, clock, keys, trading, arming } = parts;
  const link = createAccountLink(parts);
  let switching = false;

  async function show(): Promise<View> {
    const { mode, accountNumber } = store.state();
    return {
      inUse: mode,
      connected: trading.isConnected(),
      accountNumber,
      accounts: await Promise.all(Mode.options.map(viewOf)),
      limits: shownLimits(store.state().limits),
      limitsKey: arming.limitsKey(),
      armed: arming.armed(),
    };
  }

  async function viewOf(account: Mode): Promise<View['accounts'][number]> {
    const address = link.address(account);
    if (account === 'demo') return { account, address, key: 'not needed', keyProtection: null };
    return {
      account,
      address,
      key: keys.isStored(account) ? 'stored' : 'none',
      keyProtection: await keys.protection(account),
    };
  }

  /** Another key of the account in use may be given at any time: a key that was revoked must not hold up a stop. */
  function assertMayLeave(account: Mode, accountNumber: string | null): void {
    const state = store.state();
    if (account !== state.mode || accountNumber !== state.accountNumber) assertIdle(state);
  }

  async function choose({ account, key }: Target, actor: Actor): Promise<void> {
    if (account === 'demo') assertDemoAllowed(key !== undefined);
    if (account !== store.state().mode) assertIdle(store.state());
    const found = await link.probe(account, key ?? null);
    const accountNumber = account === 'demo' ? null : found.accountNumber;
    assertMayLeave(account, accountNumber);
    if (account !== 'demo' && key) await keys.store(account, key);
    // Again, and with nothing awaited until the account is chosen: a deployment may have come between.
    assertMayLeave(account, accountNumber);
    tellOfPositions(account, accountNumber);
    parts.standDown();
    link.release();
    await store.commitDurable({ kind: 'AccountChosen', at: clock.now(), actor, account, accountNumber });
    await link.connect(key);
  }

  function assertDemoAllowed(hasKey: boolean): void {
    if (hasKey)
      throw new DeskError('INVALID_INPUT', 'key: DEMO has a key of its own. Leave it out.', { field: 'key' });
    const choice = parts.provider();
    if (choice.kind === 'e2b') assertCloudAllowed('demo', choice);
  }

  /** Nobody looks after what an account holds while another one is in use. */
  function tellOfPositions(account: Mode, accountNumber: string | null): void {
    const state = store.state();
    const held = Object.entries(state.account?.positions ?? {}).filter(([, qtyNanos]) => qtyNanos !== 0);
    if (held.length === 0 || (account === state.mode && accountNumber === state.accountNumber)) return;
    store.commit({
      kind: 'NoticeRaised',
      at: clock.now(),
      noticeId: `left-open-${state.mode}`,
      severity: 'warning',
      title: `${state.mode.toUpperCase()} keeps open positions`,
      detail: `${held.map(([symbol]) => symbol).join(', ')} stay open at the broker. No agent looks after them while another account is in use.`,
    });
  }

  return {
    async connect(services) {
      link.setServices(services);
      if (store.state().mode === 'demo' || !link.isHeld()) await link.connect();
    },
    disconnect() {
      link.setServices(null);
      if (store.state().mode === 'demo') link.release();
    },
    show,
    async use(target, actor) {
      if (switching)
        throw new DeskError('ACCOUNT_IN_USE', 'The account is being changed already. Wait for the outcome.');
      switching = true;
      try {
        await choose(target, actor);
        return await show();
      } finally {
        switching = false;
      }
    },
    async test({ account, key }) {
      if (account === 'demo') assertDemoAllowed(key !== undefined);
      const startedAt = clock.monotonicMs();
      const { accountNumber, equityMicros } = await link.probe(account, key ?? null);
      const tookMs = clock.monotonicMs() - startedAt;
      return { ok: true, account, address: link.address(account), accountNumber, equityMicros, tookMs };
    },
    async forgetKey(account, actor) {
      const inUse = store.state().mode === account;
      if (inUse) assertIdle(store.state());
      const forgotten = keys.forget(account);
      if (inUse) {
        arming.disarm(actor, 'the key of the account was deleted');
        parts.standDown();
        link.release();
        await link.connect();
      }
      return { account, forgotten };
    },
    close: () => link.release(),
  };
}
