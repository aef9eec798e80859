import { expect, test } from 'vitest';
import type { NumberedMessage } from '../../../electron/host/sandboxes/link-messages.ts';
import { openRunnerLink } from '../../../electron/host/sandboxes/runner-link.ts';
import { followLinkInTest, silentLog } from '../../support/followed-link.ts';
import { createScriptedSandbox } from '../../support/scripted-sandbox.ts';
import { createVirtualTimers } from '../../support/virtual-timers.ts';

const reasonsOf = (messages: readonly NumberedMessage[]): string[] =>
  messages.map((message) => ('reason' in message ? message.reason : message.kind));

function frameCount(frames: readonly { kind: string }[], kind: string): number {
  return frames.filter((frame) => frame.kind === kind).length;
}

test('delivers numbered messages in order and acknowledges them', async () => {
  const { timers, sandbox, delivered, others } = await followLinkInTest();
  sandbox.runner.emit(['one', 'two', 'three']);
  await timers.advance(60);
  expect(reasonsOf(delivered)).toEqual(['one', 'two', 'three']);
  expect(others.map((message) => message.kind)).toEqual(['ready']);
  expect(sandbox.runner.unacknowledged()).toBe(0);
});

test('hears what a runner says before its start is known here', async () => {
  const timers = createVirtualTimers();
  const sandbox = createScriptedSandbox(timers);
  const heard: string[] = [];
  const talkative = {
    ...sandbox,
    async start(command: string, onStdout: (text: string) => void) {
      const process = await sandbox.start(command, onStdout);
      sandbox.runner.emit(['early']);
      return process;
    },
  };
  const listener = {
    onMessage: (message: { kind: string }) => void heard.push(message.kind),
    onBrokenLine: (line: string) => void heard.push(line),
    onLost: (reason: string) => void heard.push(reason),
  };
  const link = await openRunnerLink(talkative, './desk-runner', listener, silentLog, timers);
  expect(heard).toEqual(['target']);
  await link.close();
  sandbox.dispose();
});

test('loses and doubles nothing when the stream breaks and the runner lives', async () => {
  const { timers, sandbox, delivered, losses } = await followLinkInTest();
  sandbox.runner.emit(['before']);
  sandbox.conduct.attachMs = 500;
  sandbox.cutStreams('terminated');
  sandbox.runner.emit(['while nobody followed']);
  await timers.advance(3_000);
  sandbox.runner.emit(['after']);
  await timers.advance(100);
  expect(reasonsOf(delivered)).toEqual(['before', 'while nobody followed', 'after']);
  expect(losses).toEqual([]);
  expect(sandbox.openStreams()).toBe(1);
});

test.each(['fails', 'hangs', 'says the sandbox is gone'] as const)(
  'survives a provider whose attach %s for 10 s',
  async (attach) => {
    const { timers, sandbox, delivered, losses } = await followLinkInTest();
    Object.assign(sandbox.conduct, { attach, write: 'fails' });
    sandbox.cutStreams('terminated');
    await timers.advance(10_000);
    sandbox.runner.emit(['meanwhile']);
    Object.assign(sandbox.conduct, { attach: 'works', write: 'works' });
    await timers.advance(10_000);
    expect(losses).toEqual([]);
    expect(reasonsOf(delivered)).toEqual(['meanwhile']);
    expect(sandbox.openStreams()).toBe(1);
  },
);

test('waits longer and longer between attempts', async () => {
  const { timers, sandbox } = await followLinkInTest();
  sandbox.conduct.attach = 'fails';
  sandbox.cutStreams('terminated');
  await timers.advance(10_000);
  const inTen = sandbox.attaches();
  expect(inTen).toBeGreaterThanOrEqual(4);
  expect(inTen).toBeLessThanOrEqual(12);
});

test('gives up after 30 s without the runner and says what it tried', async () => {
  const { timers, sandbox, losses } = await followLinkInTest();
  sandbox.conduct.attach = 'fails';
  sandbox.cutStreams('terminated');
  await timers.advance(29_000);
  expect(losses).toEqual([]);
  await timers.advance(4_000);
  expect(losses).toEqual([
    'terminated; it was not heard again within 30 s: The sandbox provider is unavailable.',
  ]);
});

