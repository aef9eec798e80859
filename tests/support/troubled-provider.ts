// A sandbox provider in virtual time that keeps its own truth and answers late, wrongly or never, as it is told.
import { DeskError, type ErrorCode } from '../../electron/contract/errors.ts';
import type { FleetSandbox, ListedSandbox, SandboxProvider } from '../../electron/host/sandboxes/provider.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { VirtualTimers } from './virtual-timers.ts';

/** What becomes of one creation. The lost ones fail for the asker and make a sandbox all the same, at once or later. */
export type CreationFate =
  | { readonly kind: 'works'; readonly tookMs: number }
  | { readonly kind: 'refused'; readonly code: ErrorCode }
  | { readonly kind: 'fails'; readonly status: number }
  | { readonly kind: 'lost'; readonly appearsAfterMs: number };

/** `lost`: it is done, and the answer is not heard. */
export type CallFate = 'works' | 'fails' | 'lost';

export interface Conduct {
  /** Fates of the next creations, first one first; all others work. */
  readonly creations: CreationFate[];
  connect: CallFate;
  extend: CallFate;
  pause: CallFate | 'refused';
  kill: CallFate;
  list: 'works' | 'fails';
  /** Upper bound of what each way of a call takes. */
  latencyMs: number;
}

export interface Truth {
  state: 'running' | 'paused';
  readonly startedAt: number;
  endAt: number;
  readonly metadata: Readonly<Record<string, string>>;
  /** Made outside this desk's knowledge, or so late that nobody could wait for it. */
  readonly stray: boolean;
}

export interface TroubledProvider {
  readonly conduct: Conduct;
  /** What is there, whoever believes what. */
  truth(): ReadonlyMap<string, Truth>;
  /** Everything answers again. */
  heal(): void;
  /** Makes a sandbox with this desk's name that no slot knows. */
  stray(deskId: string): void;
  /** What one host talks to; once it is dead it hears nothing any more, while its requests go on. */
  connection(isDead: () => boolean): SandboxProvider;
}

/** Later than this after its failure nobody can be expected to wait for a creation. */
const lateAppearanceMs = 14_000;

const healthy = { connect: 'works', extend: 'works', pause: 'works', kill: 'works', list: 'works' } as const;
const quickMs = 50;

