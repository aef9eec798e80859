// Terminals through the real SDK against the real local sandbox runtime.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { DeskError } from '../../../electron/contract/errors.ts';
import type { DeskEvent } from '../../../electron/contract/events.ts';
import { systemClock } from '../../../electron/host/clock.ts';
import { createLocalProvider } from '../../../electron/host/sandboxes/e2b-provider.ts';
import type { FleetSandbox, SandboxProvider } from '../../../electron/host/sandboxes/provider.ts';
import { createTerminals, type TerminalParts } from '../../../electron/host/sandboxes/terminals.ts';
import {
  type SandboxRuntime,
  startSandboxRuntime,
} from '../../../electron/local/sandboxes/start-sandbox-runtime.ts';
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy.ts';
import { startRunningHost } from '../../support/running-host.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const apiKey = 'key of this test';
const patient = { timeout: 15_000, interval: 30 };
const size = { cols: 80, rows: 24 };
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const here = new AbortController().signal;

let dataDir: string;
let runtime: SandboxRuntime;
let proxy: FaultProxy;
let provider: SandboxProvider;
let sandbox: FleetSandbox;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'desk-terminals-'));
  const limits = { limit: 20, createsPerSecond: 100 };
  runtime = await startSandboxRuntime({ dataDir, apiKey, isolation: 'auto', limits });
  proxy = await startFaultProxy(runtime.url);
  provider = createLocalProvider({ url: proxy.url, apiKey });
});

afterAll(async () => {
  await proxy.close();
  await runtime.close();
  await rm(dataDir, { recursive: true, force: true });
});

beforeEach(async () => {
  sandbox = await provider.create({ template: 'base', metadata: {}, timeoutMs: 120_000 });
});

function setUp(changes: Partial<TerminalParts> = {}) {
  const events: DeskEvent[] = [];
  const terminals = createTerminals({
    store: { commit: (event) => void events.push(event) },
    clock: systemClock,
    log: silent,
    find: () => sandbox,
    ...changes,
  });
  onTestFinished(() => terminals.close());
  return { terminals, events };
}

type Terminals = ReturnType<typeof setUp>['terminals'];

/** A reader that keeps reading, as a window does. */
function reader(terminals: Terminals, terminalId: string) {
  let shown = '';
  let position = 0;
  async function read(waitMs = 500) {
    const output = await terminals.read(terminalId, position, waitMs, here);
    position = output.nextByte;
    shown += Buffer.from(output.bytes).toString('utf8');
    return output;
  }
  async function shownNow(): Promise<string> {
    await read(100);
    return shown;
  }
  return { read, shownNow, position: () => position };
}

const typed = (text: string): Uint8Array => Buffer.from(text, 'utf8');

