// Keeps the local services running: starts the child, waits for its addresses, starts it again when it dies.
import { DeskError, isErrorCode } from '../contract/errors.ts';
import {
  FromLocalServices,
  type LocalServicesConfig,
  type LocalServicesReady,
} from '../contract/local-services.ts';
import type { LocalChild, StartLocalChild } from './local-process.ts';
import type { Log } from './log.ts';

const startTimeoutMs = 30_000;
const stopTimeoutMs = 5_000;
const firstRestartMs = 200;
const lastRestartMs = 10_000;

export interface LocalServices {
  /** Starts, or restarts with another configuration. Rejects with the child's own code, or LOCAL_SERVICES_DOWN. */
  start(config: LocalServicesConfig): Promise<LocalServicesReady>;
  pid(): number | undefined;
  stop(): Promise<void>;
}

export interface LocalServicesListener {
  /** The child died without being asked to. */
  onLost(reason: string): void;
  /** It runs again, on new addresses. */
  onBack(ready: LocalServicesReady): void;
}

/** Creates the supervisor; nothing runs before `start`. */
export function createLocalServices(
  startChild: StartLocalChild,
  listener: LocalServicesListener,
  log: Log,
): LocalServices {
  let child: LocalChild | null = null;
  let wanted: LocalServicesConfig | null = null;
  let restartTimer: NodeJS.Timeout | null = null;

  async function launch(config: LocalServicesConfig): Promise<LocalServicesReady> {
    const started = startChild();
    let isReady = false;
    child = started;
    started.onExit((code) => {
      if (child !== started) return;
      child = null;
      // One that dies while starting is answered for by the attempt that started it.
      if (wanted && isReady) lost(`the local services ended with code ${code ?? 'none'}`);
    });
    const answer = waitForAnswer(started);
    started.send({ kind: 'start', config });
    try {
      const ready = await answer;
      isReady = true;
      return ready;
    } catch (error) {
      if (child === started) child = null;
      started.kill();
      throw error;
    }
  }

  function lost(reason: string): void {
    log.error({ reason }, 'local services lost');
    listener.onLost(reason);
    restartAfter(firstRestartMs);
  }

  function restartAfter(delayMs: number): void {
    restartTimer = setTimeout(() => void restart(delayMs), delayMs);
  }

  async function restart(delayMs: number): Promise<void> {
    if (!wanted) return;
    try {
      listener.onBack(await launch(wanted));
    } catch (error) {
      log.error({ err: error }, 'local services did not start again');
      restartAfter(Math.min(delayMs * 2, lastRestartMs));
    }
  }

  async function stop(): Promise<void> {
    wanted = null;
    if (restartTimer) clearTimeout(restartTimer);
    restartTimer = null;
    const stopping = child;
    child = null;
    if (!stopping) return;
    const ended = new Promise<void>((resolve) => {
      stopping.onExit(() => resolve());
    });
    stopping.send({ kind: 'stop' });
    const timer = setTimeout(() => stopping.kill(), stopTimeoutMs);
    await ended;
    clearTimeout(timer);
  }

  return {
    async start(config) {
      await stop();
      const ready = await launch(config);
      wanted = config;
      return ready;
    },
    pid: () => child?.pid,
    stop,
  };
}

function waitForAnswer(child: LocalChild): Promise<LocalServicesReady> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () =>
        reject(
          new DeskError(
            'LOCAL_SERVICES_DOWN',
            `The local services did not start within ${startTimeoutMs / 1_000} s. See host.log.`,
          ),
        ),
      startTimeoutMs,
    );
    child.onExit((code) => {
      clearTimeout(timer);
      reject(
        new DeskError(
          'LOCAL_SERVICES_DOWN',
          `The local services ended with code ${code ?? 'none'} while starting. See host.log.`,
        ),
      );
    });
    child.onMessage((message) => {
      const parsed = FromLocalServices.safeParse(message);
      if (!parsed.success) return;
      clearTimeout(timer);
      if (parsed.data.kind === 'ready') resolve(parsed.data.ready);
      else
        reject(
          new DeskError(
            isErrorCode(parsed.data.code) ? parsed.data.code : 'LOCAL_SERVICES_DOWN',
            parsed.data.message,
          ),
        );
    });
  });
}
