import { readFileSync } from 'node:fs';
import type { Sandbox } from 'e2b';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chooseIsolation } from '../../../electron/local/sandboxes/isolation/isolation.ts';
import { machineIsolates, type OpenRuntime, openRuntime } from './open-runtime.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const isolates = await machineIsolates();
const limits = await machineLimits();

/** Whether the account that runs this may limit others at all. */
async function machineLimits(): Promise<boolean> {
  const directory = await mkdtemp(join(tmpdir(), 'desk-limits-'));
  try {
    const isolation = await chooseIsolation('auto', directory);
    await isolation.close();
    return isolation.kind === 'isolated' && isolation.limits.memory && isolation.limits.cpu;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

describe.skipIf(!limits)('a sandbox of 1 processor and 64 MB', () => {
  let open: OpenRuntime;
  let sandbox: Sandbox;
  beforeAll(async () => {
    open = await openRuntime({ size: { cpuCount: 1, memoryMb: 64, diskMb: 100 } });
    sandbox = await open.client.Sandbox.create();
  });
  afterAll(() => open.close());

  test('says its size', async () => {
    expect(await sandbox.getInfo()).toMatchObject({ cpuCount: 1, memoryMB: 64 });
    expect(open.runtime.isolationDetail).toMatch(
      /^bubblewrap, cgroup v[12] limits on memory and processor time$/,
    );
  });

  test('kills a program that takes more memory, and goes on', async () => {
    const greedy = sandbox.commands.run(
      'exec perl -e \'my $x = "x" x (200 * 1024 * 1024); print length $x\'',
    );
    await expect(greedy).rejects.toMatchObject({ exitCode: -1, error: 'signal: killed' });
    expect((await sandbox.commands.run('perl -e \'my $x = "x" x 10_000_000; print length $x\'')).stdout).toBe(
      '10000000',
    );
  });

  test('gives two busy programs the time of one processor', async () => {
    const busy = `perl -MTime::HiRes=time -e '
      my $end = time + 2; 1 while time < $end; my @spent = times; printf "%.2f\\n", $spent[0] + $spent[1]'`;
    const { stdout } = await sandbox.commands.run(`${busy} & ${busy} & wait`);
    const spent = stdout.trim().split('\n').map(Number);
    expect(spent.length).toBe(2);
    const total = spent.reduce((sum, seconds) => sum + seconds, 0);
    // Without the limit it is up to four seconds.
    expect(total).toBeLessThan(2.5);
  });
});

describe.skipIf(!isolates)('a program', () => {
  test('belongs to no group of the services, from its first moment', async () => {
    const open = await openRuntime();
    try {
      const sandbox = await open.client.Sandbox.create();
      const { stdout } = await sandbox.commands.run('sh -c "cat /proc/self/cgroup"');
      if (limits) expect(stdout).not.toBe(readFileSync('/proc/self/cgroup', 'utf8'));
      expect(stdout.includes(sandbox.sandboxId)).toBe(limits);
    } finally {
      await open.close();
    }
  });
});
