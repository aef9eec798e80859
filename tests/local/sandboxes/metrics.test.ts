import { NotEnoughSpaceError, NotFoundError, type Sandbox } from 'e2b';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { machineIsolates, type OpenRuntime, openRuntime } from './open-runtime.ts';

const isolates = await machineIsolates();
const mebibyte = 1024 * 1024;

describe.each([
  { isolation: 'auto', skip: !isolates },
  { isolation: 'off', skip: false },
] as const)('metrics, isolation $isolation', ({ isolation, skip }) => {
  describe.skipIf(skip)('asked for by the SDK', () => {
    let open: OpenRuntime;
    let busy: Sandbox;
    let idle: Sandbox;
    beforeAll(async () => {
      open = await openRuntime({ isolation, size: { cpuCount: 2, memoryMb: 256, diskMb: 50 } });
      [busy, idle] = await Promise.all([open.client.Sandbox.create(), open.client.Sandbox.create()]);
    });
    afterAll(() => open.close());

    test('tell the processor time, memory and disk of each sandbox alone', async () => {
      const load = 'my $x = "x" x (64 * 1024 * 1024); 1 while 1;';
      await busy.files.write('on-disk', new Blob([new Uint8Array(3 * mebibyte)]));
      await busy.files.write('load.pl', load);
      await busy.commands.run('exec perl load.pl', { background: true, timeoutMs: 0 });
      await expect
        .poll(async () => (await busy.getMetrics()).at(-1)?.memUsed ?? 0, { timeout: 15_000, interval: 500 })
        .toBeGreaterThan(60 * mebibyte);
      await expect
        .poll(async () => (await busy.getMetrics()).at(-1)?.cpuUsedPct ?? 0, {
          timeout: 15_000,
          interval: 500,
        })
        .toBeGreaterThan(10);
      await expect.poll(async () => (await idle.getMetrics()).length, { timeout: 15_000 }).toBeGreaterThan(0);
      const [sample, other] = await Promise.all([busy.getMetrics(), idle.getMetrics()]);
      expect(sample.at(-1)).toMatchObject({
        cpuCount: 2,
        memTotal: 256 * mebibyte,
        diskTotal: 50 * mebibyte,
      });
      expect(sample.at(-1)?.cpuUsedPct).toBeLessThanOrEqual(55);
      expect(sample.at(-1)?.diskUsed).toBeGreaterThanOrEqual(3 * mebibyte);
      expect(sample.at(-1)?.diskUsed).toBeLessThan(5 * mebibyte);
      expect(other.at(-1)?.cpuUsedPct).toBeLessThan(10);
      expect(other.at(-1)?.memUsed).toBeLessThan(20 * mebibyte);
      expect(other.at(-1)?.diskUsed).toBeLessThan(mebibyte);
    }, 40_000);

    test('can be asked for a span of time', async () => {
      const all = await busy.getMetrics();
      const last = all.at(-1)?.timestamp ?? new Date(0);
      // The client rounds to seconds.
      const since = new Date(last.getTime() - 1_000);
      const later = new Date(last.getTime() + 2_000);
      expect(await busy.getMetrics({ end: new Date(last.getTime() - 3_600_000) })).toEqual([]);
      expect((await busy.getMetrics({ start: since, end: later })).length).toBeGreaterThanOrEqual(1);
      expect((await busy.getMetrics({ start: since, end: later })).length).toBeLessThanOrEqual(2);
      await expect(open.client.Sandbox.getMetrics('ineverexisted')).rejects.toThrow(NotFoundError);
    });

    test('are told by the sandbox itself too', async () => {
      const response = await fetch(`${open.runtime.url}/metrics`, {
        headers: { 'E2b-Sandbox-Id': idle.sandboxId, 'X-Access-Token': String(idle['envdAccessToken']) },
      });
      expect(await response.json()).toMatchObject({
        cpu_count: 2,
        mem_total_mib: 256,
        disk_total: 50 * mebibyte,
      });
    });

    test('uploads end where the disk of the sandbox does', async () => {
      const megabytes = (count: number) => new Blob([new Uint8Array(count * mebibyte)]);
      const writing = idle.files.write('too-much', megabytes(60), { useOctetStream: true });
      await expect(writing).rejects.toThrow(NotEnoughSpaceError);
      await expect(idle.files.write('multipart', megabytes(60))).rejects.toThrow(NotEnoughSpaceError);
    });
  });
});
