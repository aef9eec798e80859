// A sandbox provider in memory: counts what is asked, fails on request, ends sandboxes when their timeout is over.
import { DeskError } from '../../electron/contract/errors.ts';
import type {
  FleetSandbox,
  ListedTemplate,
  SandboxProvider,
  TemplateRequest,
} from '../../electron/host/sandboxes/provider.ts';

interface FakeSandbox {
  state: 'running' | 'paused';
  endAt: number;
  readonly startedAt: number;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface FakeProvider extends SandboxProvider {
  readonly sandboxes: Map<string, FakeSandbox>;
  /** Failures of the next creations, first one first. */
  readonly createFailures: DeskError[];
  /** Every call, for example "create", "pause s1". */
  readonly calls: string[];
  pauseRefused: boolean;
  extendFails: boolean;
  /** When set, what is created is answered by hand. */
  held: (() => void)[] | null;
  /** Templates there are, beside the base. */
  readonly built: ListedTemplate[];
  /** How a build ends; at once and well unless set. */
  onBuild: (request: TemplateRequest) => Promise<void>;
}

/** Creates an empty provider on the clock. */
export function createFakeProvider(now: () => number, name: 'local' | 'e2b' = 'e2b'): FakeProvider {
  const sandboxes = new Map<string, FakeSandbox>();
  let created = 0;

  function expire(): void {
    for (const [id, sandbox] of sandboxes)
      if (sandbox.state === 'running' && sandbox.endAt <= now()) sandboxes.delete(id);
  }

  function known(sandboxId: string): FakeSandbox {
    expire();
    const sandbox = sandboxes.get(sandboxId);
    if (!sandbox) throw new DeskError('SANDBOX_NOT_FOUND', `${sandboxId} is unknown`);
    return sandbox;
  }

  function handle(sandboxId: string): FleetSandbox {
    const unused = (): never => {
      throw new Error('this test runs nothing in a sandbox');
    };
    return {
      sandboxId,
      upload: async () => void provider.calls.push(`upload ${sandboxId}`),
      exec: async (command) => {
        provider.calls.push(`exec ${sandboxId}`);
        return { exitCode: 0, stdout: command, stderr: '' };
      },
      start: unused,
      attach: unused,
      run: unused,
      listFiles: unused,
      fileSize: unused,
      readFile: unused,
      metrics: unused,
      openTerminal: unused,
      isAlive: async () => sandboxes.has(sandboxId),
      async extend(timeoutMs) {
        provider.calls.push(`extend ${sandboxId} ${Math.round(timeoutMs)}`);
        if (provider.extendFails) throw new DeskError('SANDBOX_UNAVAILABLE', 'out of reach');
        known(sandboxId).endAt = now() + timeoutMs;
      },
      async pause() {
        provider.calls.push(`pause ${sandboxId}`);
        if (provider.pauseRefused) throw new DeskError('POOL_UNAVAILABLE', 'pausing is not served here');
        known(sandboxId).state = 'paused';
      },
    };
  }

  const provider: FakeProvider = {
    name,
    sandboxes,
    createFailures: [],
    calls: [],
    pauseRefused: false,
    extendFails: false,
    held: null,
    built: [],
    onBuild: async () => undefined,
    templates: {
      list: async () => [...provider.built],
      async build(request) {
        provider.calls.push(`build ${request.name}`);
        await provider.onBuild(request);
        const { name, cpuCount, memoryMb } = request;
        const templateId = `t${provider.built.length + 1}`;
        provider.built.push({
          templateId,
          names: [name],
          cpuCount,
          memoryMb,
          diskMb: 10_240,
          createdAt: now(),
        });
        return templateId;
      },
    },
    async create({ template, metadata, timeoutMs }) {
      provider.calls.push(template === 'base' ? 'create' : `create ${template}`);
      if (template !== 'base' && !provider.built.some((built) => built.templateId === template))
        throw new DeskError('TEMPLATE_NOT_FOUND', `no template "${template}".`, { template });
      const failure = provider.createFailures.shift();
      if (failure) throw failure;
      created += 1;
      const sandboxId = `s${created}`;
      sandboxes.set(sandboxId, {
        state: 'running',
        startedAt: now(),
        endAt: now() + timeoutMs,
        metadata,
      });
      const { held } = provider;
      if (held) await new Promise<void>((resolve) => held.push(resolve));
      return handle(sandboxId);
    },
    async connect(sandboxId, timeoutMs) {
      provider.calls.push(`connect ${sandboxId}`);
      const sandbox = known(sandboxId);
      sandbox.state = 'running';
      sandbox.endAt = Math.max(sandbox.endAt, now() + timeoutMs);
      return handle(sandboxId);
    },
    async list(metadata) {
      provider.calls.push('list');
      expire();
      return [...sandboxes]
        .filter(([, sandbox]) =>
          Object.entries(metadata).every(([key, value]) => sandbox.metadata[key] === value),
        )
        .map(([sandboxId, { state, startedAt, endAt, metadata: own }]) => ({
          sandboxId,
          state,
          startedAt,
          endAt,
          metadata: own,
        }));
    },
    async kill(sandboxId) {
      provider.calls.push(`kill ${sandboxId}`);
      return sandboxes.delete(sandboxId);
    },
  };
  return provider;
}
