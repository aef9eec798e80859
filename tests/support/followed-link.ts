// A link to a scripted sandbox that remembers what it heard.
import { onTestFinished } from 'vitest';
import type { NumberedMessage, RunnerMessage } from '../../electron/host/sandboxes/link-messages.ts';
import { openRunnerLink, type RunnerLink } from '../../electron/host/sandboxes/runner-link.ts';
import { createScriptedSandbox, type ScriptedSandbox } from './scripted-sandbox.ts';
import { createVirtualTimers, type VirtualTimers } from './virtual-timers.ts';

export const silentLog = { info: () => undefined, warn: () => undefined, error: () => undefined };

export interface FollowedLink {
  readonly timers: VirtualTimers;
  readonly sandbox: ScriptedSandbox;
  readonly link: RunnerLink;
  /** Numbered messages in the order of their delivery. */
  readonly delivered: NumberedMessage[];
  readonly others: RunnerMessage[];
  readonly broken: string[];
  readonly losses: string[];
}

export interface FollowedLinkOptions {
  readonly random?: () => number;
  /** Runs inside the listener, before the message is noted. */
  readonly onMessage?: (message: RunnerMessage) => void;
}

/** Opens the link and greets the runner. */
export async function followLink(options: FollowedLinkOptions = {}): Promise<FollowedLink> {
  const timers = createVirtualTimers(options.random);
  const sandbox = createScriptedSandbox(timers);
  const delivered: NumberedMessage[] = [];
  const others: RunnerMessage[] = [];
  const broken: string[] = [];
  const losses: string[] = [];
  const listener = {
    onMessage(message: RunnerMessage) {
      options.onMessage?.(message);
      if ('n' in message) delivered.push(message);
      else others.push(message);
    },
    onBrokenLine: (line: string) => void broken.push(line),
    onLost: (reason: string) => void losses.push(reason),
  };
  const link = await openRunnerLink(sandbox, './desk-runner', listener, silentLog, timers);
  link.send({ kind: 'hello', runnerId: 'slot-1', hostSilenceMs: 10_000, agents: [] });
  await timers.settle();
  return { timers, sandbox, link, delivered, others, broken, losses };
}

/** Ends a followed link with the test and checks that nothing of it stays behind. */
export async function endFollowedLink({ link, sandbox, timers }: FollowedLink): Promise<void> {
  const closing = link.close();
  await timers.advance(5_000);
  await closing;
  sandbox.dispose();
}

/** Opens a link that is closed when the running test ends. */
export async function followLinkInTest(options: FollowedLinkOptions = {}): Promise<FollowedLink> {
  const followed = await followLink(options);
  onTestFinished(() => endFollowedLink(followed));
  return followed;
}
