// Looking into sandboxes through the whole desk.
import { describe, expect, test, vi } from 'vitest';
import { type RunningHost, startRunningHost } from '../../support/running-host.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const patient = { timeout: 30_000, interval: 50 };

async function hostWithSandbox(): Promise<{ host: RunningHost; id: string }> {
  const host = await startRunningHost(temporaryDirectory());
  const { sandboxes } = await host.call('sandboxes.create', { count: 1 });
  const id = sandboxes[0]?.sandboxId;
  if (!id) throw new Error('no sandbox was created');
  return { host, id };
}

describe('a sandbox', { timeout: 60_000 }, () => {
  test('runs a command and gives its result, also of one that fails', async () => {
    const { host, id } = await hostWithSandbox();
    expect(await host.call('sandboxes.exec', { id, command: 'echo out; echo err >&2; exit 3' })).toEqual({
      exitCode: 3,
      stdout: 'out\n',
      stderr: 'err\n',
      truncated: false,
    });
    await expect(
      host.call('sandboxes.exec', { id, command: 'sleep 20', timeoutMs: 300 }),
    ).rejects.toMatchObject({ code: 'TIMED_OUT' });
  });

  test('ends a command that floods, and keeps a bounded part', async () => {
    const { host, id } = await hostWithSandbox();
    const { stdout, truncated } = await host.call('sandboxes.exec', {
      id,
      command: 'yes',
      timeoutMs: 20_000,
    });
    expect(truncated).toBe(true);
    expect(stdout.length).toBeLessThanOrEqual(256 * 1024);
    const { stdout: left } = await host.call('sandboxes.exec', { id, command: 'pgrep -x yes | wc -l' });
    expect(left.trim()).toBe('0');
  });

  test('keeps files, as text and as bytes', async () => {
    const { host, id } = await hostWithSandbox();
    const bytes = Buffer.from([0, 255, 1, 254]).toString('base64');
    await host.call('sandboxes.files.write', { id, path: 'notes/a.txt', content: 'grüezi' });
    await host.call('sandboxes.files.write', { id, path: '/tmp/b.bin', content: bytes, encoding: 'base64' });
    expect(await host.call('sandboxes.files.read', { id, path: '~/notes/a.txt' })).toEqual({
      path: '/home/user/notes/a.txt',
      sizeBytes: 7,
      encoding: 'utf8',
      content: 'grüezi',
    });
    expect(await host.call('sandboxes.files.read', { id, path: '/tmp/b.bin' })).toMatchObject({
      encoding: 'base64',
      content: bytes,
    });
    const { entries } = await host.call('sandboxes.files.list', { id, path: 'notes' });
    expect(entries).toEqual([{ name: 'a.txt', kind: 'file', sizeBytes: 7, modifiedAt: expect.any(Number) }]);
  });

  test('refuses what cannot be used, by name', async () => {
    const { host, id } = await hostWithSandbox();
    await host.call('sandboxes.exec', { id, command: 'head -c 1048577 /dev/zero > big; mkdir -p dir' });
    const refusals = [
      ['sandboxes.exec', { id: 'i0', command: 'true' }, 'SANDBOX_NOT_FOUND', 'i0'],
      ['sandboxes.exec', { id, command: '   ' }, 'INVALID_INPUT', 'command'],
      ['sandboxes.exec', { id, command: 'x'.repeat(8_193) }, 'INVALID_INPUT', 'command'],
      ['sandboxes.exec', { id, command: 'true', timeoutMs: 0 }, 'INVALID_INPUT', 'timeoutMs'],
      ['sandboxes.exec', { id: '../x', command: 'true' }, 'INVALID_INPUT', 'id'],
      ['sandboxes.files.list', { id, path: '/etc' }, 'PATH_NOT_ALLOWED', '/etc'],
      ['sandboxes.files.list', { id, path: 'nowhere' }, 'FILE_NOT_FOUND', 'nowhere'],
      ['sandboxes.files.list', { id: 'i0' }, 'SANDBOX_NOT_FOUND', 'i0'],
      ['sandboxes.files.read', { id, path: '../../etc/passwd' }, 'PATH_NOT_ALLOWED', 'etc/passwd'],
      ['sandboxes.files.read', { id, path: 'nowhere' }, 'FILE_NOT_FOUND', 'nowhere'],
      ['sandboxes.files.read', { id, path: 'dir' }, 'FILE_NOT_FOUND', 'directory'],
      ['sandboxes.files.read', { id, path: 'big' }, 'FILE_TOO_LARGE', '1048577'],
      [
        'sandboxes.files.write',
        { id, path: 'x', content: 'y'.repeat(1_048_577) },
        'FILE_TOO_LARGE',
        '1048577',
      ],
      [
        'sandboxes.files.write',
        { id, path: 'x', content: '#', encoding: 'base64' },
        'INVALID_INPUT',
        'base64',
      ],
      ['sandboxes.logs', { id: 'i0' }, 'SANDBOX_NOT_FOUND', 'i0'],
      ['sandboxes.logs', { id, lines: 0 }, 'INVALID_INPUT', 'lines'],
      ['sandboxes.metrics', { id: 'i0' }, 'SANDBOX_NOT_FOUND', 'i0'],
      ['pool.resize', { size: -1 }, 'INVALID_INPUT', 'size'],
      ['pool.resize', { size: 1, running: 2 }, 'INVALID_INPUT', 'running'],
    ] as const;
    for (const [name, input, code, named] of refusals) {
      await expect(host.callRaw(name, input), `${name} ${code}`).rejects.toMatchObject({
        code,
        message: expect.stringContaining(named),
      });
    }
  });

  test("shows its runner's messages and what the provider measures of it", async () => {
    const host = await startRunningHost(temporaryDirectory());
    await host.call('swarm.deploy', { agent: 'momentum', count: 1 });
    const [sandbox] = (await host.call('sandboxes.list', {})).sandboxes;
    const id = sandbox?.sandboxId ?? '';
    await vi.waitFor(async () => {
      const { lines } = await host.call('sandboxes.logs', { id, lines: 500 });
      expect(lines.map((line) => line.text).join()).toContain('"kind":"heartbeat"');
    }, patient);
    const { lines } = await host.call('sandboxes.logs', { id, lines: 1 });
    expect(lines).toHaveLength(1);
    const { samples } = await host.call('sandboxes.metrics', { id });
    for (const sample of samples) expect(sample.memoryUsedBytes).toBeLessThanOrEqual(sample.memoryTotalBytes);
  });
});
