// The machine of the test may have the unified control groups too; they are left aside here.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { openHierarchies } from '../../../electron/local/sandboxes/isolation/cgroup-hierarchies.ts';
import {
  type ControlGroups,
  openControlGroups,
} from '../../../electron/local/sandboxes/isolation/control-groups.ts';

const groups = openOldGroups();
const group = groups?.open('stopped', { cpuCount: 1_000, memoryMb: 64, diskMb: 64 });

function openOldGroups(): ControlGroups | undefined {
  try {
    return openControlGroups(`old freezer ${process.pid}`, (name) =>
      openHierarchies(name).filter(({ kind }) => kind === 'old'),
    );
  } catch {
    return undefined;
  }
}

function stateOf({ pid }: ChildProcess): string {
  return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.slice(0, 1) ?? '';
}

test.skipIf(group?.freeze === undefined)(
  'where only the old control groups are, their freezer stops a busy process unseen and lets it go on',
  async () => {
    const busy = spawn('/bin/sh', ['-c', 'while :; do :; done'], { stdio: 'ignore' });
    onTestFinished(async () => {
      busy.kill('SIGKILL');
      await group?.remove();
      await groups?.close();
    });
    for (const file of group?.joinFiles ?? []) writeFileSync(file, String(busy.pid));
    expect(stateOf(busy)).toBe('R');
    await group?.freeze?.(true);
    expect(stateOf(busy)).toBe('D');
    await group?.freeze?.(false);
    await expect.poll(() => stateOf(busy)).toBe('R');
  },
);
