import { expect, test, vi } from 'vitest';
import { DeskError } from '../../../electron/contract/errors.ts';
import { createCall } from '../../../renderer/bridge.ts';
import { startTerminalSession, type TerminalStatus } from '../../../renderer/terminal/terminal-session.ts';
import { createFakeDeskBridge, type FakeHandlers } from '../../support/fake-desk-bridge.ts';

const ended = { exitCode: 0, reason: 'the shell exited with code 0' };

function start(handlers: FakeHandlers) {
  const fake = createFakeDeskBridge({
    handlers: {
      'sandboxes.terminal.open': () => ({ terminalId: 'term-1' }),
      'sandboxes.terminal.write': () => ({}),
      'sandboxes.terminal.close': () => ({}),
      ...handlers,
    },
  });
  const statuses: TerminalStatus[] = [];
  let shown = '';
  const session = startTerminalSession({
    call: createCall(fake.bridge),
    sandboxId: 'sb1',
    size: { cols: 80, rows: 24 },
    show: async (bytes) => {
      shown += new TextDecoder().decode(bytes);
    },
    onStatus: (status) => statuses.push(status),
  });
  return { fake, session, statuses, shown: () => shown };
}

test('asks on from where it is, adds up what was dropped, and tells the end', async () => {
  const answers = [
    { data: btoa('one '), nextByte: 4, droppedBytes: 0, ended: null },
    { data: btoa('three'), nextByte: 20, droppedBytes: 11, ended: null },
    { data: '', nextByte: 30, droppedBytes: 10, ended },
  ];
  const asked: number[] = [];
  const { statuses, shown } = start({
    'sandboxes.terminal.read': ({ afterByte }) => {
      asked.push(afterByte);
      const answer = answers.shift();
      if (!answer) throw new Error('read after the end');
      return answer;
    },
  });
  await vi.waitFor(() => expect(statuses.at(-1)).toEqual({ kind: 'ended', droppedBytes: 21, ...ended }));
  expect(asked).toEqual([0, 4, 20]);
  expect(shown()).toBe('one three');
});

test('sends keys in their order, large pastes in parts, and closes', async () => {
  const { fake, session } = start({ 'sandboxes.terminal.read': () => new Promise(() => undefined) });
  session.type(new TextEncoder().encode('a'));
  session.type(new Uint8Array(65_537).fill(98));
  session.close();
  const written = () =>
    fake.calls.flatMap(({ name, input }) =>
      name === 'sandboxes.terminal.write' ? [atob((input as { data: string }).data)] : [],
    );
  await vi.waitFor(() => expect(written().map((text) => text.length)).toEqual([1, 65_536, 1]));
  expect(written()[0]).toBe('a');
  expect(fake.calls.some(({ name }) => name === 'sandboxes.terminal.close')).toBe(true);
});

test('tells why a terminal cannot be opened', async () => {
  const { statuses } = start({
    'sandboxes.terminal.open': () => {
      throw new DeskError('SANDBOX_NOT_FOUND', 'There is no running sandbox "sb1".');
    },
  });
  await vi.waitFor(() =>
    expect(statuses.at(-1)).toMatchObject({ kind: 'failed', error: { code: 'SANDBOX_NOT_FOUND' } }),
  );
});
