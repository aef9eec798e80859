// Brings one sandbox from empty to deciding: upload the runner, check it, start it, greet it, give it history.
import { DeskError } from '../../contract/errors.ts';
import type { LinkAgent, RunnerMessage } from '../sandboxes/link-messages.ts';
import type { Bar } from '../../contract/bar.ts';
import type { Log } from '../log.ts';
import type { ProviderSandbox } from '../sandboxes/provider.ts';
import { type LinkListener, openRunnerLink, type RunnerLink } from '../sandboxes/runner-link.ts';

/** Relative to the sandbox's home: without isolation there is no /home/user. */
const runnerFile = './desk-runner';
const hostSilenceMs = 10_000;
const readyTimeoutMs = 15_000;

export interface StartRunnerOptions {
  readonly sandbox: ProviderSandbox;
  readonly slotId: string;
  readonly runner: ArrayBuffer;
  readonly agents: readonly LinkAgent[];
  readonly history: readonly Bar[];
  readonly listener: LinkListener;
  readonly log: Log;
  /** Times one command in the sandbox, for the exec target. */
  readonly measureExec: <T>(run: () => Promise<T>) => Promise<T>;
}

/** Resolves with the link once the runner has taken in all history. Rejects with SANDBOX_UNAVAILABLE, RUNNER_LOST or TIMED_OUT. */
export async function startRunner(options: StartRunnerOptions): Promise<RunnerLink> {
  const { sandbox, slotId, agents, history, listener, log } = options;
  await sandbox.upload(runnerFile, options.runner);
  const check = await options.measureExec(() =>
    sandbox.exec(`chmod 755 ${runnerFile} && ${runnerFile} --version`),
  );
  if (check.exitCode !== 0) {
    throw new DeskError(
      'SANDBOX_UNAVAILABLE',
      `The runner does not start in sandbox ${sandbox.sandboxId}: ${check.stderr.slice(0, 200) || `exit ${check.exitCode}`}`,
    );
  }
  const ready = waitForReady(2);
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
  const hello = { kind: 'hello', runnerId: slotId, hostSilenceMs, agents } as const;
  link.send(hello);
  for (const symbol of new Set(agents.flatMap((agent) => agent.symbols))) {
    link.send({ kind: 'warmup', symbol, bars: history.filter((bar) => bar.symbol === symbol) });
  }
  // Frames are read in order, so the answer to a second greeting says that the history has been taken in.
  link.send(hello);
  await ready.promise;
  return link;
}

function waitForReady(times: number): {
  promise: Promise<void>;
  hear(message: RunnerMessage): void;
  fail(reason: string): void;
} {
  let missing = times;
  let resolve: () => void = () => undefined;
  let reject: (error: DeskError) => void = () => undefined;
  const promise = new Promise<void>((done, failed) => {
    resolve = done;
    reject = failed;
  });
  const timer = setTimeout(
    () => reject(new DeskError('TIMED_OUT', `The runner did not answer within ${readyTimeoutMs / 1_000} s.`)),
    readyTimeoutMs,
  );
  return {
    promise: promise.finally(() => clearTimeout(timer)),
    hear(message) {
      if (message.kind !== 'ready') return;
      missing -= 1;
      if (missing === 0) resolve();
    },
    fail: (reason) => reject(new DeskError('RUNNER_LOST', `The runner was lost while starting: ${reason}.`)),
  };
}
