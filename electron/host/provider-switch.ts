// Decides which sandbox provider the fleet talks to: what was chosen, when it can be used, and what to say when it cannot.
import type { OutputOf } from '../contract/define-operation.ts';
import { DeskError } from '../contract/errors.ts';
import type { forgetProviderKey, ProviderChoice, showProvider, testProvider } from '../contract/provider.ts';
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';
import type { LocalEndpoint } from './sandboxes/e2b-provider.ts';
import type { Fleet } from './sandboxes/fleet.ts';
import { withPlanLimits } from './sandboxes/plan-limits.ts';
import { apiAddress, assertCloudAllowed } from './sandboxes/provider-address.ts';
import type { SandboxProvider } from './sandboxes/provider.ts';
import { applyTarget, type ProviderTarget } from './sandboxes/provider-target.ts';
import { createUnusableProvider } from './sandboxes/unusable-provider.ts';
import type { Secrets } from './secrets.ts';
import type { SettingsFile } from './settings.ts';
import type { Store } from './store.ts';

const noticeId = 'provider-unusable';
const testTimeoutMs = 10_000;

type View = OutputOf<typeof showProvider>;

export interface ProviderSwitch {
  /** The local services are up: connects the fleet to the chosen provider. One that cannot be used raises a notice. */
  connect(local: LocalEndpoint): Promise<void>;
  /** Compares record and provider. Resolves with adopted slots; rejects only for the local provider. */
  reap(): Promise<string[]>;
  /** The local services are gone, and with them what needs them. */
  disconnect(): void;
  show(): Promise<View>;
  /** Rejects with PROVIDER_IN_USE, PROVIDER_KEY_MISSING, FORBIDDEN_ADDRESS or INVALID_INPUT, and then has changed nothing. */
  use(target: ProviderTarget): Promise<View>;
  /** Lists the sandboxes of a provider. Rejects with the provider's code. */
  test(target: ProviderTarget): Promise<OutputOf<typeof testProvider>>;
  /** Rejects with PROVIDER_IN_USE. */
  forgetKey(): Promise<OutputOf<typeof forgetProviderKey>>;
}

export interface ProviderSwitchParts {
  readonly settingsFile: SettingsFile;
  readonly secrets: Secrets;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly fleet: Pick<Fleet, 'setProvider' | 'aliveSlots' | 'reap'>;
}

/** Creates the switch; the fleet has no provider before `connect`. */
export function createProviderSwitch(parts: ProviderSwitchParts): ProviderSwitch {
  const { settingsFile, secrets, store, clock, fleet } = parts;
  let local: LocalEndpoint | null = null;

  const chosen = (): ProviderChoice => settingsFile.read().provider;

  async function open(
    choice: ProviderChoice,
    { given, ...limits }: { readonly given?: string | undefined; readonly requestTimeoutMs?: number } = {},
  ): Promise<SandboxProvider> {
    // Read here: the SDK takes longer than all else of the host, and nobody needs it before.
    const { createLocalProvider, createCloudProvider } = await import('./sandboxes/e2b-provider.ts');
    if (choice.kind === 'local') return createLocalProvider(localEndpoint());
    const { mode } = store.state();
    const key = given === undefined ? await secrets.key() : { value: given, source: 'given' as const };
    return createCloudProvider({ choice, mode, key, ...limits });
  }

  function localEndpoint(): LocalEndpoint {
    if (local) return local;
    throw new DeskError(
      'LOCAL_SERVICES_DOWN',
      'The local sandbox service is down. It is started again by itself; try again in a moment.',
    );
  }

  function assertIdle(): void {
    const alive = fleet.aliveSlots().length;
    if (alive === 0) return;
    throw new DeskError(
      'PROVIDER_IN_USE',
      `${alive} sandbox${alive === 1 ? ' is' : 'es are'} alive at the present provider, warm ones included. Stop the agents, end the sandboxes and empty the pool first.`,
      { alive },
    );
  }

  function assertAllowed(choice: ProviderChoice): void {
    if (choice.kind === 'e2b') assertCloudAllowed(store.state().mode, choice);
  }

  function put(choice: ProviderChoice, provider: SandboxProvider): void {
    const { notices, provider: before } = store.state();
    if (JSON.stringify(before) !== JSON.stringify(choice))
      store.commit({ kind: 'ProviderChosen', at: clock.now(), choice });
    if (notices.some((notice) => notice.noticeId === noticeId))
      store.commit({ kind: 'NoticeDismissed', at: clock.now(), noticeId });
    fleet.setProvider(provider);
  }

  /** The desk stays up without sandboxes, so that the operator can correct what is wrong. */
  function complain(error: unknown): void {
    const detail = error instanceof Error ? error.message : String(error);
    parts.log.error({ err: error }, 'the sandbox provider cannot be used');
    store.commit({
      kind: 'NoticeRaised',
      at: clock.now(),
      noticeId,
      severity: 'critical',
      title: 'The sandbox provider cannot be used',
      detail,
    });
  }

  async function attach(): Promise<void> {
    const choice = chosen();
    try {
      put(choice, await open(choice));
    } catch (error) {
      if (choice.kind === 'local') throw error;
      const reason = error instanceof Error ? error : new Error(String(error));
      put(choice, createUnusableProvider('e2b', reason));
      complain(error);
    }
  }

  async function show(): Promise<View> {
    const settings = settingsFile.read();
    const choice = settings.provider;
    const { limit, createsPerSecond, maxSessionMs } = withPlanLimits(settings).sandboxes;
    return {
      choice,
      address: choice.kind === 'local' ? (local?.url ?? null) : apiAddress(choice),
      keySource: secrets.source(),
      keyProtection: await secrets.protection(),
      limits: { concurrent: limit, createsPerSecond, maxSessionMs },
    };
  }

  return {
    async connect(endpoint) {
      local = endpoint;
      await attach();
    },
    async reap() {
      try {
        return await fleet.reap();
      } catch (error) {
        if (chosen().kind === 'local') throw error;
        complain(error);
        return [];
      }
    },
    disconnect() {
      local = null;
      fleet.setProvider(null);
    },
    show,
    async use(target) {
      const choice = applyTarget(chosen(), target);
      assertIdle();
      assertAllowed(choice);
      if (target.key !== undefined) await secrets.store(target.key);
      const provider = await open(choice);
      // Again, and with nothing awaited from here on: a deployment may have come between.
      assertIdle();
      settingsFile.change({ provider: choice });
      put(choice, provider);
      return show();
    },
    async test(target) {
      const choice = applyTarget(chosen(), target);
      assertAllowed(choice);
      const provider = await open(choice, { given: target.key, requestTimeoutMs: testTimeoutMs });
      const startedAt = clock.monotonicMs();
      const listed = await provider.list({});
      return {
        ok: true,
        address: choice.kind === 'local' ? localEndpoint().url : apiAddress(choice),
        sandboxes: listed.length,
        tookMs: clock.monotonicMs() - startedAt,
      };
    },
    async forgetKey() {
      if (chosen().kind === 'e2b') assertIdle();
      const forgotten = secrets.forget();
      if (chosen().kind === 'e2b') await attach();
      return { forgotten, keySource: secrets.source() };
    },
  };
}
