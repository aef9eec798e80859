// The frames and messages of docs/link-protocol.md as schemas. What a sandbox writes is never trusted unparsed.
import { z } from 'zod';
import { DecisionAction } from '../../contract/execute.ts';
import type { Bar } from '../../contract/bar.ts';
import { PriceTicks, QtyNanos } from '../../contract/money.ts';
import { AgentId, Symbol } from '../../contract/names.ts';

const longestStateChars = 400_000;
const numbered = { n: z.int().positive() };

const AgentBeat = z.object({
  agentId: AgentId,
  barsSeen: z.int().nonnegative(),
  warm: z.boolean(),
  decisions: z.int().nonnegative(),
  state: z.string().max(32),
});
export type AgentBeat = z.infer<typeof AgentBeat>;

export const RunnerMessage = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('ready'),
    runnerId: z.string(),
    version: z.string(),
    lastN: z.int().nonnegative(),
    agents: z.array(AgentId),
  }),
  z.object({
    kind: z.literal('heartbeat'),
    at: z.number(),
    lastN: z.int().nonnegative(),
    agents: z.array(AgentBeat),
    silent: z.boolean(),
  }),
  z.object({
    kind: z.literal('decision'),
    agentId: AgentId,
    symbol: Symbol,
    barAt: z.int(),
    sentAt: z.number(),
    tookUs: z.number(),
    action: DecisionAction,
    reason: z.string().max(400),
  }),
  z.object({
    kind: z.literal('learnt'),
    agentId: AgentId,
    symbol: Symbol,
    barAt: z.int(),
    state: z.hex().max(longestStateChars),
  }),
  z.object({
    kind: z.literal('target'),
    ...numbered,
    agentId: AgentId,
    symbol: Symbol,
    qtyNanos: QtyNanos,
    priceTicks: PriceTicks,
    barAt: z.int(),
    sentAt: z.number(),
    reason: z.string().max(400),
  }),
  z.object({ kind: z.literal('agentFailed'), ...numbered, agentId: AgentId, reason: z.string().max(400) }),
  z.object({ kind: z.literal('removed'), ...numbered, agentId: AgentId }),
  z.object({ kind: z.literal('refused'), ...numbered, reason: z.string().max(600) }),
  z.object({ kind: z.literal('overflow'), unacknowledged: z.int() }),
]);
export type RunnerMessage = z.infer<typeof RunnerMessage>;
export type NumberedMessage = Extract<RunnerMessage, { n: number }>;

export interface LinkAgent {
  readonly agentId: string;
  readonly strategy: string;
  readonly symbols: readonly string[];
  readonly params: Readonly<Record<string, number>>;
  readonly maxPositionMicros: number;
}

export type HostFrame =
  | {
      readonly kind: 'hello';
      readonly runnerId: string;
      readonly hostSilenceMs: number;
      readonly agents: readonly LinkAgent[];
    }
  | { readonly kind: 'warmup'; readonly symbol: string; readonly bars: readonly Bar[] }
  | { readonly kind: 'bars'; readonly sentAt: number; readonly bars: readonly Bar[] }
  | {
      readonly kind: 'recall';
      readonly agentId: string;
      readonly symbol: string;
      readonly barAt: number;
      readonly state: string;
    }
  | { readonly kind: 'ack'; readonly through: number }
  | { readonly kind: 'resume'; readonly after: number }
  | { readonly kind: 'beat' }
  | { readonly kind: 'pauseAgent' | 'resumeAgent' | 'removeAgent'; readonly agentId: string }
  | { readonly kind: 'stop' };

/** Parses one line of a runner. Null when it is not a message of the protocol. */
export function parseRunnerLine(line: string): RunnerMessage | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  const parsed = RunnerMessage.safeParse(value);
  return parsed.success ? parsed.data : null;
}