/** Creates it empty and in good health. */
export function createTroubledProvider(
  timers: VirtualTimers,
  now: () => number,
  random: SeededRandom,
): TroubledProvider {
  const sandboxes = new Map<string, Truth>();
  const conduct: Conduct = { creations: [], ...healthy, latencyMs: quickMs };
  let made = 0;

  function truth(): Map<string, Truth> {
    for (const [id, { state, endAt }] of sandboxes)
      if (state === 'running' && endAt <= now()) sandboxes.delete(id);
    return sandboxes;
  }

  function known(sandboxId: string): Truth {
    const found = truth().get(sandboxId);
    if (found) return found;
    throw new DeskError('SANDBOX_NOT_FOUND', `${sandboxId} is unknown`);
  }

  function make(metadata: Truth['metadata'], timeoutMs: number, stray: boolean): string {
    made += 1;
    sandboxes.set(`s${made}`, {
      state: 'running',
      startedAt: now(),
      endAt: now() + timeoutMs,
      metadata,
      stray,
    });
    return `s${made}`;
  }

  const wait = (ms: number): Promise<void> => new Promise((done) => timers.after(ms, done));

  function connection(isDead: () => boolean): SandboxProvider {
    const never = new Promise<never>(() => undefined);

    /** The way there, the deed, the way back. */
    async function call<T>(fate: () => CallFate, deed: () => T): Promise<T> {
      if (isDead()) return never;
      await wait(random.between(0, conduct.latencyMs));
      const decided = fate();
      const outcome = decided === 'fails' ? null : attempt(deed);
      await wait(random.between(0, conduct.latencyMs));
      if (isDead()) return never;
      if (outcome === null || decided === 'lost') throw unavailable(decided);
      return outcome();
    }

    async function create(metadata: Truth['metadata'], timeoutMs: number): Promise<FleetSandbox> {
      if (isDead()) return never;
      const fate = conduct.creations.shift() ?? {
        kind: 'works',
        tookMs: random.between(0, 2 * conduct.latencyMs),
      };
      await wait(fate.kind === 'works' ? fate.tookMs : random.between(0, conduct.latencyMs));
      const outcome = settle(fate, metadata, timeoutMs);
      await wait(random.between(0, conduct.latencyMs));
      return isDead() ? never : outcome();
    }

    function settle(fate: CreationFate, metadata: Truth['metadata'], timeoutMs: number): () => FleetSandbox {
      switch (fate.kind) {
        case 'works':
          return sandbox(make(metadata, timeoutMs, false));
        case 'refused':
          return failing(new DeskError(fate.code, `refused with ${fate.code}`));
        case 'fails':
          return failing(new DeskError('SANDBOX_UNAVAILABLE', `status ${fate.status}`));
        case 'lost':
          timers.after(fate.appearsAfterMs, () =>
            make(metadata, timeoutMs, fate.appearsAfterMs > lateAppearanceMs),
          );
          return failing(new DeskError('TIMED_OUT', 'the creation was not answered'));
      }
    }

    function sandbox(sandboxId: string): () => FleetSandbox {
      return () => handle(sandboxId);
    }

    function handle(sandboxId: string): FleetSandbox {
      const unused = (): never => {
        throw new Error('nothing runs in these sandboxes');
      };
      return {
        sandboxId,
        upload: unused,
        exec: unused,
        start: unused,
        attach: unused,
        run: unused,
        listFiles: unused,
        fileSize: unused,
        readFile: unused,
        metrics: unused,
        openTerminal: unused,
        isAlive: unused,
        extend: (timeoutMs) =>
          call(
            () => conduct.extend,
            () => void (known(sandboxId).endAt = now() + timeoutMs),
          ),
        pause: () => {
          if (conduct.pause === 'refused')
            return call(
              () => 'works',
              () => {
                throw new DeskError('POOL_UNAVAILABLE', 'pausing is not served here');
              },
            );
          const fate = conduct.pause;
          return call(
            () => fate,
            () => void (known(sandboxId).state = 'paused'),
          );
        },
      };
    }

    return {
      name: 'e2b',
      templates: { list: async () => [], build: () => never },
      create: ({ metadata, timeoutMs }) => create(metadata, timeoutMs),
      connect: (sandboxId, timeoutMs) =>
        call(
          () => conduct.connect,
          () => {
            const found = known(sandboxId);
            found.endAt =
              found.state === 'paused' ? now() + timeoutMs : Math.max(found.endAt, now() + timeoutMs);
            found.state = 'running';
            return handle(sandboxId);
          },
        ),
      list: (wanted) =>
        call(
          () => conduct.list,
          () => listed(wanted),
        ),
      kill: (sandboxId) =>
        call(
          () => conduct.kill,
          () => truth() && sandboxes.delete(sandboxId),
        ),
    };
  }

  function listed(wanted: Readonly<Record<string, string>>): ListedSandbox[] {
    return [...truth()]
      .filter(([, { metadata }]) => Object.entries(wanted).every(([key, value]) => metadata[key] === value))
      .map(([sandboxId, { state, startedAt, endAt, metadata }]) => ({
        sandboxId,
        state,
        startedAt,
        endAt,
        metadata,
      }));
  }

  return {
    conduct,
    truth,
    heal() {
      Object.assign(conduct, healthy, { latencyMs: quickMs });
      conduct.creations.length = 0;
    },
    stray: (deskId) => void make({ desk: deskId, slot: 'slot-of-nobody' }, 3_600_000, true),
    connection,
  };
}

/** What the deed gave or threw is heard only later. */
function attempt<T>(deed: () => T): () => T {
  try {
    const value = deed();
    return () => value;
  } catch (error) {
    return failing(error);
  }
}

function failing(error: unknown): () => never {
  return () => {
    throw error;
  };
}

function unavailable(fate: CallFate): DeskError {
  return new DeskError('SANDBOX_UNAVAILABLE', fate === 'lost' ? 'the answer was lost' : 'status 503');
}
