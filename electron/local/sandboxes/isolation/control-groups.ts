// One control group a sandbox: what its processes may use, what they do use, and a hold on all of them at once. Which of
// that there is depends on the machine and on who runs the services.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Hierarchy, openHierarchies } from './cgroup-hierarchies.ts';
import type { EnclosureSize, ProcessUsage } from './enclosure.ts';

const periodUs = 100_000;
const pollMs = 2;
const longestFreezeMs = 2_000;

export interface ControlGroup {
  /** A process that writes 0 to each of these has joined, with all it starts from then on. */
  readonly joinFiles: readonly string[];
  /** Stops all processes where they are without their noticing, or lets them go on; undefined where it cannot. */
  readonly freeze: ((frozen: boolean) => Promise<void>) | undefined;
  /** Kills all processes, stopped ones too; undefined where it cannot. */
  readonly kill: (() => void) | undefined;
  /** What the processes use; undefined where it is not counted. */
  usage(): ProcessUsage | undefined;
  /** Removes the group once its processes are gone; gives up after a second. */
  remove(): Promise<void>;
}

export interface ControlGroups {
  /** Which of the system's two interfaces limits. */
  readonly version: 'cgroup v1' | 'cgroup v2';
  readonly limitsMemory: boolean;
  readonly limitsCpu: boolean;
  /** Throws the system's error when the group cannot be made. */
  open(name: string, size: EnclosureSize): ControlGroup;
  /** Removes what was made for all of them. */
  close(): Promise<void>;
}

/** Makes what groups there can be for the sandboxes in `directory`; undefined when there can be none. */
export function openControlGroups(
  directory: string,
  findTrees: typeof openHierarchies = openHierarchies,
): ControlGroups | undefined {
  const mark = createHash('sha256').update(directory).digest('hex').slice(0, 12);
  const trees = findTrees(`neural-trader-sandboxes-${mark}`);
  if (trees.length === 0) return undefined;
  for (const tree of trees) removeLeftOvers(tree.directory);
  const unified = trees.find((tree) => tree.kind === 'unified');
  const memory = trees.find((tree) => tree.controllers.includes('memory'));
  const cpu = trees.find((tree) => tree.controllers.includes('cpu'));

  // The unified tree stops processes by itself.
  const freezer =
    unified === undefined ? trees.find((tree) => tree.controllers.includes('freezer')) : undefined;

  return {
    version: (memory ?? cpu)?.kind === 'old' ? 'cgroup v1' : 'cgroup v2',
    limitsMemory: memory !== undefined,
    limitsCpu: cpu !== undefined,
    open(name, size) {
      // Joining costs: no group is made that would not limit or tell anything.
      const needsCpu = size.cpuCount < availableParallelism();
      const used = new Set(
        [unified, memory, freezer, needsCpu ? cpu : undefined].filter((tree) => tree !== undefined),
      );
      for (const tree of used) mkdirSync(join(tree.directory, name), { recursive: true });
      if (memory !== undefined) limitMemory(memory, name, size.memoryMb * 1024 * 1024);
      if (cpu !== undefined && needsCpu) limitCpu(cpu, name, size.cpuCount);
      return groupIn([...used], name, { unified, memory, freezer });
    },
    async close() {
      for (const tree of trees) await removeGroup(tree.directory);
    },
  };
}

function groupIn(
  trees: readonly Hierarchy[],
  name: string,
  { unified, memory, freezer }: Record<'unified' | 'memory' | 'freezer', Hierarchy | undefined>,
): ControlGroup {
  const whole = unified === undefined ? undefined : join(unified.directory, name);
  const memoryGroup = memory === undefined ? undefined : join(memory.directory, name);
  const kill = whole === undefined ? undefined : join(whole, 'cgroup.kill');
  return {
    joinFiles: trees.map((tree) => join(tree.directory, name, 'cgroup.procs')),
    freeze: freezerOf(whole, freezer && join(freezer.directory, name)),
    kill: kill !== undefined && existsSync(kill) ? () => writeFileSync(kill, '1') : undefined,
    usage() {
      if (whole === undefined || memoryGroup === undefined) return undefined;
      const cpuMs = field(join(whole, 'cpu.stat'), 'usage_usec') / 1_000;
      return { cpuMs, ...memoryUsage(memory?.kind === 'unified', memoryGroup) };
    },
    async remove() {
      for (const tree of trees) await removeGroup(join(tree.directory, name));
    },
  };
}