test('replaces a connection that is open and dead', async () => {
  const { timers, sandbox, delivered, losses } = await followLinkInTest();
  sandbox.freezeStreams();
  sandbox.runner.emit(['unheard']);
  await timers.advance(9_000);
  expect(sandbox.attaches()).toBe(0);
  await timers.advance(3_000);
  expect(reasonsOf(delivered)).toEqual(['unheard']);
  expect(losses).toEqual([]);
  expect(sandbox.openStreams()).toBe(1);
});

test('gives up on a runner that hangs although its provider answers', async () => {
  const { timers, sandbox, losses } = await followLinkInTest();
  sandbox.suspendRunner();
  await timers.advance(60_000);
  expect(losses).toEqual([expect.stringMatching(/^nothing was heard for 1\d s; it was not heard again/)]);
  sandbox.dispose();
  expect(timers.pending()).toBe(0);
});

test('is lost at once when the runner exits, with its code', async () => {
  const { timers, sandbox, losses } = await followLinkInTest();
  sandbox.exitRunner(3);
  await timers.settle();
  expect(losses).toEqual(['the runner exited with code 3']);
});

test('hears that the runner exited while nobody followed', async () => {
  const { timers, sandbox, losses } = await followLinkInTest();
  sandbox.conduct.attachMs = 1_000;
  sandbox.cutStreams('terminated');
  await timers.advance(500);
  sandbox.exitRunner(4);
  await timers.advance(1_000);
  expect(losses).toEqual(['the runner exited with code 4']);
});

test('is lost within seconds when the sandbox is gone', async () => {
  const { timers, sandbox, losses } = await followLinkInTest();
  sandbox.end();
  await timers.advance(3_000);
  expect(losses).toEqual(['terminated; then The sandbox was not found.']);
  expect(sandbox.attaches()).toBe(3);
});

test('is lost at once when the process is gone', async () => {
  const { timers, sandbox, losses } = await followLinkInTest();
  sandbox.conduct.attach = 'says the process is gone';
  sandbox.cutStreams('terminated');
  await timers.settle();
  expect(losses).toEqual(['terminated; then The process was not found.']);
});

test('asks for what it missed as soon as it is attached', async () => {
  const { timers, sandbox, delivered } = await followLinkInTest();
  sandbox.conduct.attachMs = 100;
  sandbox.cutStreams('terminated');
  sandbox.runner.emit(['unheard']);
  await timers.advance(110);
  expect(reasonsOf(delivered)).toEqual(['unheard']);
});

test('does not join a line that was cut off to the first of the next stream', async () => {
  const { timers, sandbox, others, broken } = await followLinkInTest();
  sandbox.runner.babble('{"kind":"heart');
  sandbox.cutStreams('terminated');
  await timers.settle();
  sandbox.runner.heartbeat();
  expect(others.map((message) => message.kind)).toEqual(['ready', 'heartbeat']);
  expect(broken).toEqual([]);
});

test('believes a busy provider not when it says that the sandbox is gone', async () => {
  const { timers, sandbox, losses } = await followLinkInTest();
  Object.assign(sandbox.conduct, { attach: 'says the sandbox is gone', health: 'fails' });
  sandbox.cutStreams('terminated');
  await timers.advance(12_000);
  expect(losses).toEqual([]);
});

test('stays when a write fails and the stream is fine', async () => {
  const { timers, sandbox, link, losses } = await followLinkInTest();
  sandbox.conduct.write = 'fails';
  link.send({ kind: 'pauseAgent', agentId: 'momentum-1' });
  await timers.advance(10_000);
  sandbox.conduct.write = 'works';
  await timers.advance(3_000);
  expect(losses).toEqual([]);
  expect(frameCount(sandbox.runner.frames, 'pauseAgent')).toBe(1);
  expect(sandbox.attaches()).toBe(0);
});

test('is lost with the reason when nothing can be written for 30 s', async () => {
  const { timers, sandbox, losses } = await followLinkInTest();
  sandbox.conduct.write = 'fails';
  await timers.advance(40_000);
  expect(losses).toEqual(['nothing could be written for 30 s: The sandbox provider is unavailable.']);
  expect(sandbox.openStreams()).toBe(0);
});

