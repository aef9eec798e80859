// Which template carries the runner: built once a version of it, named by its content, and remembered by events.
import { createHash } from 'node:crypto';
import type { OutputOf } from '../../contract/define-operation.ts';
import { DeskError } from '../../contract/errors.ts';
import type { Settings } from '../../contract/market.ts';
import type { RunnerTemplate } from '../../contract/state.ts';
import { type buildTemplate, type listTemplates, templateBuildLimitMs } from '../../contract/templates.ts';
import type { Clock } from '../clock.ts';
import type { Store } from '../store.ts';
import type { ListedTemplate, SandboxProvider } from './provider.ts';

/** What sandboxes start from that carry nothing yet. */
const base = 'base';
export const runnerFileName = 'desk-runner';

export interface RunnerTemplates {
  /** What sandboxes that are to run agents start from: the template that carries the runner, or "base". */
  inUse(provider: SandboxProvider | null): string;
  /** Whether sandboxes made from it have the runner of this version. */
  carriesRunner(template: string): boolean;
  /** Whether it was built for a runner, of whatever version, or was until a moment ago. */
  isOurs(template: string): boolean;
  /** The provider does not know the template any more: says so, and deployments start from the base again. */
  lose(template: string, reason: string): void;
  list(provider: SandboxProvider): Promise<OutputOf<typeof listTemplates>>;
  /** Builds unless the provider has it. Rejects with TIMED_OUT after the limit; a second call joins the first. */
  build(provider: SandboxProvider, signal: AbortSignal): Promise<OutputOf<typeof buildTemplate>>;
}

export interface RunnerTemplateParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly settings: () => Settings['sandboxes'];
  readonly runner: () => ArrayBuffer;
}

/** Creates the record over the store's state; it asks the provider only when told to. */
export function createRunnerTemplates(parts: RunnerTemplateParts): RunnerTemplates {
  const { store, clock, settings } = parts;
  const lost = new Set<string>();
  let knownHash: string | null = null;
  let building: Promise<OutputOf<typeof buildTemplate>> | null = null;

  function runnerHash(): string {
    knownHash ??= createHash('sha256').update(new Uint8Array(parts.runner())).digest('hex');
    return knownHash;
  }

  function recorded(): RunnerTemplate[] {
    return Object.values(store.state().templates).filter((known) => known.runnerHash === runnerHash());
  }

  function fits(template: { readonly cpuCount: number; readonly memoryMb: number }): boolean {
    const { cpuCount, memoryMb } = settings();
    return template.cpuCount === cpuCount && template.memoryMb === memoryMb;
  }

  function inUse(provider: SandboxProvider | null): string {
    if (Object.keys(store.state().templates).length === 0) return base;
    const own = recorded().find((known) => known.provider === provider?.name && fits(known));
    return own?.templateId ?? base;
  }

  async function build(
    provider: SandboxProvider,
    signal: AbortSignal,
  ): Promise<OutputOf<typeof buildTemplate>> {
    const startedAt = clock.monotonicMs();
    const { cpuCount, memoryMb } = settings();
    const size = { cpuCount, memoryMb };
    const name = nameOf(runnerHash());
    const known = (await provider.templates.list()).find((listed) => isNamed(listed, name) && fits(listed));
    const templateId = known?.templateId ?? (await buildAnew(provider, name, size, signal));
    const existed = known !== undefined;
    const built = { templateId, name, ...size, existed };
    lost.delete(templateId);
    store.commit({
      kind: 'TemplateBuilt',
      at: clock.now(),
      provider: provider.name,
      runnerHash: runnerHash(),
      ...built,
    });
    return { ...built, tookMs: clock.monotonicMs() - startedAt };
  }

  async function buildAnew(
    provider: SandboxProvider,
    name: string,
    size: { readonly cpuCount: number; readonly memoryMb: number },
    signal: AbortSignal,
  ): Promise<string> {
    const limit = AbortSignal.timeout(templateBuildLimitMs);
    try {
      return await provider.templates.build({
        name,
        ...size,
        file: { name: runnerFileName, content: parts.runner(), check: `./${runnerFileName} --version` },
        signal: AbortSignal.any([signal, limit]),
      });
    } catch (cause) {
      if (!limit.aborted) throw cause;
      throw new DeskError(
        'TIMED_OUT',
        `Template ${name} was not built within ${templateBuildLimitMs / 60_000} minutes. Deployments go on uploading the runner; try again.`,
        { name },
        { cause },
      );
    }
  }

  return {
    inUse,
    carriesRunner: (template) => recorded().some((known) => known.templateId === template),
    isOurs: (template) => template in store.state().templates || lost.has(template),
    lose(template, reason) {
      // Of sandboxes that are made side by side, the first one says it for all.
      if (lost.has(template)) return;
      lost.add(template);
      const at = clock.now();
      store.commit({ kind: 'TemplateLost', at, templateId: template, reason });
      store.commit({
        kind: 'NoticeRaised',
        at,
        noticeId: `template-${template}`,
        severity: 'warning',
        title: 'The template with the runner is gone',
        detail: `${reason} Deployments start from "${base}" and upload the runner. Build it again with template-build.`,
      });
    },
    async list(provider) {
      const name = nameOf(runnerHash());
      const templates = (await provider.templates.list()).map((listed) => ({
        templateId: listed.templateId,
        name: listed.names[0] ?? '',
        cpuCount: listed.cpuCount,
        memoryMb: listed.memoryMb,
        diskMb: listed.diskMb,
        createdAt: listed.createdAt,
        carriesRunner: isNamed(listed, name),
      }));
      return { templates, inUse: inUse(provider) };
    },
    build(provider, signal) {
      building ??= build(provider, signal).finally(() => {
        building = null;
      });
      return building;
    },
  };
}

function nameOf(runnerHash: string): string {
  return `${runnerFileName}-${runnerHash.slice(0, 12)}`;
}

/** Providers may put the account's own name before it. */
function isNamed({ names }: ListedTemplate, name: string): boolean {
  return names.some((candidate) => candidate === name || candidate.endsWith(`/${name}`));
}
