import { expect, onTestFinished, test, vi } from 'vitest';
import { DeskError } from '../../../electron/contract/errors.ts';
import { systemLinkTimers } from '../../../electron/host/sandboxes/link-timers.ts';
import { startRunner } from '../../../electron/host/swarm/start-runner.ts';
import { silentLog } from '../../support/followed-link.ts';
import { createScriptedSandbox, type ScriptedSandbox } from '../../support/scripted-sandbox.ts';

function bench(): { sandbox: ScriptedSandbox; start(): Promise<unknown> } {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const sandbox = createScriptedSandbox(systemLinkTimers);
  onTestFinished(() => sandbox.dispose());
  return {
    sandbox,
    start: () =>
      startRunner({
        sandbox,
        slotId: 'slot-1',
        runner: new ArrayBuffer(0),
        agents: [],
        history: [],
        isPrepared: true,
        carriesRunner: false,
        listener: { onMessage: () => undefined, onBrokenLine: () => undefined, onLost: () => undefined },
        log: silentLog,
        measureExec: (run) => run(),
      }).catch((error: unknown) => error),
  };
}

test('a runner that does not answer is let go of', async () => {
  const { sandbox, start } = bench();
  sandbox.suspendRunner();
  const outcome = start();
  await vi.advanceTimersByTimeAsync(14_000);
  expect(sandbox.openStreams()).toBe(1);
  await vi.advanceTimersByTimeAsync(4_000);
  expect(await outcome).toMatchObject({ code: 'TIMED_OUT' });
  expect(sandbox.openStreams()).toBe(0);
});

test('a runner that exits while it starts is lost at once, by its exit code', async () => {
  const { sandbox, start } = bench();
  sandbox.conduct.writeMs = 1_000;
  const outcome = start();
  await vi.advanceTimersByTimeAsync(10);
  sandbox.exitRunner(9);
  await vi.advanceTimersByTimeAsync(10);
  expect(await outcome).toMatchObject({ code: 'RUNNER_LOST', message: expect.stringContaining('code 9') });
  expect(sandbox.openStreams()).toBe(0);
});

test('a start that the provider refuses late fails in its words and leaves no timer', async () => {
  const { sandbox, start } = bench();
  sandbox.start = () =>
    new Promise((_resolve, reject) => {
      setTimeout(() => reject(new DeskError('SANDBOX_UNAVAILABLE', 'too late')), 20_000);
    });
  const outcome = start();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(await outcome).toMatchObject({ code: 'SANDBOX_UNAVAILABLE', message: 'too late' });
  expect(vi.getTimerCount()).toBe(0);
});