test('asks again for a message that a broken line may have been', async () => {
  const { timers, sandbox, delivered, broken } = await followLinkInTest();
  sandbox.conduct.pieces = () => ['{"kind":"targ\n'];
  sandbox.runner.emit(['broken on the way']);
  sandbox.conduct.pieces = (text) => [text];
  await timers.advance(100);
  expect(reasonsOf(delivered)).toEqual(['broken on the way']);
  expect(broken).toEqual(['{"kind":"targ']);
});

test('says nothing of a line whose beginning was lost with the stream', async () => {
  const { timers, sandbox, delivered, broken } = await followLinkInTest();
  sandbox.cutStreams('terminated');
  await timers.settle();
  sandbox.runner.babble('-1","reason":"the rest of a line"}\n');
  sandbox.runner.emit(['whole']);
  await timers.advance(100);
  expect(broken).toEqual([]);
  expect(reasonsOf(delivered)).toEqual(['whole']);
});

test('reports a runner that babbles once a second and asks again without a storm', async () => {
  const { timers, sandbox, broken, losses } = await followLinkInTest();
  for (let line = 0; line < 3_000; line += 1) {
    sandbox.runner.babble('?\n');
    await timers.advance(10);
  }
  expect(broken.length).toBeGreaterThanOrEqual(29);
  expect(broken.length).toBeLessThanOrEqual(31);
  expect(frameCount(sandbox.runner.frames, 'resume')).toBeLessThanOrEqual(16);
  expect(losses).toEqual([]);
});

test('asks once for what is missing however much follows it', async () => {
  const { timers, sandbox, delivered } = await followLinkInTest();
  sandbox.conduct.pieces = () => [];
  sandbox.runner.emit(['missing']);
  sandbox.conduct.pieces = (text) => [text];
  const rest = Array.from({ length: 2_000 }, (_, index) => `later ${index}`);
  sandbox.runner.emit(rest);
  await timers.advance(100);
  expect(frameCount(sandbox.runner.frames, 'resume')).toBe(1);
  expect(reasonsOf(delivered)).toEqual(['missing', ...rest]);
});

test('is lost when the runner cannot give what is missing', async () => {
  const { timers, sandbox, losses } = await followLinkInTest();
  sandbox.runner.babble(`${JSON.stringify({ kind: 'removed', n: 5, agentId: 'momentum-1' })}\n`);
  for (let beat = 0; beat < 40; beat += 1) {
    sandbox.runner.babble('{"kind":"heartbeat","at":0,"lastN":5,"agents":[],"silent":false}\n');
    await timers.advance(1_000);
  }
  expect(losses).toEqual([
    'message 1 is missing and was asked for in vain for 30 s; 5 of its messages never arrived',
  ]);
});

test('is lost when the runner counts anew: its messages would pass for repeated ones', async () => {
  const { timers, sandbox, others, losses } = await followLinkInTest();
  sandbox.runner.emit(['one', 'two']);
  await timers.advance(60);
  sandbox.runner.startOver();
  await timers.advance(2_000);
  expect(others.map((message) => message.kind)).toEqual(['ready']);
  expect(losses).toEqual(['the runner has started over: it counts 0 messages, 2 were delivered']);
});

test('drops a repeated message and acknowledges it again', async () => {
  const { timers, sandbox, link, delivered } = await followLinkInTest();
  sandbox.conduct.write = 'fails';
  sandbox.runner.emit(['once']);
  await timers.advance(200);
  sandbox.conduct.write = 'works';
  link.send({ kind: 'resume', after: 0 });
  await timers.advance(1_000);
  expect(reasonsOf(delivered)).toEqual(['once']);
  expect(sandbox.runner.unacknowledged()).toBe(0);
});

test('attaches anew before the SDK has kept too much output', async () => {
  const { timers, sandbox, delivered } = await followLinkInTest();
  await timers.advance(6_000);
  const reasons = Array.from({ length: 100 }, (_, index) => `${index} `.padEnd(390, 'x'));
  for (let round = 0; round < 100; round += 1) {
    sandbox.runner.emit(reasons);
    await timers.advance(100);
  }
  expect(sandbox.attaches()).toBe(1);
  expect(delivered).toHaveLength(10_000);
});

test('ignores what an abandoned attachment says when it comes about late', async () => {
  const { timers, sandbox, delivered } = await followLinkInTest();
  sandbox.conduct.attachMs = 9_000;
  sandbox.cutStreams('terminated');
  await timers.advance(8_100);
  sandbox.conduct.attachMs = 0;
  await timers.advance(2_000);
  expect(sandbox.openStreams()).toBe(1);
  sandbox.runner.emit(['heard by one']);
  await timers.advance(100);
  expect(reasonsOf(delivered)).toEqual(['heard by one']);
});

