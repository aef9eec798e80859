import { fileURLToPath } from 'node:url';
import { spawn } from '@lydell/node-pty';
import { expect, onTestFinished, test } from 'vitest';
import { serveControlSocket } from '../../electron/doors/control-socket.ts';
import { ensureDataDir, resolvePaths } from '../../electron/host/paths.ts';
import { createCliHarness } from '../support/cli-harness.ts';
import { answering, busySnapshot } from '../support/desk-answers.ts';
import { createFakeDesk } from '../support/fake-desk.ts';
import { startRunningHost } from '../support/running-host.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const entry = fileURLToPath(new URL('../../out/cli.js', import.meta.url));
const patient = { timeout: 20_000, interval: 50 };

test('is refused without a terminal and with --json, before anything is opened', async () => {
  const desk = createFakeDesk(answering(), busySnapshot);
  const cli = await createCliHarness(desk);
  const piped = await cli.run('terminal', 'sb1');
  expect(piped).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('to be a terminal') });
  const json = await cli.run('terminal', 'sb1', '--json');
  expect(json.code).toBe(2);
  expect(JSON.parse(json.stdout)).toMatchObject({ ok: false, error: { code: 'INVALID_INPUT' } });
  expect(desk.calls).toEqual([]);
});

/** The built command line in a pseudo terminal, against a real host with one sandbox. */
async function openOnTerminal() {
  const home = temporaryDirectory();
  const host = await startRunningHost(home);
  const { sandboxes } = await host.call('sandboxes.create', { count: 1 });
  const id = sandboxes[0]?.sandboxId ?? '';
  const paths = resolvePaths({ NEURAL_TRADER_HOME: home }, process.platform);
  ensureDataDir(paths);
  const socket = await serveControlSocket(
    {
      call: (name, input, _actor, signal) => host.callRaw(name, input, signal),
      subscribe: () => {
        throw new Error('a terminal does not follow the desk');
      },
    },
    paths.controlSocket,
  );
  onTestFinished(() => socket.close());
  const program = spawn(process.execPath, [entry, 'terminal', id], {
    cols: 97,
    rows: 31,
    env: { ...process.env, NEURAL_TRADER_HOME: home },
  });
  let shown = '';
  let exitCode: number | null = null;
  program.onData((data) => {
    shown += data;
  });
  program.onExit((end) => {
    exitCode = end.exitCode;
  });
  onTestFinished(() => {
    if (exitCode === null) program.kill('SIGKILL');
  });
  await expect.poll(() => shown, patient).toMatch(new RegExp(`Shell in sandbox ${id}.*Ctrl-\\]`));
  return { host, id, program, shown: () => shown, exitCode: () => exitCode };
}

test('carries keys, output, its size and the end of the shell', { timeout: 60_000 }, async () => {
  const { program, shown, exitCode } = await openOnTerminal();
  program.write('echo sum $((40 + 2)); stty size\r');
  await expect.poll(shown, patient).toMatch(/sum 42\r+\n31 97\r/);
  program.resize(120, 40);
  // The signal, the call and the shell's answer follow each other; asked again until the size is there.
  await expect
    .poll(
      () => {
        program.write('stty size\r');
        return shown();
      },
      { ...patient, interval: 300 },
    )
    .toMatch(/40 120\r/);
  program.write('exit 3\r');
  await expect.poll(exitCode, patient).toBe(0);
  expect(shown()).toContain('the shell exited with code 3');
});

test('passes Ctrl-C to the shell, leaves at Ctrl-] and ends the shell', { timeout: 60_000 }, async () => {
  const { host, id, program, shown, exitCode } = await openOnTerminal();
  program.write('sleep 300; echo inter""rupted $?\r');
  await expect.poll(() => host.runInSandbox(id, 'pgrep -x sleep | wc -l'), patient).toBe('1\n');
  program.write('\x03');
  await expect.poll(() => host.runInSandbox(id, 'pgrep -x sleep | wc -l'), patient).toBe('0\n');
  expect(exitCode()).toBeNull();
  program.write('exec sleep 301\r');
  await expect.poll(() => host.runInSandbox(id, 'pgrep -x sleep | wc -l'), patient).toBe('1\n');
  program.write('\x1d');
  await expect.poll(exitCode, patient).toBe(0);
  expect(shown()).toContain('Left; the shell is ended.');
  await expect.poll(() => host.runInSandbox(id, 'pgrep -x sleep | wc -l'), patient).toBe('0\n');
});