describe('a terminal', { timeout: 40_000 }, () => {
  test('is a shell that answers, and tells its exit code after its last output', async () => {
    const { terminals, events } = setUp();
    const terminalId = await terminals.open('sb1', size, 'window');
    const { shownNow, read } = reader(terminals, terminalId);
    await terminals.write(terminalId, typed('echo sum $((40 + 2))\n'));
    await expect.poll(shownNow, patient).toMatch(/sum 42\r/);
    await terminals.write(terminalId, typed('echo last; exit 7\n'));
    await expect.poll(shownNow, patient).toMatch(/last\r/);
    await vi.waitFor(async () => {
      expect((await read()).ended).toEqual({ exitCode: 7, reason: 'the shell exited with code 7' });
    }, patient);
    expect(events).toMatchObject([
      { kind: 'TerminalOpened', terminalId, sandboxId: 'sb1', actor: 'window' },
      { kind: 'TerminalClosed', terminalId, sandboxId: 'sb1', actor: 'host' },
    ]);
    expect(JSON.stringify(events)).not.toContain('last');
  });

  test('has the size that it was opened with, and the one that it is given later', async () => {
    const { terminals } = setUp();
    const terminalId = await terminals.open('sb1', { cols: 91, rows: 17 }, 'cli');
    const { shownNow } = reader(terminals, terminalId);
    await terminals.write(terminalId, typed('stty size\n'));
    await expect.poll(shownNow, patient).toMatch(/17 91\r/);
    await terminals.resize(terminalId, { cols: 133, rows: 41 });
    await terminals.write(terminalId, typed('stty size\n'));
    await expect.poll(shownNow, patient).toMatch(/41 133\r/);
  });

  test('receives quick writes in their order', async () => {
    const { terminals } = setUp();
    const terminalId = await terminals.open('sb1', size, 'cli');
    const keys = Array.from({ length: 60 }, (_, index) => `${index}-`);
    await Promise.all(['echo "<', ...keys, '>"\n'].map((key) => terminals.write(terminalId, typed(key))));
    const { shownNow } = reader(terminals, terminalId);
    await expect.poll(shownNow, patient).toMatch(new RegExp(`<${keys.join('')}>\\r`));
  });

  test('keeps the last 256 KiB for a slow reader and counts the rest', async () => {
    const { terminals } = setUp();
    const terminalId = await terminals.open('sb1', size, 'cli');
    const slow = reader(terminals, terminalId);
    await terminals.write(terminalId, typed('stty -echo; PS1=; echo rea""dy\n'));
    await expect.poll(slow.shownNow, patient).toMatch(/ready\r/);
    const before = slow.position();
    await terminals.write(terminalId, typed('head -c 600000 /dev/zero | tr "\\0" x\n'));
    await vi.waitFor(async () => {
      const { nextByte } = await terminals.read(terminalId, Number.MAX_SAFE_INTEGER, 500, here);
      expect(nextByte - before).toBeGreaterThanOrEqual(600_000);
    }, patient);
    const { bytes, nextByte, droppedBytes } = await slow.read();
    expect(bytes).toHaveLength(256 * 1024);
    expect(droppedBytes).toBe(nextByte - before - 256 * 1024);
    expect((await slow.read(0)).droppedBytes).toBe(0);
  });

  test('ends with its sandbox and says so', async () => {
    const gone = { is: false };
    const { terminals, events } = setUp({
      find() {
        if (gone.is) throw new DeskError('SANDBOX_NOT_FOUND', 'gone');
        return sandbox;
      },
    });
    const terminalId = await terminals.open('sb1', size, 'window');
    const { shownNow, read } = reader(terminals, terminalId);
    await expect.poll(shownNow, patient).toMatch(/\$ /);
    gone.is = true;
    await provider.kill(sandbox.sandboxId);
    await vi.waitFor(async () => {
      expect((await read()).ended).toEqual({ exitCode: null, reason: 'its sandbox no longer runs' });
    }, patient);
    expect(events.at(-1)).toMatchObject({ kind: 'TerminalClosed', reason: 'its sandbox no longer runs' });
  });

  test('that nobody reads is closed and its shell ended; one that is read is not', async () => {
    const { terminals, events } = setUp({ unreadMs: 600 });
    const idle = await terminals.open('sb1', size, 'cli');
    const read = await terminals.open('sb1', size, 'window');
    await terminals.write(idle, typed('exec -a forgotten-shell sleep 300\n'));
    const { read: readOn } = reader(terminals, read);
    await vi.waitFor(async () => {
      await readOn(100);
      expect(events).toContainEqual(
        expect.objectContaining({ kind: 'TerminalClosed', terminalId: idle, actor: 'host' }),
      );
    }, patient);
    await expect(terminals.read(idle, 0, 0, here)).rejects.toMatchObject({ code: 'TERMINAL_NOT_FOUND' });
    expect((await readOn(0)).ended).toBeNull();
    await expect
      .poll(() => sandbox.exec('pgrep -f forgotten-shel[l] | wc -l'), patient)
      .toMatchObject({ stdout: '0\n' });
  });

  test('is refused when eight are open, until one is closed', async () => {
    const { terminals } = setUp();
    const opened = await Promise.allSettled(
      Array.from({ length: 9 }, () => terminals.open('sb1', size, 'cli')),
    );
    const ids = opened.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(ids).toHaveLength(8);
    expect(opened.find((outcome) => outcome.status === 'rejected')).toMatchObject({
      reason: { code: 'TERMINAL_LIMIT', message: expect.stringContaining('8 terminals') },
    });
    terminals.end(ids[0] ?? '', 'cli');
    await expect(terminals.open('sb1', size, 'cli')).resolves.toMatch(/^term-/);
  });

  test('asks for keepalives and no deadline, so that a silent one outlives the limits of idle streams', async () => {
    const { terminals } = setUp();
    await terminals.open('sb1', size, 'cli');
    const headers = proxy.log.filter(({ route }) => route === '/process.Process/Start').at(-1)?.headers;
    expect(headers).not.toHaveProperty('connect-timeout-ms');
    expect(Number(headers?.['keepalive-ping-interval'])).toBeGreaterThan(0);
    expect(Number(headers?.['keepalive-ping-interval'])).toBeLessThan(300);
  });
});

