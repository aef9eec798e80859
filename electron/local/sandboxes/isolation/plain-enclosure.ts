// Where bubblewrap does not work: processes run as the account of the services and see the whole machine. Only their
// home and temporary directory belong to the sandbox. A keeper knows their process groups and ends them when the
// services close its input or die. A process that left its group is found by its environment, where the system shows it:
// on Linux, unless it gave that up too.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { diskWriters } from './disk-writers.ts';
import type { Enclosure, EnclosureOptions } from './enclosure.ts';
import { withoutTerminals } from './open-terminals.ts';
import { usageOf } from './process-usage.ts';

// Each line names all groups there are. Traps keep it alive when a terminal's Ctrl-C reaches the services' whole group.
const keeper = `trap '' INT TERM HUP
groups=
while read -r line; do groups=$line; done
for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
# What is found may have had children meanwhile.
for round in 1 2 3 4 5 6 7 8; do
  found=$(grep -lsF "E2B_SANDBOX_ID=$1" /proc/[0-9]*/environ)
  [ -n "$found" ] || exit 0
  for environ in $found; do
    pid=\${environ#/proc/}
    kill -s KILL "\${pid%/environ}" 2>/dev/null
  done
done`;

export function openPlain({ root, sandboxId, size }: EnclosureOptions): Enclosure {
  const home = join(root, 'home/user');
  const { file, args } = withoutTerminals({
    file: '/bin/sh',
    args: ['-c', keeper, 'sh', sandboxId],
    env: {},
  });
  const guard = spawn(file, args, { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  guard.stdin.on('error', () => undefined);
  const groups = new Set<number>();
  const ended = new Promise<void>((resolve) => {
    guard.once('exit', () => resolve());
    guard.once('error', () => resolve());
  });

  /** Forgets groups that are empty: their numbers may come to mean another process. */
  function tellKeeper(): void {
    for (const group of groups) if (!isAlive(group)) groups.delete(group);
    guard.stdin.write(`${[...groups].join(' ')}\n`);
  }

  function signalAll(signal: 'SIGSTOP' | 'SIGCONT'): void {
    for (const group of groups) if (isAlive(group)) process.kill(-group, signal);
  }

  /** A directory of the sandbox if there is one of that name, else the machine's. */
  function onMachine(cwd: string): string {
    const inside = join(root, cwd);
    return existsSync(inside) ? inside : cwd;
  }

  return {
    home,
    ready: Promise.resolve(),
    ended,
    adapt: (command) => ({
      ...command,
      longestFileMb: size.diskMb,
      cwd: onMachine(command.cwd),
      env: { TMPDIR: join(root, 'tmp'), ...command.env },
    }),
    enter: ([file = '/bin/sh', ...args]) => withoutTerminals({ file, args, env: {} }),
    leaderOf(spawned) {
      groups.add(spawned);
      tellKeeper();
      return spawned;
    },
    // Those it started may go on in its group; once that is empty, its number may come to mean others.
    left: tellKeeper,
    stopsVisibly: true,
    freeze: async () => signalAll('SIGSTOP'),
    thaw: async () => signalAll('SIGCONT'),
    sharesNetwork: () => true,
    shareNetwork: () => undefined,
    reachesMachine: async () => true,
    writers: () => diskWriters(({ group }) => groups.has(group)),
    usage: () => usageOf(({ group }) => groups.has(group)),
    async close() {
      tellKeeper();
      guard.stdin.end();
      await ended;
    },
  };
}

function isAlive(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}
