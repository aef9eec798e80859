// Brings one sandbox from empty to deciding: upload the runner, check it, start it, greet it, give it history.
import { DeskError } from '../../contract/errors.ts';
import type { HostFrame, LinkAgent, RunnerMessage } from '../sandboxes/link-messages.ts';
import type { Bar } from '../../contract/bar.ts';
import type { Log } from '../log.ts';
import type { CommandResult, ProviderSandbox } from '../sandboxes/provider.ts';
import { runnerFileName } from '../sandboxes/runner-templates.ts';
import { type LinkListener, openRunnerLink, type RunnerLink } from '../sandboxes/runner-link.ts';
import { type Learnt, openingFrames } from './opening-frames.ts';

/** Relative to the sandbox's home: without isolation there is no /home/user. */
const runnerFile = `./${runnerFileName}`;
const hostSilenceMs = 10_000;
const readyTimeoutMs = 15_000;

export interface StartRunnerOptions {
  readonly sandbox: ProviderSandbox;
  readonly slotId: string;
  readonly runner: ArrayBuffer;
  readonly agents: readonly LinkAgent[];
  readonly history: readonly Bar[];
  /** Bars that are decided again before the first live one; their targets are the caller's to ignore. */
  readonly replay?: readonly Bar[];
  /** What the agents had learnt in runners before. */
  readonly learnt?: readonly Learnt[];
  /** The runner is in the sandbox and was checked. */
  readonly isPrepared: boolean;
  /** The sandbox was made from a template with the runner in it. */
  readonly carriesRunner: boolean;
  readonly listener: LinkListener;
  readonly log: Log;
  /** Times one command in the sandbox, for the exec target. */
  readonly measureExec: <T>(run: () => Promise<T>) => Promise<T>;
}

/** Resolves with the link once the runner has taken in all history. Rejects with SANDBOX_UNAVAILABLE, RUNNER_LOST or TIMED_OUT. */
export async function startRunner(options: StartRunnerOptions): Promise<RunnerLink> {
  const { sandbox, slotId, agents, history, listener, log } = options;
  if (!options.isPrepared)
    await prepareRunner(sandbox, options.runner, options.carriesRunner, options.measureExec);
  const ready = awaitReady(2);
  const link = await openRunnerLink(
    sandbox,
    runnerFile,
    {
      ...listener,
      onMessage(message) {
        ready.hear(message);
        listener.onMessage(message);
      },
      onLost(reason) {
        ready.fail(reason);
        listener.onLost(reason);
      },
    },
    log,
  );
  const hello = greeting(slotId, agents);
  link.send(hello);
  const symbols = new Set(agents.flatMap((agent) => agent.symbols));
  const { replay = [], learnt = [] } = options;
  for (const frame of openingFrames({ symbols, history, replay, learnt })) link.send(frame);
  // Frames are read in order, so the answer to a second greeting says that the history has been taken in.
  link.send(hello);
  try {
    await ready.wait();
  } catch (error) {
    await link.close();
    throw error;
  }
  return link;
}

/** Uploads the runner, unless it is there and starts, and checks that it starts. Rejects with SANDBOX_UNAVAILABLE. */
export async function prepareRunner(
  sandbox: ProviderSandbox,
  runner: ArrayBuffer,
  carriesRunner: boolean,
  measureExec: StartRunnerOptions['measureExec'],
): Promise<void> {
  const run = (command: string): Promise<CommandResult> => measureExec(() => sandbox.exec(command));
  if (carriesRunner && (await run(`${runnerFile} --version`)).exitCode === 0) return;
  await sandbox.upload(runnerFile, runner);
  const check = await run(`chmod 755 ${runnerFile} && ${runnerFile} --version`);
  if (check.exitCode === 0) return;
  throw new DeskError(
    'SANDBOX_UNAVAILABLE',
    `The runner does not start in sandbox ${sandbox.sandboxId}: ${check.stderr.slice(0, 200) || `exit ${check.exitCode}`}`,
  );
}

/** The first frame of a link; sent again, it asks how many messages were written before it. */
export function greeting(
  slotId: string,
  agents: readonly LinkAgent[],
): Extract<HostFrame, { kind: 'hello' }> {
  return { kind: 'hello', runnerId: slotId, hostSilenceMs, agents };
}

interface Readiness {
  hear(message: RunnerMessage): void;
  fail(reason: string): void;
  /** Rejects with RUNNER_LOST, or with TIMED_OUT 15 s from now. */
  wait(): Promise<void>;
}

/** Waits for so many answers to greetings; the time counts from `wait`, failures from the start. */
function awaitReady(times: number): Readiness {
  let resolve: () => void = () => undefined;
  let reject: (error: DeskError) => void = () => undefined;
  const promise = new Promise<void>((done, failed) => {
    resolve = done;
    reject = failed;
  });
  // It may fail before anybody waits for it.
  promise.catch(() => undefined);
  let missing = times;
  return {
    hear(message) {
      if (message.kind !== 'ready') return;
      missing -= 1;
      if (missing === 0) resolve();
    },
    fail: (reason) => reject(new DeskError('RUNNER_LOST', `The runner was lost while starting: ${reason}.`)),
    async wait() {
      const late = new DeskError(
        'TIMED_OUT',
        `The runner did not answer within ${readyTimeoutMs / 1_000} s.`,
      );
      const timer = setTimeout(() => reject(late), readyTimeoutMs);
      await promise.finally(() => clearTimeout(timer));
    },
  };
}
