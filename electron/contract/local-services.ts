// The contract between the host and the local services, which run as a child process and speak E2B's and
// Alpaca's protocols on 127.0.0.1. Messages travel over the child's channel as plain objects.
import { z } from 'zod';
import { MarketChoice } from './market.ts';
import { Micros } from './money.ts';
import { Symbol } from './names.ts';

export const LocalServicesConfig = z.object({
  /** Holds sandbox roots (`sandboxes/`) and one demo account per market (`demo-*.db`). Absolute. */
  dataDir: z.string().min(1),
  market: MarketChoice,
  /** `auto` isolates with bubblewrap where it works; `off` never does. */
  isolation: z.enum(['auto', 'off']).default('auto'),
  startingCashMicros: Micros.positive().default(100_000_000_000),
  sandboxes: z
    .object({
      limit: z.int().positive().default(1_000),
      createsPerSecond: z.number().positive().default(1_000),
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
