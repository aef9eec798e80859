import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openLearntStates } from '../../../electron/host/swarm/learnt-states.ts';
import type { Learnt } from '../../../electron/host/swarm/opening-frames.ts';
import { silent } from '../../support/fleet-bench.ts';

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'learnt-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

function state(agentId: string, symbol: string, barAt: number): Learnt {
  return { agentId, symbol, barAt, state: '0aff' };
}

test('a later host finds the last state of each agent and symbol', async () => {
  const folder = join(emptyFolder(), 'learnt');
  const states = openLearntStates(folder, silent);
  states.keep(state('neural-01', 'AAPL', 1));
  states.keep(state('neural-01', 'BRK/B', 1));
  states.keep(state('neural-01', 'AAPL', 2));
  states.keep(state('neural-02', 'AAPL', 1));
  await states.settled();
  const later = openLearntStates(folder, silent);
  const found = later.of('neural-01').sort((one, other) => one.symbol.localeCompare(other.symbol));
  expect(found).toEqual([state('neural-01', 'AAPL', 2), state('neural-01', 'BRK/B', 1)]);
  expect(later.of('neural-02')).toEqual([state('neural-02', 'AAPL', 1)]);
});

test('what is forgotten is forgotten for good', async () => {
  const folder = join(emptyFolder(), 'learnt');
  const states = openLearntStates(folder, silent);
  states.keep(state('neural-01', 'AAPL', 1));
  await states.settled();
  states.forget('neural-01');
  expect(states.of('neural-01')).toEqual([]);
  await states.settled();
  expect(readdirSync(folder)).toEqual([]);
});

test('a damaged file costs its own state alone', async () => {
  const folder = emptyFolder();
  const states = openLearntStates(folder, silent);
  states.keep(state('neural-01', 'AAPL', 1));
  await states.settled();
  writeFileSync(join(folder, 'neural-02.AAPL.json'), '{"agentId":"neural-02"');
  writeFileSync(join(folder, 'neural-03.AAPL.json'), JSON.stringify(state('neural-04', 'AAPL', 1)));
  const later = openLearntStates(folder, silent);
  expect(later.of('neural-01')).toEqual([state('neural-01', 'AAPL', 1)]);
  expect(['neural-02', 'neural-03', 'neural-04'].flatMap((agentId) => later.of(agentId))).toEqual([]);
});