test('hears one stream only, also while it cannot let go of the old one', async () => {
  const { timers, sandbox, others } = await followLinkInTest();
  sandbox.conduct.detach = 'hangs';
  sandbox.runner.babble(`${'x'.repeat(5 * 1024 * 1024)}\n`);
  await timers.advance(100);
  expect(sandbox.openStreams()).toBe(2);
  others.length = 0;
  await timers.advance(10_000);
  expect(others.map((message) => message.kind)).toEqual(Array.from({ length: 5 }, () => 'heartbeat'));
  sandbox.conduct.detach = 'works';
  sandbox.cutStreams('the test ends');
});

test('is lost when a numbered message cannot be taken in, and acknowledges it not', async () => {
  const { timers, sandbox, losses } = await followLinkInTest({
    onMessage(message) {
      if (message.kind === 'target' && message.reason === 'poison') throw new Error('the journal is full');
    },
  });
  sandbox.runner.emit(['fine', 'poison', 'after']);
  await timers.advance(1_000);
  expect(losses).toEqual(['message 2 could not be taken in; the host log says why']);
  expect(sandbox.runner.unacknowledged()).toBe(3);
});

test('goes on when a heartbeat cannot be taken in', async () => {
  const { timers, sandbox, delivered, losses } = await followLinkInTest({
    onMessage(message) {
      if (message.kind === 'heartbeat') throw new Error('a mistake in the desk');
    },
  });
  await timers.advance(5_000);
  sandbox.runner.emit(['fine']);
  expect(losses).toEqual([]);
  expect(reasonsOf(delivered)).toEqual(['fine']);
});

test('writes what was sent before it asks the runner to stop', async () => {
  const { timers, sandbox, link, losses } = await followLinkInTest();
  sandbox.conduct.writeMs = 300;
  link.send({ kind: 'pauseAgent', agentId: 'a' });
  link.send({ kind: 'removeAgent', agentId: 'a' });
  const closing = link.close();
  await timers.advance(1_000);
  await closing;
  expect(sandbox.runner.frames.map((frame) => frame.kind)).toEqual([
    'hello',
    'pauseAgent',
    'removeAgent',
    'stop',
  ]);
  expect(losses).toEqual([]);
});

test('closes within 2 s although the sandbox does not answer, once however often it is asked', async () => {
  const { timers, sandbox, link } = await followLinkInTest();
  sandbox.conduct.write = 'hangs';
  const both = Promise.all([link.close(), link.close()]);
  await timers.advance(2_000);
  await both;
  expect(sandbox.openStreams()).toBe(0);
});

test('lets go of an attachment that comes about while it closes', async () => {
  const { timers, sandbox, link } = await followLinkInTest();
  sandbox.conduct.attachMs = 1_000;
  sandbox.cutStreams('terminated');
  await timers.advance(500);
  await link.close();
  await timers.advance(3_000);
  expect(sandbox.openStreams()).toBe(0);
});

test.each(['closed', 'lost'] as const)('has no timer and no stream left once %s', async (how) => {
  const { timers, sandbox, link, delivered } = await followLinkInTest();
  sandbox.runner.emit(['acknowledgement pending']);
  if (how === 'closed') await link.close();
  else {
    sandbox.conduct.write = 'fails';
    link.send({ kind: 'pauseAgent', agentId: 'a' });
    await timers.settle();
    sandbox.exitRunner(1);
  }
  await timers.settle();
  sandbox.dispose();
  expect(timers.pending()).toBe(0);
  expect(sandbox.openStreams()).toBe(0);
  link.send({ kind: 'beat' });
  await timers.advance(5_000);
  expect(delivered).toHaveLength(1);
});

test('may be closed by whoever hears a message', async () => {
  const followed = await followLinkInTest({
    onMessage(message) {
      if (message.kind === 'target') void followed.link.close();
    },
  });
  followed.sandbox.runner.emit(['one', 'two']);
  await followed.timers.settle();
  expect(followed.delivered).toHaveLength(1);
  followed.sandbox.dispose();
  expect(followed.timers.pending()).toBe(0);
});
