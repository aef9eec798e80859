// What must hold between a desk, its journal and its provider: at every moment, and once everything is calm.
import { DeskError } from '../../electron/contract/errors.ts';
import { DeskEvent } from '../../electron/contract/events.ts';
import type { Sandbox } from '../../electron/contract/state.ts';
import type { Truth, TroubledProvider } from '../support/troubled-provider.ts';
import { type FleetDesk, notOpened } from './fleet-desk.ts';

/** A minute, and what a reaping and the end of a sandbox take. */
const orphanLimitMs = 62_000;

export interface FleetView {
  readonly desk: FleetDesk;
  readonly provider: TroubledProvider;
  readonly payloads: readonly string[];
  readonly budgetMicros: number;
  readonly limit: number;
  readonly successors: ReadonlySet<string>;
  readonly now: number;
  /** Since when the provider answers and the host runs. */
  readonly calmSince: number;
}

/** Names what is wrong at this moment. */
export function judgeMoment(view: FleetView): string[] {
  return [...judgeMoney(view), ...judgeRunning(view), ...judgeLimit(view)];
}

function judgeMoney({ desk, budgetMicros }: FleetView): string[] {
  const { postedMicros, pendingMicros } = desk.ledger.totals();
  const { spend, sandboxes } = desk.store.state();
  const reserved = Object.values(sandboxes).reduce((sum, slot) => sum + slot.reservedMicros, 0);
  const ended = [...desk.endings]
    .filter(([, times]) => times !== 1)
    .map(([id, times]) => `${id} ended ${times} times`);
  return [
    ...ended,
    ...(postedMicros + pendingMicros > budgetMicros
      ? [`over budget: ${postedMicros} + ${pendingMicros}`]
      : []),
    ...(postedMicros === spend.postedMicros
      ? []
      : [`posted ${postedMicros}, on record ${spend.postedMicros}`]),
    ...(pendingMicros === spend.reservedMicros
      ? []
      : [`pending ${pendingMicros}, on record ${spend.reservedMicros}`]),
    ...(reserved === spend.reservedMicros ? [] : [`slots hold ${reserved} of ${spend.reservedMicros}`]),
  ];
}

function judgeRunning(view: FleetView): string[] {
  const complaints: string[] = [];
  for (const [sandboxId, found] of view.provider.truth()) {
    const slot = slotOf(view.desk, sandboxId, found);
    if (found.state === 'running' && !found.stray && (slot?.reservedMicros ?? 0) === 0)
      complaints.push(`${sandboxId} runs without a reservation, its slot is ${slot?.phase ?? 'unknown'}`);
    const unknownMs = view.now - Math.max(found.startedAt, view.calmSince);
    if (!slot && unknownMs > orphanLimitMs) complaints.push(`${sandboxId} is unknown for ${unknownMs} ms`);
  }
  return complaints;
}

function slotOf(desk: FleetDesk, sandboxId: string, { metadata }: Truth): Sandbox | undefined {
  return Object.values(desk.store.state().sandboxes).find(
    (slot) =>
      slot.endedAt === null &&
      (slot.sandboxId === null ? slot.slotId === metadata['slot'] : slot.sandboxId === sandboxId),
  );
}

function judgeLimit({ provider, limit, successors }: FleetView): string[] {
  const running = [...provider.truth().values()].filter(
    ({ state, stray, metadata }) => state === 'running' && !stray && !successors.has(metadata['slot'] ?? ''),
  );
  return running.length > limit ? [`${running.length} sandboxes run, ${limit} are allowed`] : [];
}

/** Names what is not as it should be after two minutes without trouble. */
export function judgeCalm({ desk, provider, payloads }: FleetView): string[] {
  const complaints = judgeNaming(desk, payloads);
  for (const { slotId, sandboxId, phase } of desk.fleet.aliveSlots()) {
    const found = provider.truth().get(sandboxId ?? '');
    const agrees =
      (phase === 'paused' && found?.state === 'paused') || (phase === 'ready' && found?.state === 'running');
    if (!agrees) complaints.push(`${slotId} is ${phase}, its sandbox is ${found?.state ?? 'not there'}`);
    else if (phase === 'ready' && !isHeld(desk, sandboxId ?? ''))
      complaints.push(`${slotId} runs and nobody holds it`);
  }
  for (const [sandboxId, found] of provider.truth())
    if (!slotOf(desk, sandboxId, found))
      complaints.push(`${sandboxId} is ${found.state} and no slot knows it`);
  return complaints;
}

function isHeld(desk: FleetDesk, sandboxId: string): boolean {
  try {
    return desk.fleet.find(sandboxId) !== undefined;
  } catch {
    return false;
  }
}

/** Names what is left after everything was ended. */
export function judgeEnd({ desk, provider }: FleetView): string[] {
  const left = [...provider.truth().keys()].map((sandboxId) => `${sandboxId} outlived the end`);
  const slots = desk.fleet.aliveSlots().map(({ slotId, phase }) => `${slotId} stayed ${phase}`);
  const { reservedMicros } = desk.store.state().spend;
  return [...left, ...slots, ...(reservedMicros === 0 ? [] : [`${reservedMicros} stayed reserved`])];
}

/** What a user of the fleet was told stands in the journal, with the code; unless the slot's end was on record before. */
function judgeNaming(desk: FleetDesk, payloads: readonly string[]): string[] {
  const events = payloads.map((payload) => DeskEvent.parse(JSON.parse(payload)));
  return desk.failures.flatMap(({ slotId, error }) => {
    if (!(error instanceof DeskError)) return [`${slotId} failed with ${String(error)}`];
    const sandboxId = desk.store.state().sandboxes[slotId]?.sandboxId;
    const closings = events.filter(
      (event) =>
        ((event.kind === 'SandboxLost' || event.kind === 'SandboxGivenUp' || event.kind === 'SandboxEnded') &&
          event.slotId === slotId) ||
        (event.kind === 'SandboxEnding' && event.sandboxId === sandboxId),
    );
    const isNamed = closings.some(
      (event) =>
        ('code' in event && event.code === error.code) ||
        (event.kind === 'SandboxEnding' && event.reason === error.message),
    );
    const endedByOthers = closings.some(
      (event) =>
        event.kind === 'SandboxEnded' ||
        ((event.kind === 'SandboxEnding' || event.kind === 'SandboxGivenUp') && event.reason !== notOpened),
    );
    return isNamed || endedByOthers ? [] : [`${slotId}: ${error.code} is not in the journal`];
  });
}
