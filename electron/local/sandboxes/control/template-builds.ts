// Builds of templates: each in a sandbox of its own that no client reaches, within limits of number and time.
import { randomUUID } from 'node:crypto';
import { ApiFault } from './api-fault.ts';
import { createBuildLog } from './build-log.ts';
import { type BuildPlan, buildTemplate, StepFailure } from './build-template.ts';
import type { TemplateBuildJob, TemplateBuildsOptions } from './template-build-job.ts';

/** Ended builds that can still be asked for. */
const keptBuilds = 100;
/** What waits for its files longer than this is given up, like the SDK's own upload. */
const longestWaitMs = 3_600_000;
const retryAfterS = 5;

export interface BuildRequest extends Pick<TemplateBuildJob, 'templateId' | 'name' | 'tags'> {
  /** Each is that of every sandbox unless given. */
  readonly cpuCount: number | undefined;
  readonly memoryMb: number | undefined;
}

export interface TemplateBuilds {
  /** Puts a build on record; it starts when its files are there. */
  request(build: BuildRequest): TemplateBuildJob;
  /** Starts it. Throws an ApiFault 409 for one that was started before, 429 beyond the limit. */
  start(build: TemplateBuildJob, plan: BuildPlan): void;
  find(templateId: string, buildId: string): TemplateBuildJob | undefined;
  /** Whether a build of the template waits for its files. */
  awaits(templateId: string): boolean;
  /** The id that a build under way has chosen for a name. */
  templateIdOf(name: string): string | undefined;
  /** Ends what runs. */
  close(): Promise<void>;
}

export function createTemplateBuilds(options: TemplateBuildsOptions): TemplateBuilds {
  const { ground, uploads, limits, report } = options;
  const { clock } = ground;
  const builds = new Map<string, TemplateBuildJob>();
  const running = new Map<string, { ended: Promise<void>; stop: AbortController }>();

  function all(): TemplateBuildJob[] {
    return [...builds.values()];
  }

  function isUnderWay({ state }: TemplateBuildJob): boolean {
    return state.kind === 'waiting' || state.kind === 'building';
  }

  function forgetOld(): void {
    for (const build of all()) {
      if (build.state.kind !== 'waiting' || clock.now() - build.requestedAt < longestWaitMs) continue;
      build.state = { kind: 'error', message: 'it was never started', step: 'base' };
      forgetUploads(build);
    }
    const ended = all().filter((build) => !isUnderWay(build));
    for (const { id } of ended.slice(0, Math.max(0, ended.length - keptBuilds))) builds.delete(id);
  }

  function forgetUploads({ templateId }: TemplateBuildJob): void {
    if (all().some((other) => other.templateId === templateId && isUnderWay(other))) return;
    uploads.forget(templateId).catch(report);
  }

  async function run(build: TemplateBuildJob, plan: BuildPlan, stop: AbortController): Promise<void> {
    const limit = setTimeout(() => stop.abort(), limits.buildMs);
    try {
      await buildTemplate(build, plan, stop.signal, options);
      build.log.write('info', `template ${build.name} is ready`);
      build.state = { kind: 'ready' };
    } catch (error) {
      if (!(error instanceof StepFailure)) report(error);
      const step = error instanceof StepFailure ? error.step : 'finalize';
      const message = error instanceof Error ? error.message : String(error);
      const reason = stop.signal.aborted
        ? `the build was ended, after ${limits.buildMs / 1_000} s at the latest: ${message}`
        : message;
      build.log.write('error', reason, step);
      build.state = { kind: 'error', message: reason, step };
    } finally {
      clearTimeout(limit);
      running.delete(build.id);
      forgetUploads(build);
    }
  }

  return {
    request({ cpuCount = ground.size.cpuCount, memoryMb = ground.size.memoryMb, ...asked }) {
      forgetOld();
      const build: TemplateBuildJob = {
        ...asked,
        size: { ...ground.size, cpuCount, memoryMb },
        id: randomUUID(),
        requestedAt: clock.now(),
        log: createBuildLog(clock),
        state: { kind: 'waiting' },
      };
      builds.set(build.id, build);
      return build;
    },
    start(build, plan) {
      if (build.state.kind !== 'waiting')
        throw new ApiFault(409, `build '${build.id}' was started before: request another one`);
      if (running.size >= limits.builds)
        throw new ApiFault(429, `${limits.builds} builds run already; try again later`, retryAfterS);
      build.state = { kind: 'building' };
      const stop = new AbortController();
      running.set(build.id, { ended: run(build, plan, stop), stop });
    },
    find(templateId, buildId) {
      const build = builds.get(buildId);
      return build?.templateId === templateId ? build : undefined;
    },
    awaits: (templateId) =>
      all().some((build) => build.templateId === templateId && build.state.kind === 'waiting'),
    templateIdOf: (name) => all().find((build) => build.name === name && isUnderWay(build))?.templateId,
    async close() {
      const ending = [...running.values()];
      for (const { stop } of ending) stop.abort();
      await Promise.all(ending.map(({ ended }) => ended));
    },
  };
}
