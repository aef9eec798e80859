import { CommandExitError, type CommandHandle, type Sandbox } from 'e2b';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { machineIsolates, type OpenRuntime, openRuntime } from './open-runtime.ts';

const isolates = await machineIsolates();

interface Terminal {
  readonly handle: CommandHandle;
  /** All that was shown so far. */
  shown(): string;
  type(text: string): Promise<void>;
}

describe.each([
  { isolation: 'auto', skip: !isolates },
  { isolation: 'off', skip: false },
] as const)('terminals, isolation $isolation', ({ isolation, skip }) => {
  describe.skipIf(skip)('opened by the SDK', () => {
    let open: OpenRuntime;
    let sandbox: Sandbox;
    const terminals: Terminal[] = [];
    beforeAll(async () => {
      open = await openRuntime({ isolation });
      sandbox = await open.client.Sandbox.create();
    });
    afterEach(async () => {
      await Promise.all(terminals.splice(0).map(({ handle }) => handle.kill()));
    });
    afterAll(() => open.close());

    async function openTerminal(options: object = {}): Promise<Terminal> {
      const decoder = new TextDecoder();
      let shown = '';
      const handle = await sandbox.pty.create({
        cols: 80,
        rows: 24,
        timeoutMs: 0,
        onData: (data) => {
          shown += decoder.decode(data, { stream: true });
        },
        ...options,
      });
      const terminal = {
        handle,
        shown: () => shown,
        type: (text: string) => sandbox.pty.sendInput(handle.pid, new TextEncoder().encode(text)),
      };
      terminals.push(terminal);
      return terminal;
    }

    test('are what their programs see, with the environment of the call, and end with exit', async () => {
      const terminal = await openTerminal({ envs: { FROM_CALL: 'here' }, cwd: '/tmp' });
      await terminal.type('test -t 0 -a -t 1 && echo "$TERM $LANG $FROM_CALL $PWD"\n');
      await expect.poll(terminal.shown).toMatch(/xterm-256color C\.UTF-8 here \/tmp\S*\r/);
      await terminal.type('exit\n');
      expect(await terminal.handle.wait()).toMatchObject({ exitCode: 0 });
      terminals.pop();
    });

    test('show nothing before their program does', async () => {
      const terminal = await openTerminal();
      await expect.poll(terminal.shown).toMatch(/[$#] $/);
      expect(terminal.shown()).not.toMatch(/\d\r\n/);
    });

    test('have the size asked for and take another', async () => {
      const terminal = await openTerminal({ cols: 91, rows: 31 });
      await terminal.type('stty size; trap "echo changed" WINCH\n');
      await expect.poll(terminal.shown).toContain('31 91\r\n');
      await sandbox.pty.resize(terminal.handle.pid, { cols: 132, rows: 43 });
      await expect.poll(terminal.shown).toContain('changed\r\n');
      await terminal.type('stty size\n');
      await expect.poll(terminal.shown).toContain('43 132\r\n');
    });

    test('turn Ctrl-C into an interrupt of what runs in front, and control jobs', async () => {
      const terminal = await openTerminal();
      await terminal.type('sleep 1201\n');
      const sleeping = async () =>
        (await sandbox.commands.run('ps -eo args | grep -c "^sleep 1201" || true')).stdout;
      await expect.poll(sleeping).toBe('1\n');
      await terminal.type('\u0003');
      await expect.poll(sleeping).toBe('0\n');
      await terminal.type('sleep 1202 &\njobs\n');
      await expect.poll(terminal.shown).toMatch(/\[1\].*Running.*sleep 1202/);
      expect(terminal.shown()).not.toContain('job control');
      await terminal.type('kill %1; exit 4\n');
      await expect(terminal.handle.wait()).rejects.toMatchObject({ exitCode: 4 });
      terminals.pop();
    });

    test('are listed, can be followed by another client, and are killed', async () => {
      const terminal = await openTerminal();
      expect(await sandbox.commands.list()).toContainEqual(
        expect.objectContaining({ pid: terminal.handle.pid, cmd: '/bin/bash', args: ['-i', '-l'] }),
      );
      let seen = '';
      await terminal.handle.disconnect();
      const other = await sandbox.pty.connect(terminal.handle.pid, {
        timeoutMs: 0,
        onData: (data) => {
          seen += new TextDecoder().decode(data);
        },
      });
      await terminal.type('echo a$((40 + 2))b\n');
      await expect.poll(() => seen).toContain('a42b');
      expect(await sandbox.pty.kill(other.pid)).toBe(true);
      await expect(other.wait()).rejects.toBeInstanceOf(CommandExitError);
      expect(await sandbox.pty.kill(other.pid)).toBe(false);
      terminals.pop();
    });

    test('carry bytes that are no text and a megabyte in order', async () => {
      const chunks: Uint8Array[] = [];
      await openTerminal({ onData: (data: Uint8Array) => void chunks.push(data) }).then(({ type }) =>
        type("stty -opost; printf '<\\377\\376>'; seq 1 150000; echo do''ne\n"),
      );
      const shown = () => Buffer.concat(chunks);
      await expect.poll(() => shown().includes('done\n'), { timeout: 10_000 }).toBe(true);
      expect(shown().includes(Buffer.from([0x3c, 0xff, 0xfe, 0x3e]))).toBe(true);
      const numbers = Array.from({ length: 150_000 }, (_, index) => index + 1).join('\n');
      expect(shown().includes(`${numbers}\n`)).toBe(true);
      expect(Math.max(...chunks.map((chunk) => chunk.length))).toBeLessThanOrEqual(16 * 1024);
    });

    test('take no stdin, and commands take no terminal input', async () => {
      const terminal = await openTerminal();
      await expect(sandbox.commands.sendStdin(terminal.handle.pid, 'x')).rejects.toThrow('takes no stdin');
      const command = await sandbox.commands.run('cat', { background: true, stdin: true, timeoutMs: 0 });
      await expect(sandbox.pty.sendInput(command.pid, new Uint8Array([65]))).rejects.toThrow(
        'has no terminal',
      );
      await expect(sandbox.pty.resize(command.pid, { cols: 1, rows: 1 })).rejects.toThrow('has no terminal');
      await command.kill();
    });

    test('are in nobody else’s hands', async () => {
      await openTerminal();
      const second = await openTerminal();
      const other = await open.client.Sandbox.create();
      const descriptors = 'ls -l /proc/[0-9]*/fd 2>/dev/null | grep -c ptmx || true';
      if (isolation === 'auto') {
        expect((await other.commands.run(descriptors)).stdout).toBe('0\n');
        expect((await sandbox.commands.run(descriptors)).stdout).toBe('0\n');
      }
      await second.type('ls -l /proc/self/fd | grep -c "pt[m]x"; echo coun""ted\n');
      await expect.poll(second.shown).toMatch(/\D0\r\ncounted/);
    });
  });
});
