// How slots get their sandboxes: created in turn or resumed, and looked for when the answer to a creation is lost.
import { DeskError, type ErrorCode } from '../../contract/errors.ts';
import type { Settings } from '../../contract/market.ts';
import type { Sandbox } from '../../contract/state.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store.ts';
import { timed } from '../timed.ts';
import type { SlotClosing } from './close-slots.ts';
import type { CreationQueue } from './creation-queue.ts';
import type { FleetSandbox, SandboxProvider } from './provider.ts';
import { recordFound } from './record-found.ts';
import type { RunnerTemplates } from './runner-templates.ts';
import type { SlotsInHand } from './slots-in-hand.ts';

/** After any other failure of a creation its sandbox may run. */
const refusals: ReadonlySet<ErrorCode> = new Set([
  'CANCELLED',
  'FORBIDDEN_ADDRESS',
  'PROVIDER_KEY_MISSING',
  'PROVIDER_KEY_REFUSED',
  'PROVIDER_PLAN_EXCEEDED',
  'QUOTA_EXCEEDED',
  'RATE_LIMITED',
  'TEMPLATE_NOT_FOUND',
]);

export interface SlotOpeningParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly deskId: string;
  readonly settings: () => Settings['sandboxes'];
  readonly templates: RunnerTemplates;
  readonly queue: CreationQueue;
  readonly closing: SlotClosing;
  readonly inHand: SlotsInHand;
  readonly opened: Map<string, FleetSandbox>;
  /** Slots whose creation the provider was asked for and has not answered. */
  readonly asked: Set<string>;
  /** Throws SANDBOX_UNAVAILABLE while there is none. */
  readonly provider: () => SandboxProvider;
  readonly onOpened: (kind: 'create' | 'resume', durationMs: number, failed: boolean) => void;
  /** What the provider has was changed. */
  readonly onChanged: () => void;
}

/** Creates the function that opens a reserved slot; see `Fleet.open`. */
export function createSlotOpening(parts: SlotOpeningParts): (slotId: string) => Promise<FleetSandbox> {
  const { store, clock, log, closing, inHand, opened, asked } = parts;

  function slotOf(slotId: string): Sandbox | undefined {
    return store.state().sandboxes[slotId];
  }

  async function open(slotId: string): Promise<FleetSandbox> {
    const slot = slotOf(slotId);
    if (!slot || slot.endedAt !== null)
      throw new DeskError('SANDBOX_NOT_FOUND', `There is no slot ${slotId}.`, { slotId });
    const held = opened.get(slotId);
    if (held) return held;
    inHand.take(slotId, 'open');
    try {
      // Journalled before it is asked for: a sandbox that costs money is never unknown after a crash.
      await store.flush();
      const sandbox = slot.sandboxId === null ? await create(slotId) : await resume(slot, slot.sandboxId);
      await assertWanted(slotId, sandbox);
      opened.set(slotId, sandbox);
      return sandbox;
    } finally {
      inHand.release(slotId, 'reserved', 'open');
      parts.onChanged();
    }
  }

  async function create(slotId: string): Promise<FleetSandbox> {
    const { leaseMs } = parts.settings();
    try {
      const { sandbox, template } = await createFrom(slotOf(slotId)?.template ?? '', slotId, leaseMs);
      const { sandboxId } = sandbox;
      const at = clock.now();
      if (slotOf(slotId)?.endedAt === null)
        store.commit({ kind: 'SandboxCreated', at, slotId, sandboxId, leaseEndsAt: at + leaseMs, template });
      return sandbox;
    } catch (error) {
      const isRefused = error instanceof DeskError && refusals.has(error.code);
      if (isRefused || !asked.has(slotId)) {
        closing.lose(slotId, error);
        throw error;
      }
      const found = await look(slotId);
      if (found) return found;
      closing.giveUp(slotId, error);
      throw error;
    } finally {
      asked.delete(slotId);
    }
  }

  /** Without the template that carries the runner, there is still the base. */
  async function createFrom(
    template: string,
    slotId: string,
    timeoutMs: number,
  ): Promise<{ sandbox: FleetSandbox; template: string }> {
    const metadata = { desk: parts.deskId, slot: slotId };
    try {
      const sandbox = await parts.queue.add(() => {
        const slot = slotOf(slotId);
        if (slot?.endedAt !== null || slot.givenUpAt !== null) throw ended(slotId);
        const provider = parts.provider();
        asked.add(slotId);
        return measured('create', () => provider.create({ template, metadata, timeoutMs }));
      });
      return { sandbox, template };
    } catch (error) {
      const isGone = error instanceof DeskError && error.code === 'TEMPLATE_NOT_FOUND';
      if (!isGone || !parts.templates.isOurs(template)) throw error;
      parts.templates.lose(template, error.message);
      return createFrom(parts.templates.inUse(parts.provider()), slotId, timeoutMs);
    }
  }

  /** The creation was asked for and its answer is lost: takes what it made, if that is there already. */
  async function look(slotId: string): Promise<FleetSandbox | null> {
    try {
      const listed = await parts.provider().list({ desk: parts.deskId, slot: slotId });
      const found = listed.find(({ state }) => state === 'running');
      if (!found || slotOf(slotId)?.endedAt !== null) return null;
      const leftMs = Math.max(1, found.endAt - clock.now());
      const sandbox = await parts.provider().connect(found.sandboxId, leftMs);
      recordFound(store, clock, slotId, found);
      log.warn(
        { slotId, sandboxId: found.sandboxId },
        'found the sandbox of a creation that was not answered',
      );
      return sandbox;
    } catch (error) {
      log.warn({ err: error, slotId }, 'not known whether a creation made a sandbox');
      return null;
    }
  }

  async function resume(slot: Sandbox, sandboxId: string): Promise<FleetSandbox> {
    const { slotId } = slot;
    const leftMs = Math.max(1, (slot.leaseEndsAt ?? 0) - clock.now());
    try {
      const sandbox = await measured('resume', () => parts.provider().connect(sandboxId, leftMs));
      // Connecting only lengthens a life; this makes the provider's timeout the reservation's.
      await sandbox.extend(leftMs);
      return sandbox;
    } catch (error) {
      // It may run all the same: lost only once it is ended for certain, and else the reaper's to end.
      await parts
        .provider()
        .kill(sandboxId)
        .then(() => closing.lose(slotId, error))
        .catch((cause: unknown) => {
          log.warn({ err: cause, slotId }, 'sandbox not ended');
          closing.oweEnd(slotId, error instanceof Error ? error.message : String(error));
        });
      throw error;
    }
  }

  /** Its end may have been asked for while it was made. */
  async function assertWanted(slotId: string, { sandboxId }: FleetSandbox): Promise<void> {
    const slot = slotOf(slotId);
    if (slot?.endedAt === null && slot.givenUpAt === null && slot.phase === 'ready') return;
    if (slot?.endedAt === null) await closing.end(slotId, slot.phaseReason);
    else await parts.provider().kill(sandboxId);
    throw ended(slotId);
  }

  function measured<T>(kind: 'create' | 'resume', run: () => Promise<T>): Promise<T> {
    return timed(clock.monotonicMs, run, (durationMs, failed) => parts.onOpened(kind, durationMs, failed));
  }

  return open;
}

function ended(slotId: string): DeskError {
  return new DeskError('CANCELLED', `Slot ${slotId} was ended while its sandbox was made.`);
}
