// What agents have learnt, beyond the life of their runners and of the host: the last state of each agent and symbol,
// one file each. A state that was lost or damaged costs learning, nothing else.
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AgentId, Symbol } from '../../contract/names.ts';
import type { Log } from '../log.ts';
import type { Learnt } from './opening-frames.ts';

const KeptState = z.object({ agentId: AgentId, symbol: Symbol, barAt: z.int(), state: z.hex() });

export interface LearntStates {
  /** Replaces what was known of the agent and symbol; it is on disk a little later. */
  keep(learnt: Learnt): void;
  of(agentId: string): Learnt[];
  forget(agentId: string): void;
  /** Resolves when everything is on disk. */
  settled(): Promise<void>;
}

/** Opens the states in the folder, which is created with the first one. A file that cannot be read is passed over. */
export function openLearntStates(folder: string, log: Log): LearntStates {
  const states = readStates(folder, log);
  const changed = new Set<string>();
  let writing: Promise<void> | null = null;

  function change(name: string): void {
    changed.add(name);
    writing ??= writeAll().finally(() => {
      writing = null;
    });
  }

  async function writeAll(): Promise<void> {
    for (let [name] = changed; name !== undefined; [name] = changed) {
      changed.delete(name);
      await writeState(folder, name, states.get(name)).catch((error: unknown) =>
        log.warn({ err: error, name }, 'learnt state not written'),
      );
    }
  }

  return {
    keep({ agentId, symbol, barAt, state }) {
      const name = fileName(agentId, symbol);
      states.set(name, { agentId, symbol, barAt, state });
      change(name);
    },
    of: (agentId) => [...states.values()].filter((state) => state.agentId === agentId),
    forget(agentId) {
      for (const [name, state] of states) {
        if (state.agentId !== agentId) continue;
        states.delete(name);
        change(name);
      }
    },
    settled: async () => {
      await writing;
    },
  };
}

/** An agent's name has no dot; a symbol may have a slash. */
function fileName(agentId: string, symbol: string): string {
  return `${agentId}.${encodeURIComponent(symbol)}.json`;
}

async function writeState(folder: string, name: string, state: Learnt | undefined): Promise<void> {
  const path = join(folder, name);
  if (state === undefined) return rm(path, { force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Renamed over the old one, so that a crash leaves one or the other.
  await writeFile(`${path}.next`, JSON.stringify(state), { mode: 0o600 });
  await rename(`${path}.next`, path);
}

function readStates(folder: string, log: Log): Map<string, Learnt> {
  const states = new Map<string, Learnt>();
  for (const name of namesIn(folder)) {
    const state = readState(join(folder, name));
    if (state && fileName(state.agentId, state.symbol) === name) states.set(name, state);
    else log.warn({ name }, 'learnt state not usable');
  }
  return states;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch {
    // Nothing was learnt yet.
    return [];
  }
}

function readState(path: string): Learnt | null {
  try {
    return KeptState.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
}
