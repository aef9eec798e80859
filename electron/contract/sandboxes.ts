// Operations on sandboxes.
import { z } from 'zod';
import { sandboxPhases } from './agent-phase.ts';
import { defineOperation } from './define-operation.ts';
import { Micros } from './money.ts';
import { EpochMs, SandboxId } from './names.ts';

export const SandboxView = z.object({
  sandboxId: SandboxId.nullable(),
  slotId: z.string(),
  template: z.string(),
  state: z.enum(sandboxPhases),
  /** Kept warm for the next deployment; it works for nobody yet. */
  pooled: z.boolean(),
  cpuCount: z.int(),
  memoryMb: z.int(),
  agents: z.array(z.string()),
  requestedAt: EpochMs,
  leaseEndsAt: EpochMs.nullable(),
  /** Posted plus used so far. */
  spendMicros: Micros,
  isolation: z.enum(['isolated', 'not isolated']).nullable(),
});

export const createSandboxes = defineOperation({
  name: 'sandboxes.create',
  summary: 'Create empty sandboxes under a lease.',
  effect: 'spends',
  input: z.object({
    count: z.int().min(1).max(100).default(1).describe('How many sandboxes, 1 to 100'),
    template: z.string().min(1).max(64).default('base').describe('Template to start from'),
  }),
  output: z.object({ sandboxes: z.array(SandboxView) }),
  errors: ['BUDGET_EXCEEDED', 'SANDBOX_UNAVAILABLE', 'TEMPLATE_NOT_FOUND', 'KILL_LATCHED'],
  cli: { command: 'create' },
});

export const listSandboxes = defineOperation({
  name: 'sandboxes.list',
  summary: 'List the sandboxes that are alive, as the desk knows them.',
  effect: 'reads',
  input: z.object({ all: z.boolean().default(false).describe('Include ended ones') }),
  output: z.object({ sandboxes: z.array(SandboxView) }),
  errors: [],
  cli: { command: 'list' },
});

export const destroySandbox = defineOperation({
  name: 'sandboxes.destroy',
  summary: 'End one sandbox; its agents are stopped first.',
  effect: 'stops',
  input: z.object({ id: SandboxId.describe('Sandbox id, as printed by list') }),
  output: z.object({ sandboxId: SandboxId, stoppedAgents: z.array(z.string()) }),
  errors: ['SANDBOX_NOT_FOUND', 'SANDBOX_UNAVAILABLE'],
  cli: { command: 'destroy', positional: ['id'] },
});
