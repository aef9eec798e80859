import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { forkLocalServices } from '../../electron/host/fork-local-services.ts';
import type { LocalChild } from '../../electron/host/local-process.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** Starts `source` as the local services; it is killed when the test ends. */
function start(source: string): { child: LocalChild; messages: unknown[]; exits: (number | null)[] } {
  const path = join(temporaryDirectory(), 'backend.mjs');
  writeFileSync(path, source);
  const child = forkLocalServices(path)();
  onTestFinished(() => child.kill());
  const messages: unknown[] = [];
  const exits: (number | null)[] = [];
  child.onMessage((message) => messages.push(message));
  child.onExit((code) => exits.push(code));
  return { child, messages, exits };
}

test('carries messages both ways as plain objects', async () => {
  const { child, messages } = start(
    "process.on('message', (message) => process.send({ heard: message, pid: process.pid }))",
  );
  child.send({ kind: 'stop' });
  await vi.waitFor(() => expect(messages).toEqual([{ heard: { kind: 'stop' }, pid: child.pid }]));
});

test('tells the exit code once, and takes messages for a dead child without a word', async () => {
  const { child, exits } = start('process.exit(7)');
  await vi.waitFor(() => expect(exits).toEqual([7]));
  child.send({ kind: 'stop' });
  expect(exits).toEqual([7]);
});

test('kills a child that does not react', async () => {
  const { child, messages, exits } = start(
    "process.on('SIGTERM', () => {}); process.on('message', () => {}); process.send('up')",
  );
  await vi.waitFor(() => expect(messages).toEqual(['up']));
  child.kill();
  await vi.waitFor(() => expect(exits).toEqual([null]));
});
