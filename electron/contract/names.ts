// The field's words as schemas. One spelling each; doors, events and state all use these.
import { z } from 'zod';
import { strategyCatalogue } from './strategy-catalogue.ts';

export const Mode = z.enum(['demo', 'paper', 'live']);
export type Mode = z.infer<typeof Mode>;

/** The ones that can be deployed. */
export const strategies = strategyCatalogue.filter((strategy) => strategy.deployable).map(({ id }) => id);
export const StrategyId = z.enum(strategies);
export type StrategyId = z.infer<typeof StrategyId>;

export const Side = z.enum(['buy', 'sell']);
export type Side = z.infer<typeof Side>;

export const KillPolicy = z.enum(['flatten', 'keep', 'keep-hedged']);
export type KillPolicy = z.infer<typeof KillPolicy>;

/** Who asked: a window, a command line, or the host itself (a lease ran out, a service died). */
export const Actor = z.enum(['window', 'cli', 'host']);
export type Actor = z.infer<typeof Actor>;

/** "momentum-01". */
export const AgentId = z.string().regex(/^[a-z0-9-]{1,64}$/, 'an agent id looks like "momentum-01"');
/** As the provider names it. */
export const SandboxId = z
  .string()
  .regex(/^[a-z0-9]{1,64}$/, 'a sandbox id is lower-case letters and digits');
/** "term-1f2e…", given by the host. */
export const TerminalId = z.string().regex(/^term-[a-z0-9]{1,32}$/, 'a terminal id looks like "term-0a1b2c"');
/** As the broker lists it: AAPL, BRK.B, BTC/USD, and options by their OCC name, for example AAPL261218C00250000. */
export const Symbol = z
  .string()
  .regex(/^[A-Z][A-Z0-9.^/-]{0,24}$/, 'a symbol is upper case, for example AAPL');

/** Operations that have a latency target. Targets are the promised ones, in milliseconds at P95. */
export const slaTargetsMs = { create: 5_000, exec: 2_000, status: 500, deploy: 6_000 } as const;
export type SlaOperation = keyof typeof slaTargetsMs;
export const SlaOperation = z.enum(['create', 'exec', 'status', 'deploy']);

/** Milliseconds since the Unix epoch, on the host's wall clock unless the name says market. */
export const EpochMs = z.int().nonnegative();
/** Start of a bar, ms since the Unix epoch; negative before. */
export const BarStart = z.int();
