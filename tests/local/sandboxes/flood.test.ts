import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { E2B, type Sandbox } from 'e2b';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildServices, startServices } from './start-services.ts';

const mebibyte = 1024 * 1024;
const mostGrowthBytes = 64 * mebibyte;
const flood = 'head -c 1000000000 /dev/zero';

// Only Linux tells the memory of another process as a file.
describe.skipIf(process.platform !== 'linux')('a gigabyte of output', () => {
  let directory: string;
  let services: ChildProcess;
  let url: string;
  let sandbox: Sandbox;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'desk-flood-'));
    ({ services, url } = await startServices(
      await buildServices(directory),
      join(directory, 'data'),
      'auto',
    ));
    sandbox = await new E2B({ apiKey: 'key', apiUrl: url, sandboxUrl: url }).Sandbox.create();
    // What is compiled and pooled at first use is no growth.
    await readWhole(await start('head -c 50000000 /dev/zero'));
  }, 60_000);
  afterAll(async () => {
    services.kill('SIGKILL');
    await rm(directory, { recursive: true, force: true, maxRetries: 10 });
  });

  function residentBytes(): number {
    const status = readFileSync(`/proc/${services.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1_024;
  }

  /** Returns by how much the services grew at most while something was done. */
  async function growthDuring(act: () => Promise<unknown>): Promise<number> {
    const before = residentBytes();
    let most = before;
    const looking = setInterval(() => {
      most = Math.max(most, residentBytes());
    }, 10);
    await act().finally(() => clearInterval(looking));
    return most - before;
  }

  // The SDK keeps all it hears, so its stream is read as it comes.
  async function start(command: string, signal?: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const message = Buffer.from(
      JSON.stringify({ process: { cmd: '/bin/bash', args: ['-c', command] }, stdin: false }),
    );
    const frame = Buffer.concat([Buffer.alloc(5), message]);
    frame.writeUInt32BE(message.length, 1);
    const response = await fetch(`${url}/process.Process/Start`, {
      method: 'POST',
      headers: {
        'content-type': 'application/connect+json',
        'connect-protocol-version': '1',
        'E2b-Sandbox-Id': sandbox.sandboxId,
        'X-Access-Token': String(sandbox['envdAccessToken']),
      },
      body: frame,
      ...(signal === undefined ? {} : { signal }),
    });
    if (response.body === null) throw new Error(`answered ${response.status} without a stream`);
    return response.body;
  }

  async function readWhole(stream: ReadableStream<Uint8Array>): Promise<number> {
    let bytes = 0;
    for await (const chunk of stream) bytes += chunk.length;
    return bytes;
  }

  test('reaches whoever reads it, through little memory', async () => {
    let received = 0;
    const growth = await growthDuring(async () => {
      received = await readWhole(await start(flood));
    });
    // Every three bytes are four characters.
    expect(received).toBeGreaterThan(1_333_333_333);
    expect(growth).toBeLessThan(mostGrowthBytes);
  }, 180_000);

  test('waits for a reader that has stopped reading, and goes on without one that left', async () => {
    const leaving = new AbortController();
    let growth = await growthDuring(async () => {
      await start(`${flood}; touch finished`, leaving.signal);
      // Long enough for all of it, were it not held back: unread, it runs for about a second.
      await new Promise((resolve) => setTimeout(resolve, 3_000));
    });
    expect(growth).toBeLessThan(mostGrowthBytes);
    expect(await sandbox.files.exists('finished')).toBe(false);
    growth = await growthDuring(async () => {
      leaving.abort();
      await expect.poll(() => sandbox.files.exists('finished'), { timeout: 60_000 }).toBe(true);
    });
    expect(growth).toBeLessThan(mostGrowthBytes);
  }, 120_000);
});
