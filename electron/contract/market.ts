// Operations on the demo market and the desk's settings.
import { z } from 'zod';
import { DeadManLeaseS, DeadManSettings } from './dead-man.ts';
import { defineOperation } from './define-operation.ts';
import { Micros } from './money.ts';
import { Symbol } from './names.ts';
import { ProviderChoice } from './provider.ts';

/**
 * How orders fill in the demo market: as documented of Alpaca's paper accounts (at the quote whatever the size, one in
 * ten in part), or realistically (displayed size, worse prices beyond it, latency, regulatory fees).
 */
export const FillProfile = z.enum(['alpaca-paper', 'realistic']);
export type FillProfile = z.infer<typeof FillProfile>;

export const MarketChoice = z.discriminatedUnion('source', [
  z.object({
    source: z.literal('simulator'),
    seed: z.int().min(0).max(0xffff_ffff).default(1),
    /** Market seconds per wall second. */
    speed: z.number().min(1).max(10_000).default(60),
    /** As a paper account unless given. */
    fills: FillProfile.optional(),
  }),
  z.object({
    source: z.literal('replay'),
    /** "sp500" for the bundled sample, or the path of a CSV with date, open, high, low, close, volume. */
    file: z.string().min(1).default('sp500'),
    /** Name of the instrument in the file; derived from the file's name when left out. */
    symbol: Symbol.optional(),
    barsPerSecond: z.number().min(0.1).max(200).default(20),
  }),
]);
export type MarketChoice = z.infer<typeof MarketChoice>;

export const listMarkets = defineOperation({
  name: 'market.sources',
  summary: 'List the demo markets that can be chosen, and the one in use.',
  effect: 'reads',
  input: z.object({}),
  output: z.object({
    current: MarketChoice,
    sources: z.array(
      z.object({
        id: z.enum(['simulator', 'sp500', 'csv']),
        label: z.string(),
        available: z.boolean(),
        detail: z.string(),
      }),
    ),
  }),
  errors: [],
  cli: { command: 'markets' },
});

export const chooseMarket = defineOperation({
  name: 'market.choose',
  summary: 'Switch the demo market: the simulator, or a replay of real bars. No agent may be running.',
  effect: 'writes',
  input: z.object({
    source: z.enum(['simulator', 'replay']).describe('simulator or replay'),
    file: z.string().min(1).optional().describe('Replay: "sp500" or the path of a CSV file'),
    symbol: Symbol.optional().describe('Replay: name of the instrument in the file'),
    barsPerSecond: z.number().min(0.1).max(200).optional().describe('Replay: bars a second, 0.1 to 200'),
    speed: z
      .number()
      .min(1)
      .max(10_000)
      .optional()
      .describe('Simulator: market seconds per second, 1 to 10,000'),
    seed: z.int().min(0).max(0xffff_ffff).optional().describe('Simulator: seed'),
    fills: FillProfile.optional().describe(
      'Simulator: how orders fill, alpaca-paper as documented of its paper accounts, realistic with displayed size, latency and fees',
    ),
  }),
  output: z.object({ label: z.string(), symbols: z.array(Symbol) }),
  errors: ['MARKET_IN_USE', 'MARKET_FILE_INVALID', 'LOCAL_SERVICES_DOWN'],
  cli: { command: 'market' },
});

export const Settings = z.object({
  theme: z.enum(['system', 'dark', 'light']).default('system'),
  budgetMicros: Micros.min(0).default(5_000_000),
  /** IANA name; the budget day starts at its midnight. */
  timeZone: z.string().default(() => Intl.DateTimeFormat().resolvedOptions().timeZone),
  market: MarketChoice.default({ source: 'simulator', seed: 1, speed: 60 }),
  sandboxes: z
    .object({
      cpuCount: z.int().min(1).max(8).default(2),
      memoryMb: z.int().min(128).max(8_192).default(512),
      leaseMs: z.int().min(60_000).max(3_600_000).default(600_000),
      limit: z.int().min(1).max(1_000).default(100),
      createsPerSecond: z.number().min(0.1).max(1_000).default(50),
      /** Creations under way at the same time. */
      createConcurrency: z.int().min(1).max(100).default(16),
      /** Ten agents share a price; more than that also share a fate. */
      agentsPerSandboxMax: z.int().min(1).max(25).default(10),
      /** Sandboxes that ten or more agents are spread over at least. */
      failureDomains: z.int().min(1).max(10).default(2),
      /** Longest run of one sandbox before a successor takes over. E2B allows 1 h (Hobby) or 24 h (Pro). */
      maxSessionMs: z.int().min(10_000).max(86_400_000).default(86_400_000),
    })
    .prefault({}),
  provider: ProviderChoice.default({ kind: 'local' }),
  pool: z
    .object({
      /** Sandboxes kept ready with the runner, paused unless asked otherwise. */
      size: z.int().min(0).max(50).default(5),
    })
    .prefault({}),
  deadMan: DeadManSettings,
});
export type Settings = z.infer<typeof Settings>;

export const readSettings = defineOperation({
  name: 'settings.read',
  summary: 'Show the settings.',
  effect: 'reads',
  input: z.object({}),
  output: Settings,
  errors: [],
  cli: { command: 'settings' },
});

export const changeSettings = defineOperation({
  name: 'settings.change',
  summary: 'Change the theme, the daily budget or the dead-man lease.',
  effect: 'writes',
  input: z.object({
    theme: z.enum(['system', 'dark', 'light']).optional().describe('Colours of the window'),
    budget: z.number().min(0).max(100_000).optional().describe('Daily budget, USD'),
    deadMan: DeadManLeaseS.optional().describe('Dead-man lease, seconds, 5 to 300'),
  }),
  output: Settings,
  errors: ['SETTINGS_INVALID'],
  cli: { command: 'set' },
});
