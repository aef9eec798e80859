// The part of the state that events about sandboxes change, with what they cost.
import { canMoveSandbox } from './agent-phase.ts';
import { dropOldest } from './drop-oldest.ts';
import type { EventOf } from './events.ts';
import type { DeskState, Sandbox } from './state.ts';

const keptSandboxes = 200;
const keptTemplates = 20;

/** Changes one slot; a phase that the state machine does not allow changes nothing. */
export function changeSandbox(
  state: DeskState,
  slotId: string,
  change: (sandbox: Sandbox) => Partial<Sandbox>,
): DeskState {
  const sandbox = state.sandboxes[slotId];
  if (!sandbox) return state;
  const changed = { ...sandbox, ...change(sandbox) };
  const isAllowed = changed.phase === sandbox.phase || canMoveSandbox(sandbox.phase, changed.phase);
  return isAllowed ? { ...state, sandboxes: { ...state.sandboxes, [slotId]: changed } } : state;
}

export function slotOf(state: DeskState, sandboxId: string): Sandbox | undefined {
  return Object.values(state.sandboxes).find((sandbox) => sandbox.sandboxId === sandboxId);
}

function charge(state: DeskState, postedMicros: number, reservedChangeMicros: number): DeskState {
  const { spend } = state;
  return {
    ...state,
    spend: {
      ...spend,
      postedMicros: spend.postedMicros + postedMicros,
      reservedMicros: spend.reservedMicros + reservedChangeMicros,
    },
  };
}

export function requestSandbox(state: DeskState, event: EventOf<'SandboxRequested'>): DeskState {
  const sandbox: Sandbox = {
    slotId: event.slotId,
    sandboxId: null,
    template: event.template,
    cpuCount: event.cpuCount,
    memoryMb: event.memoryMb,
    phase: 'creating',
    phaseReason: 'requested',
    requestedAt: event.at,
    createdAt: null,
    givenUpAt: null,
    endedAt: null,
    leaseEndsAt: null,
    sessionStartedAt: null,
    pooled: false,
    reservedMicros: event.reservedMicros,
    postedMicros: 0,
    meteredFrom: event.at,
  };
  const sandboxes = dropOldest(
    { ...state.sandboxes, [event.slotId]: sandbox },
    keptSandboxes,
    (old) => old.endedAt !== null,
  );
  return charge({ ...state, sandboxes }, 0, event.reservedMicros);
}

export function createSandbox(state: DeskState, event: EventOf<'SandboxCreated'>): DeskState {
  const startedAt = event.startedAt ?? event.at;
  return changeSandbox(state, event.slotId, (sandbox) => ({
    phase: 'ready',
    phaseReason: sandbox.givenUpAt === null ? 'created' : sandbox.phaseReason,
    sandboxId: event.sandboxId,
    template: event.template ?? sandbox.template,
    createdAt: startedAt,
    leaseEndsAt: event.leaseEndsAt,
    sessionStartedAt: startedAt,
    // A budget day may have started since.
    meteredFrom: Math.max(startedAt, event.startedAt === undefined ? 0 : sandbox.meteredFrom),
  }));
}

export function giveUpSandbox(state: DeskState, event: EventOf<'SandboxGivenUp'>): DeskState {
  return changeSandbox(state, event.slotId, (sandbox) =>
    sandbox.phase === 'creating' ? { givenUpAt: event.at, phaseReason: event.reason } : {},
  );
}

export function renewLease(state: DeskState, event: EventOf<'SandboxLeaseRenewed'>): DeskState {
  const slot = slotOf(state, event.sandboxId);
  if (!slot) return state;
  const renewed = changeSandbox(state, slot.slotId, (sandbox) => ({
    leaseEndsAt: event.leaseEndsAt,
    reservedMicros: event.reservedMicros,
    postedMicros: sandbox.postedMicros + event.postedMicros,
    meteredFrom: event.at,
  }));
  return charge(renewed, event.postedMicros, event.reservedMicros - slot.reservedMicros);
}

export function pauseSandbox(state: DeskState, event: EventOf<'SandboxPaused'>): DeskState {
  const slot = state.sandboxes[event.slotId];
  if (slot?.phase !== 'ready') return state;
  const paused = changeSandbox(state, event.slotId, (sandbox) => ({
    phase: 'paused',
    phaseReason: event.reason,
    leaseEndsAt: null,
    sessionStartedAt: null,
    reservedMicros: 0,
    postedMicros: sandbox.postedMicros + event.postedMicros,
    meteredFrom: event.at,
  }));
  return charge(paused, event.postedMicros, -slot.reservedMicros);
}

export function resumeSandbox(state: DeskState, event: EventOf<'SandboxResumed'>): DeskState {
  if (state.sandboxes[event.slotId]?.phase !== 'paused') return state;
  const resumed = changeSandbox(state, event.slotId, () => ({
    phase: 'ready',
    phaseReason: 'resumed',
    leaseEndsAt: event.leaseEndsAt,
    sessionStartedAt: event.at,
    reservedMicros: event.reservedMicros,
    meteredFrom: event.at,
  }));
  return charge(resumed, 0, event.reservedMicros);
}

export function closeSandbox(
  state: DeskState,
  slotId: string,
  postedMicros: number,
  at: number,
  phase: 'ended' | 'lost',
  reason: string,
): DeskState {
  const slot = state.sandboxes[slotId];
  if (!slot || slot.endedAt !== null || !canMoveSandbox(slot.phase, phase)) return state;
  const closed = changeSandbox(state, slotId, (sandbox) => ({
    phase,
    phaseReason: reason,
    endedAt: at,
    leaseEndsAt: null,
    sessionStartedAt: null,
    reservedMicros: 0,
    postedMicros: sandbox.postedMicros + postedMicros,
    meteredFrom: at,
  }));
  return charge(closed, postedMicros, -slot.reservedMicros);
}

export function buildTemplate(state: DeskState, event: EventOf<'TemplateBuilt'>): DeskState {
  const { templateId, name, provider, runnerHash, cpuCount, memoryMb, at: builtAt } = event;
  const { [templateId]: _, ...others } = state.templates;
  const built = { templateId, name, provider, runnerHash, cpuCount, memoryMb, builtAt };
  return {
    ...state,
    templates: dropOldest({ ...others, [templateId]: built }, keptTemplates, () => true),
  };
}

export function loseTemplate(state: DeskState, event: EventOf<'TemplateLost'>): DeskState {
  const { [event.templateId]: _, ...templates } = state.templates;
  return { ...state, templates };
}