describe('through the whole desk', { timeout: 60_000 }, () => {
  test('a terminal is opened, typed into, read, resized and closed', async () => {
    const host = await startRunningHost(temporaryDirectory());
    const { sandboxes } = await host.call('sandboxes.create', { count: 1 });
    const id = sandboxes[0]?.sandboxId ?? '';
    const { terminalId } = await host.call('sandboxes.terminal.open', { id, ...size });
    const data = Buffer.from('echo o""k\n').toString('base64');
    await host.call('sandboxes.terminal.write', { terminalId, data });
    let shown = '';
    let afterByte = 0;
    await vi.waitFor(async () => {
      const output = await host.call('sandboxes.terminal.read', { terminalId, afterByte, waitMs: 500 });
      afterByte = output.nextByte;
      shown += Buffer.from(output.data, 'base64').toString();
      expect(shown).toContain('ok\r');
    }, patient);
    await host.call('sandboxes.terminal.resize', { terminalId, cols: 100, rows: 30 });
    await host.call('sandboxes.terminal.close', { terminalId });
    for (const [name, input, code] of [
      ['sandboxes.terminal.read', { terminalId }, 'TERMINAL_NOT_FOUND'],
      ['sandboxes.terminal.write', { terminalId, data }, 'TERMINAL_NOT_FOUND'],
      ['sandboxes.terminal.close', { terminalId }, 'TERMINAL_NOT_FOUND'],
      ['sandboxes.terminal.open', { id: 'i0', ...size }, 'SANDBOX_NOT_FOUND'],
      ['sandboxes.terminal.open', { id, cols: 0, rows: 24 }, 'INVALID_INPUT'],
      ['sandboxes.terminal.write', { terminalId, data: '#' }, 'INVALID_INPUT'],
      ['sandboxes.terminal.write', { terminalId, data: 'A'.repeat(87_388) }, 'INVALID_INPUT'],
      ['sandboxes.terminal.read', { terminalId, waitMs: 20_001 }, 'INVALID_INPUT'],
    ] as const)
      await expect(host.callRaw(name, input), name).rejects.toMatchObject({ code });
  });

  test('a terminal ends when its sandbox is destroyed', async () => {
    const host = await startRunningHost(temporaryDirectory());
    const { sandboxes } = await host.call('sandboxes.create', { count: 1 });
    const id = sandboxes[0]?.sandboxId ?? '';
    const { terminalId } = await host.call('sandboxes.terminal.open', { id, ...size });
    await host.call('sandboxes.destroy', { id });
    await vi.waitFor(async () => {
      const { ended } = await host.call('sandboxes.terminal.read', { terminalId, waitMs: 500 });
      expect(ended).toEqual({ exitCode: null, reason: 'its sandbox no longer runs' });
    }, patient);
  });
});
