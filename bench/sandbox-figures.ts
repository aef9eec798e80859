// The promises of the local sandbox runtime, measured with the official SDK against a runtime of its own.
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { E2B, type Sandbox } from 'e2b';
import { startSandboxRuntime } from '../electron/local/sandboxes/start-sandbox-runtime.ts';
import { type Measurement, percentile } from './measurement.ts';

const creations = 40;
const statusCalls = 500;
const fleetSize = 200;
/** Between two creations, as when a person deploys: time for the next sandbox's ground to be made. */
const pauseMs = 250;
const mebibyte = 1024 * 1024;

/** Starts a runtime and measures creation, status and a fleet of 200 on it. */
export async function measureSandboxes(): Promise<Measurement[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'desk-bench-sandboxes-'));
  const apiKey = 'bench';
  const limits = { limit: 1_000, createsPerSecond: 1_000 };
  const runtime = await startSandboxRuntime({ dataDir, apiKey, isolation: 'auto', limits });
  try {
    const client = new E2B({ apiKey, apiUrl: runtime.url, sandboxUrl: runtime.url });
    const note = `${runtime.isolation}, SDK in the same process`;
    const firstCommands = await timeFirstCommands(client);
    const statuses = await timeStatuses(client);
    const fleet = await measureFleet(client);
    return [
      {
        name: 'create a sandbox to its first command, P95',
        value: percentile(firstCommands, 0.95),
        unit: 'ms',
        n: firstCommands.length,
        target: 25,
        rule: 'atMost',
        note: `${note}, one at a time`,
      },
      {
        name: 'sandbox status, P95',
        value: percentile(statuses, 0.95),
        unit: 'ms',
        n: statuses.length,
        target: 2,
        rule: 'atMost',
        note,
      },
      {
        name: 'sandboxes alive at once',
        value: fleet.alive,
        unit: '',
        n: 1,
        target: fleetSize,
        rule: 'atLeast',
        note: 'each with a program running',
      },
      {
        name: 'memory a sandbox',
        value: fleet.mebibytesEach,
        unit: 'MiB',
        n: fleet.alive,
        target: 3,
        rule: 'atMost',
        note: 'growth of this process, SDK included, and the proportional share of its helpers; without the program',
      },
    ];
  } finally {
    await runtime.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function timeFirstCommands(client: E2B): Promise<number[]> {
  const took: number[] = [];
  for (let round = 0; round <= creations; round += 1) {
    await sleep(pauseMs);
    const startedAt = performance.now();
    const sandbox = await client.Sandbox.create();
    await sandbox.commands.run('true');
    // The first one opens the client's connections.
    if (round > 0) took.push(performance.now() - startedAt);
    await sandbox.kill();
  }
  return took;
}

async function timeStatuses(client: E2B): Promise<number[]> {
  const sandbox = await client.Sandbox.create();
  const took: number[] = [];
  for (let call = 0; call < statusCalls; call += 1) {
    const startedAt = performance.now();
    await sandbox.getInfo();
    took.push(performance.now() - startedAt);
  }
  await sandbox.kill();
  return took;
}

async function measureFleet(client: E2B): Promise<{ alive: number; mebibytesEach: number }> {
  const before = ownBytes();
  const fleet: Sandbox[] = [];
  for (let count = 0; count < fleetSize; count += 1) {
    const sandbox = await client.Sandbox.create({ timeoutMs: 600_000 });
    await (await sandbox.commands.run('exec sleep 600', { background: true, timeoutMs: 0 })).disconnect();
    fleet.push(sandbox);
  }
  const processes = await Promise.all(fleet.map((sandbox) => sandbox.commands.list()));
  const alive = processes.filter((running) => running.length === 1).length;
  const grownBytes = ownBytes() - before;
  await Promise.all(fleet.map((sandbox) => sandbox.kill()));
  return { alive, mebibytesEach: grownBytes / mebibyte / fleetSize };
}

/** This process and all it started, without the programs of the sandboxes. */
function ownBytes(): number {
  const parents = new Map(readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? parentOf(name) : [])));
  const isOurs = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && (parent === process.pid || isOurs(parent));
  };
  const helpers = [...parents.keys()].filter((pid) => isOurs(pid) && nameOf(pid) !== 'sleep');
  return process.memoryUsage().rss + helpers.reduce((sum, pid) => sum + proportionalBytes(pid), 0);
}

function parentOf(pid: string): [number, number][] {
  const parent = /^PPid:\s+(\d+)$/m.exec(read(`/proc/${pid}/status`))?.[1];
  return parent === undefined ? [] : [[Number(pid), Number(parent)]];
}

function nameOf(pid: number): string {
  return read(`/proc/${pid}/comm`).trim();
}

function proportionalBytes(pid: number): number {
  return Number(/^Pss:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) * 1_024;
}

/** Returns the empty text for a process that has just ended. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
