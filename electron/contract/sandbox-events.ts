// What happened to sandboxes, their templates, and the terminals inside them.
import { z } from 'zod';
import { Micros } from './money.ts';
import { Actor, EpochMs, SandboxId, TerminalId } from './names.ts';

const at = EpochMs;

export const SandboxEvent = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('SandboxRequested'),
    at,
    /** Ours until the provider answers with its own id. */
    slotId: z.string(),
    template: z.string(),
    cpuCount: z.int().positive(),
    memoryMb: z.int().positive(),
    reservedMicros: Micros,
  }),
  z.object({
    kind: z.literal('SandboxCreated'),
    at,
    slotId: z.string(),
    sandboxId: SandboxId,
    leaseEndsAt: EpochMs,
    /** Where it is not the one that was requested. */
    template: z.string().optional(),
    /** Where it ran already when it was found. */
    startedAt: EpochMs.optional(),
  }),
  /** Nobody waits for its creation any more. It may run all the same: its reservation stays until the provider has said. */
  z.object({
    kind: z.literal('SandboxGivenUp'),
    at,
    slotId: z.string(),
    reason: z.string(),
    /** Of the failure, where it was one. */
    code: z.string().optional(),
  }),
  z.object({
    kind: z.literal('SandboxLeaseRenewed'),
    at,
    sandboxId: SandboxId,
    leaseEndsAt: EpochMs,
    reservedMicros: Micros,
    postedMicros: Micros,
  }),
  /** Stops costing: what was used is posted and the reservation given back. */
  z.object({
    kind: z.literal('SandboxPaused'),
    at,
    slotId: z.string(),
    reason: z.string(),
    postedMicros: Micros,
  }),
  /** Runs again under a new lease; the provider counts a new session. */
  z.object({
    kind: z.literal('SandboxResumed'),
    at,
    slotId: z.string(),
    leaseEndsAt: EpochMs,
    reservedMicros: Micros,
  }),
  /** The sandbox was started, or is kept, for the warm pool. */
  z.object({ kind: z.literal('SandboxPooled'), at, slotId: z.string(), pooled: z.boolean() }),
  /** The provider has a template with this runner in it; `existed` when nothing had to be built. */
  z.object({
    kind: z.literal('TemplateBuilt'),
    at,
    templateId: z.string(),
    name: z.string(),
    provider: z.enum(['local', 'e2b']),
    /** SHA-256 of the runner, hex. */
    runnerHash: z.string(),
    cpuCount: z.int().positive(),
    memoryMb: z.int().positive(),
    existed: z.boolean(),
  }),
  /** The provider does not know the template any more. */
  z.object({ kind: z.literal('TemplateLost'), at, templateId: z.string(), reason: z.string() }),
  z.object({ kind: z.literal('SandboxEnding'), at, sandboxId: SandboxId, reason: z.string() }),
  z.object({ kind: z.literal('SandboxEnded'), at, slotId: z.string(), postedMicros: Micros }),
  z.object({
    kind: z.literal('SandboxLost'),
    at,
    slotId: z.string(),
    reason: z.string(),
    /** Of the failure, where it was one. */
    code: z.string().optional(),
    postedMicros: Micros,
  }),

  /** Somebody looks into a sandbox. What is typed and shown is not kept. */
  z.object({
    kind: z.literal('TerminalOpened'),
    at,
    terminalId: TerminalId,
    sandboxId: SandboxId,
    actor: Actor,
  }),
  z.object({
    kind: z.literal('TerminalClosed'),
    at,
    terminalId: TerminalId,
    sandboxId: SandboxId,
    /** Who ended it; `host` also for the shell's own end. */
    actor: Actor,
    reason: z.string(),
  }),
]);
