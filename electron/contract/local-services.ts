// The contract between the host and the local services, which run as a child process and speak E2B's and
// Alpaca's protocols on 127.0.0.1. Messages travel over the child's channel as plain objects.
import { z } from 'zod';
import { MarketChoice } from './market.ts';
import { Micros } from './money.ts';
import { Symbol } from './names.ts';

export const SandboxSize = z.object({
  cpuCount: z.int().positive().default(2),
  memoryMb: z.int().min(32).default(512),
  diskMb: z.int().positive().default(10_240),
});
export type SandboxSize = z.infer<typeof SandboxSize>;

export const LocalServicesConfig = z.object({
  /** Holds sandbox roots (`sandboxes/`) and one demo account per market (`demo-*.db`). Absolute. */
  dataDir: z.string().min(1),
  market: MarketChoice,
  /** `auto` isolates with bubblewrap where it works; `off` never does. */
  isolation: z.enum(['auto', 'off']).default('auto'),
  startingCashMicros: Micros.positive().default(100_000_000_000),
  /** Requests that the broker serves a minute. Alpaca serves 200, or 10,000 for market data. */
  requestsPerMinute: z.int().positive().default(600_000),
  /** Whether the market stands still until it is told to move on, at the broker's `/demo/step`. */
  stepped: z.boolean().default(false),
  /** Whether a simulated market also trades before and after its sessions; the desk trades in the sessions alone. */
  extendedHours: z.boolean().default(false),
  sandboxes: z
    .object({
      /** Sandboxes that run at the same time. */
      limit: z.int().positive().default(1_000),
      createsPerSecond: z.number().positive().default(1_000),
      /** The plan's longest run of a sandbox in one go: E2B allows 1 h (Hobby) or 24 h (Pro). */
      maxSessionS: z
        .int()
        .positive()
        .default(30 * 86_400),
      /** What each sandbox may use; that of the cloud's base template unless given. */
      size: SandboxSize.prefault({}),
      /** Whether a sandbox whose creator asks for it shares this machine's network; isolated ones reach nothing else. */
      internet: z.enum(['never', 'as-asked']).default('never'),
    })
    .prefault({}),
});
export type LocalServicesConfig = z.infer<typeof LocalServicesConfig>;

/** What a client needs to use the services. One set of keys a start. */
export const LocalServicesReady = z.object({
  sandboxUrl: z.url(),
  e2bApiKey: z.string(),
  brokerUrl: z.url(),
  dataStreamUrl: z.url(),
  tradingStreamUrl: z.url(),
  keyId: z.string(),
  secret: z.string(),
  isolation: z.enum(['isolated', 'not isolated']),
  /** What isolates and limits sandboxes and what does not, for example "bubblewrap, cgroup v2 limits on memory and processor time". */
  isolationDetail: z.string(),
  market: z.object({
    source: z.enum(['simulator', 'replay']),
    label: z.string(),
    symbols: z.array(Symbol),
    /** Interval of the bars in the data API's words: "1Min" for the simulator; of the file for a replay, for example "1Day". */
    timeframe: z.string(),
    /** Wall milliseconds between bars. */
    barMs: z.number().positive(),
  }),
});
export type LocalServicesReady = z.infer<typeof LocalServicesReady>;

export const ToLocalServices = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('start'), config: LocalServicesConfig }),
  z.object({ kind: z.literal('stop') }),
]);
export type ToLocalServices = z.infer<typeof ToLocalServices>;

export const FromLocalServices = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready'), ready: LocalServicesReady }),
  /** `code` is an ErrorCode, for example MARKET_FILE_INVALID. */
  z.object({ kind: z.literal('failed'), code: z.string(), message: z.string() }),
]);
export type FromLocalServices = z.infer<typeof FromLocalServices>;
