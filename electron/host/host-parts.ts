// The host's parts as handlers see them.
import type { Gauges } from '../contract/frames.ts';
import type { MarketChoice, Settings } from '../contract/market.ts';
import type { Journal, Native } from '../native/load.ts';
import type { AccountSwitch } from './accounts/account-switch.ts';
import type { LiveArming } from './accounts/live-arming.ts';
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';
import type { Fleet } from './sandboxes/fleet.ts';
import type { BacktestStore } from './research/backtest-store.ts';
import type { Backtests } from './research/backtests.ts';
import type { ProviderSwitch } from './provider-switch.ts';
import type { MessageRings } from './sandboxes/message-ring.ts';
import type { Terminals } from './sandboxes/terminals.ts';
import type { RunnerTemplates } from './sandboxes/runner-templates.ts';
import type { WarmPool } from './sandboxes/warm-pool.ts';
import type { Datasets } from './research/datasets.ts';
import type { SettingsFile } from './settings.ts';
import type { Meter } from './spend/meter.ts';
import type { Store } from './store.ts';
import type { AgentVitals } from './swarm/agent-vitals.ts';
import type { Swarm } from './swarm/swarm.ts';
import type { DeadMan } from './trading/dead-man/dead-man.ts';
import type { Trading } from './trading/trading.ts';
import type { Latency } from './watch/latency.ts';
import type { LoopDelay } from './watch/loop-delay.ts';

export interface HostParts {
  readonly pid: number;
  readonly version: string;
  readonly runtime: string;
  readonly dataDir: string;
  readonly startedAt: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly native: Native;
  readonly journal: Journal;
  readonly store: Store;
  readonly settingsFile: SettingsFile;
  /** With the limits of the provider's plan in force. */
  readonly settings: () => Settings;
  readonly provider: ProviderSwitch;
  readonly accounts: AccountSwitch;
  readonly arming: LiveArming;
  readonly templates: RunnerTemplates;
  readonly fleet: Fleet;
  readonly meter: Meter;
  readonly trading: Trading;
  readonly deadMan: DeadMan;
  readonly swarm: Swarm;
  readonly vitals: AgentVitals;
  readonly pool: WarmPool;
  readonly messages: MessageRings;
  readonly terminals: Terminals;
  readonly datasets: Datasets;
  readonly latency: Latency;
  readonly loopDelay: LoopDelay;
  readonly backtests: Backtests;
  readonly backtestStore: BacktestStore;
  /** Takes a fresh sample. */
  readonly sampleGauges: () => Gauges;
  /** The sample of the last tick, at most 250 ms old. */
  readonly latestGauges: () => Gauges;
  readonly switchMarket: (choice: MarketChoice) => Promise<{ label: string; symbols: string[] }>;
  /** Resolves when sandboxes and broker can be used, or the host is closed. */
  readonly connected: () => Promise<boolean>;
  readonly rebalanceAll: () => void;
  readonly shutdown: () => void;
}