function freezerOf(whole: string | undefined, old: string | undefined): ControlGroup['freeze'] {
  if (whole !== undefined && existsSync(join(whole, 'cgroup.freeze'))) return freezing(whole);
  return old === undefined ? undefined : oldFreezing(old);
}

function oldFreezing(group: string): (frozen: boolean) => Promise<void> {
  const file = join(group, 'freezer.state');
  return async (frozen) => {
    const wanted = frozen ? 'FROZEN' : 'THAWED';
    for (let waitedMs = 0; readFileSync(file, 'utf8').trim() !== wanted; waitedMs += pollMs) {
      // What is started while the others stop is reached by being asked again.
      writeFileSync(file, wanted);
      if (waitedMs > longestFreezeMs) throw new Error(`the processes in ${group} do not stop`);
      await sleep(pollMs);
    }
  };
}

function freezing(group: string): (frozen: boolean) => Promise<void> {
  return async (frozen) => {
    const wanted = frozen ? 1 : 0;
    writeFileSync(join(group, 'cgroup.freeze'), String(wanted));
    for (let waitedMs = 0; field(join(group, 'cgroup.events'), 'frozen') !== wanted; waitedMs += pollMs) {
      if (waitedMs > longestFreezeMs) throw new Error(`the processes in ${group} do not stop`);
      await sleep(pollMs);
    }
  };
}

function memoryUsage(isUnified: boolean, group: string): { memoryBytes: number; cacheBytes: number } {
  const [current, cache] = isUnified ? ['memory.current', 'file'] : ['memory.usage_in_bytes', 'total_cache'];
  const bytes = Number(readFileSync(join(group, current), 'utf8'));
  const cacheBytes = field(join(group, 'memory.stat'), cache);
  return { memoryBytes: Math.max(0, bytes - cacheBytes), cacheBytes };
}

function limitMemory(tree: Hierarchy, name: string, bytes: number): void {
  const [limit, swap] =
    tree.kind === 'unified'
      ? [`memory.max`, 'memory.swap.max']
      : ['memory.limit_in_bytes', 'memory.memsw.limit_in_bytes'];
  writeFileSync(join(tree.directory, name, limit), String(bytes));
  const swapFile = join(tree.directory, name, swap);
  // Where the system counts swap, none is given on top.
  if (existsSync(swapFile)) writeFileSync(swapFile, String(tree.kind === 'unified' ? 0 : bytes));
}

function limitCpu(tree: Hierarchy, name: string, count: number): void {
  const group = join(tree.directory, name);
  if (tree.kind === 'unified') {
    writeFileSync(join(group, 'cpu.max'), `${count * periodUs} ${periodUs}`);
    return;
  }
  writeFileSync(join(group, 'cpu.cfs_period_us'), String(periodUs));
  writeFileSync(join(group, 'cpu.cfs_quota_us'), String(count * periodUs));
}

/** Reads one line of a file of names and numbers; a name that is missing counts nothing. */
function field(file: string, name: string): number {
  const line = readFileSync(file, 'utf8')
    .split('\n')
    .find((candidate) => candidate.startsWith(`${name} `));
  return line === undefined ? 0 : Number(line.slice(name.length + 1));
}

async function removeGroup(group: string): Promise<void> {
  for (let attempt = 0; attempt < 50 && existsSync(group); attempt += 1) {
    try {
      rmdirSync(group);
    } catch {
      // Its last processes are still on their way out.
      await sleep(20);
    }
  }
}

// Groups of services that were killed: their processes died with them.
function removeLeftOvers(directory: string): void {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    try {
      rmdirSync(join(directory, entry.name));
    } catch {
      // Still in use: another start will find it.
    }
  }
}
