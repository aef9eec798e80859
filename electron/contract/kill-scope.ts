// What a kill stops and its latch keeps stopped, as one string: everything, the account, a strategy, an agent.
import { z } from 'zod';

export const KillScope = z
  .string()
  .regex(
    /^(all|account|strategy:[a-z0-9-]{1,64}|agent:[a-z0-9-]{1,64})$/,
    'give all, account, strategy:NAME or agent:ID',
  );
export type KillScope = z.infer<typeof KillScope>;

export interface ScopeParts {
  readonly kind: 'all' | 'account' | 'strategy' | 'agent';
  /** Of the strategy or the agent; empty for the wide ones. */
  readonly name: string;
}

/** Takes a scope apart. */
export function scopeParts(scope: KillScope): ScopeParts {
  if (scope.startsWith('strategy:')) return { kind: 'strategy', name: scope.slice('strategy:'.length) };
  if (scope.startsWith('agent:')) return { kind: 'agent', name: scope.slice('agent:'.length) };
  return { kind: scope === 'account' ? 'account' : 'all', name: '' };
}

/** True for the scopes that stop the whole account: their latch is the one on entries. */
export function isWide(scope: KillScope): boolean {
  const { kind } = scopeParts(scope);
  return kind === 'all' || kind === 'account';
}

/** Whether the scope takes the agent in. */
export function isInScope(
  scope: KillScope,
  agent: { readonly agentId: string; readonly strategy: string },
): boolean {
  const { kind, name } = scopeParts(scope);
  if (kind === 'strategy') return agent.strategy === name;
  return kind === 'agent' ? agent.agentId === name : true;
}

/** The scope in words, as the object of a sentence. */
export function scopeWords(scope: KillScope): string {
  const { kind, name } = scopeParts(scope);
  if (kind === 'strategy') return `the strategy ${name}`;
  if (kind === 'agent') return name;
  return kind === 'account' ? 'the account' : 'everything';
}
