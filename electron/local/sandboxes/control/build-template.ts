// One build of a template: a sandbox, its steps, a trial of what it starts, and the files that are kept.
import { ConnectError } from '@connectrpc/connect';
import { prepareGround } from '../ground.ts';
import { openSandbox, type Sandbox } from '../sandbox.ts';
import type { CopiedFiles } from '../sandbox-request.ts';
import { NetworkPolicy } from '../network-policy.ts';
import { startProgram } from '../start-program.ts';
import type { TemplateBuildJob, TemplateBuildsOptions } from './template-build-job.ts';
import type { TemplateSource } from './template-source.ts';
import { applyStep, type TemplateStep } from './template-steps.ts';

/** What a client asks to be done. */
export interface BuildPlan {
  /** A refusal says why there is none. */
  readonly source: TemplateSource | { readonly refusal: string };
  readonly steps: readonly TemplateStep[];
  readonly startCommand: string | undefined;
  readonly readyCommand: string | undefined;
}

/** A step that failed, by the name the client knows it under: `base`, its number, or `finalize`. */
export class StepFailure extends Error {
  readonly step: string;

  constructor(step: string, title: string, cause: unknown) {
    const reason = cause instanceof ConnectError ? cause.rawMessage : messageOf(cause);
    super(`${title}: ${reason}`, { cause });
    this.name = 'StepFailure';
    this.step = step;
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** Rejects with a StepFailure, or with what went wrong beside the steps. */
export async function buildTemplate(
  build: TemplateBuildJob,
  plan: BuildPlan,
  signal: AbortSignal,
  options: TemplateBuildsOptions,
): Promise<void> {
  const { source } = plan;
  if ('refusal' in source) throw new StepFailure('base', 'the base', source.refusal);
  const sized = { ...options.ground, size: build.size };
  const { filesFrom, defaults } = source;
  // A build asks for the network as the cloud's has it, to install packages.
  const network = NetworkPolicy.parse({});
  const request = { templateId: build.templateId, metadata: {}, envs: {}, filesFrom, defaults, network };
  const sandbox = await openSandbox(request, await prepareGround(sized), sized);
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= sandbox.close());
  // Whatever runs inside ends with it, and so does the step that waits for it.
  const closeEarly = (): void => void close().catch(options.report);
  signal.addEventListener('abort', closeEarly);
  try {
    await fill(sandbox, build, { ...plan, source }, signal, options);
  } finally {
    signal.removeEventListener('abort', closeEarly);
    await close();
  }
}

async function fill(
  sandbox: Sandbox,
  build: TemplateBuildJob,
  { source, steps, ...asked }: BuildPlan & { readonly source: TemplateSource },
  signal: AbortSignal,
  { templates, uploads, limits }: TemplateBuildsOptions,
): Promise<void> {
  const { id: buildId, templateId, name, tags, size, log } = build;
  let { defaults } = source;
  for (const [index, step] of steps.entries()) {
    const number = String(index + 1);
    const tools = {
      sandbox,
      archive: (hash: string) => uploads.find(templateId, hash),
      onLine: (line: string) => log.write('info', line, number),
    };
    const title = `[${number}/${steps.length}] ${step.type} ${step.args.join(' ').trim()}`;
    log.write('info', title, number);
    defaults = await named(number, title, signal, () => applyStep(step, defaults, tools));
  }
  const program = {
    startCommand: asked.startCommand ?? source.program?.startCommand,
    readyCommand: asked.readyCommand ?? source.program?.readyCommand,
  };
  await templates.keep({ templateId, buildId, name, tags, size, defaults, ...program, copyFiles });

  async function copyFiles(target: string): Promise<CopiedFiles> {
    // Processes are not in a template: what a step left running would change files while they are copied.
    await sandbox.pause(false);
    const files = await sandbox.copyFiles(target);
    if (program.startCommand === undefined && program.readyCommand === undefined) return files;
    await sandbox.resume(false);
    // Tried after the copy: what it writes is to be that of each sandbox.
    await named('finalize', 'start command', signal, () =>
      startProgram(sandbox, program, limits.readyMs, defaults),
    );
    return files;
  }
}

async function named<T>(step: string, title: string, signal: AbortSignal, act: () => Promise<T>): Promise<T> {
  try {
    signal.throwIfAborted();
    return await act();
  } catch (error) {
    throw new StepFailure(step, title, error);
  }
}
