// Keeps the account in use connected to its broker. DEMO's broker is a local service; the others are tried again while out of reach.
import type { KeyedAccount } from '../../contract/account.ts';
import { DeskError } from '../../contract/errors.ts';
import type { LocalServicesReady } from '../../contract/local-services.ts';
import type { Mode } from '../../contract/names.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store.ts';
import { type LoopbackBroker, tradingAddress } from '../trading/alpaca/broker-address.ts';
import type { BrokerKeys } from '../trading/alpaca/broker-keys.ts';
import type { ProbedAccount } from '../trading/alpaca/probe-account.ts';
import type { Trading } from '../trading/trading.ts';
import type { AccountKeys } from './account-keys.ts';

const firstRetryMs = 1_000;
const lastRetryMs = 30_000;
const noticeId = 'account-unusable';

export interface AccountLink {
  /** DEMO's broker is there, or gone; an account that has its broker elsewhere stays connected. */
  setServices(services: LocalServicesReady | null): void;
  /** Connects the account in use with this key, else the stored one. Rejects only for DEMO; what else fails raises a notice. */
  connect(given?: BrokerKeys): Promise<void>;
  /** True when the account in use has been connected and not let go of since. */
  isHeld(): boolean;
  /** Lets go of the account in use and ends the retries. */
  release(): void;
  /** Reads an account, which need not be the one in use. DEMO has its own key. */
  probe(account: Mode, keys: BrokerKeys | null): Promise<ProbedAccount>;
  address(account: Mode): string;
}

export interface AccountLinkParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly keys: AccountKeys;
  readonly trading: Pick<Trading, 'connect' | 'disconnect'>;
  /** For tests alone, see `BrokerRoute.loopback`. */
  readonly loopback: LoopbackBroker | null;
}

/** Creates the link; nothing is connected before `connect`. */
export function createAccountLink({
  store,
  clock,
  log,
  keys,
  trading,
  loopback,
}: AccountLinkParts): AccountLink {
  let services: LocalServicesReady | null = null;
  let held = false;
  /** Counts connections and releases: an attempt that is overtaken by one of them ends. */
  let era = 0;
  let retry: NodeJS.Timeout | null = null;

  function demo(): LocalServicesReady {
    if (services) return services;
    throw new DeskError(
      'LOCAL_SERVICES_DOWN',
      'The demo broker is down. It is started again by itself; try again in a moment.',
    );
  }

  async function probe(account: Mode, given: BrokerKeys | null): Promise<ProbedAccount> {
    // Read here: the SDK takes longer than all else of the host, and nobody needs it before.
    const { probeAccount } = await import('../trading/alpaca/probe-account.ts');
    if (account === 'demo') return probeAccount({ mode: account, loopback: demo() }, demo());
    return probeAccount({ mode: account, loopback }, given ?? (await keys.read(account)));
  }

  async function connectDemo(): Promise<void> {
    const broker = demo();
    const { source, label, symbols, timeframe } = broker.market;
    store.commit({ kind: 'MarketOpened', at: clock.now(), source, label, symbols });
    await trading.connect({ mode: 'demo', keys: broker, loopback: broker, timeframe });
  }

  async function connectKeyed(account: KeyedAccount, given: BrokerKeys | undefined): Promise<void> {
    const used = given ?? (await keys.read(account));
    const { accountNumber } = await probe(account, used);
    assertSame(account, accountNumber);
    const label = `Alpaca ${account}${loopback ? ` at ${loopback.brokerUrl}` : ''}`;
    store.commit({ kind: 'MarketOpened', at: clock.now(), source: 'alpaca', label, symbols: [] });
    await trading.connect({ mode: account, keys: used, loopback, timeframe: '1Min' });
  }

  /** The books in use are of one account number; a key that was exchanged beside the desk may open another's. */
  function assertSame(account: KeyedAccount, found: string): void {
    const { accountNumber } = store.state();
    if (found === accountNumber) return;
    throw new DeskError(
      'ACCOUNT_NUMBER_WRONG',
      `The stored key opens account ${found}, and the books in use are of ${accountNumber ?? 'no account'}. Choose ${account.toUpperCase()} again to open that account's own books.`,
      { found },
    );
  }

  async function attempt(own: number, given: BrokerKeys | undefined, retryMs: number): Promise<void> {
    const { mode } = store.state();
    if (mode === 'demo') return connectDemo();
    try {
      await connectKeyed(mode, given);
    } catch (error) {
      if (own !== era) return;
      held = false;
      complain(error);
      if (!(error instanceof DeskError) || error.code !== 'BROKER_UNAVAILABLE') return;
      retry = setTimeout(
        () => void attempt(own, given, Math.min(retryMs * 2, lastRetryMs)).catch(() => undefined),
        retryMs,
      );
      return;
    }
    if (own !== era) return;
    held = true;
    dismiss();
  }

  function begin(): number {
    if (retry) clearTimeout(retry);
    retry = null;
    era += 1;
    return era;
  }

  function complain(error: unknown): void {
    const { mode } = store.state();
    log.error({ err: error, account: mode }, 'the account cannot be used');
    store.commit({
      kind: 'NoticeRaised',
      at: clock.now(),
      noticeId,
      severity: 'critical',
      title: `${mode.toUpperCase()} is not connected to its broker`,
      detail: error instanceof Error ? error.message : String(error),
    });
  }

  function dismiss(): void {
    if (store.state().notices.some((notice) => notice.noticeId === noticeId))
      store.commit({ kind: 'NoticeDismissed', at: clock.now(), noticeId });
  }

  return {
    setServices: (ready) => void (services = ready),
    isHeld: () => held,
    async connect(given) {
      const own = begin();
      await attempt(own, given, firstRetryMs);
      if (own === era && store.state().mode === 'demo') {
        held = true;
        dismiss();
      }
    },
    release() {
      begin();
      held = false;
      trading.disconnect();
    },
    probe,
    address: (account) => tradingAddress(account, account === 'demo' ? services : loopback),
  };
}
