// Plays a plan over the real link and a scripted sandbox in virtual time, and compares with the plainest model there is:
// what the runner wrote is what the desk must have heard, or a prefix of it and one reason.
import { isDeepStrictEqual } from 'node:util';
import type { Bar } from '../../electron/contract/bar.ts';
import { endFollowedLink, type FollowedLink, followLink } from '../support/followed-link.ts';
import type { ScriptedSandbox } from '../support/scripted-sandbox.ts';
import { type SeededRandom, seededRandom } from '../support/seeded-random.ts';
import { type End, type LinkPlan, planLinkTrouble, type Step } from './plan-link-trouble.ts';

/** Longer than silence is noticed in, than attempts are apart and than lost requests wait. */
const healMs = 26_000;
const poison = 'poison';

const expectedReasons: Readonly<Record<End, RegExp>> = {
  'runner exits': /^the runner exited with code 9/,
  'sandbox ends': /The sandbox was not found/,
  'runner hangs': /nothing was heard for \d+ s; it was not heard again within 30 s/,
  'runner starts over': /^the runner has started over: it counts 0 messages/,
  'provider stays away': /^power cut; it was not heard again within 30 s: /,
  'nothing can be written': /^nothing could be written for 30 s: /,
  'message cannot be taken in': /^message \d+ could not be taken in/,
};

export interface PlayedPlan {
  readonly plan: LinkPlan;
  /** What the link got wrong; empty when it did everything right. */
  readonly complaints: readonly string[];
  readonly delivered: number;
}

/** Plays the plan of a seed to its end. */
export async function playLinkPlan(seed: number): Promise<PlayedPlan> {
  const plan = planLinkTrouble(seed);
  const random = seededRandom(seed + 1_000_000_007);
  const followed = await followLink({
    random: random.next,
    onMessage(message) {
      if (message.kind === 'target' && message.reason === poison) throw new Error('poisoned');
    },
  });
  followed.sandbox.conduct.pieces = (text) => cut(text, random);
  const sentAt: number[] = [];
  const sendBars = (count: number): void => {
    for (let bar = 0; bar < count; bar += 1) {
      sentAt.push(sentAt.length + 1);
      followed.link.send({ kind: 'bars', sentAt: sentAt.length, bars: [barAt(sentAt.length)] });
    }
  };
  for (const step of plan.steps) await play(step, followed, sendBars);
  await followed.timers.advance(healMs);
  if (plan.end) await bringAbout(plan.end, followed);
  const complaints = plan.end ? judgeLost(plan.end, followed) : judgeAlive(followed, sentAt);
  const delivered = followed.delivered.length;
  await endFollowedLink(followed);
  complaints.push(...judgeRemains(followed));
  return { plan, complaints, delivered };
}

async function play(
  step: Step,
  { timers, sandbox }: FollowedLink,
  sendBars: (count: number) => void,
): Promise<void> {
  const { conduct, runner } = sandbox;
  switch (step.kind) {
    case 'bars':
      sendBars(step.count);
      return timers.advance(20);
    case 'targets':
      runner.emit(Array.from({ length: step.count }, (_, index) => `target ${index}`));
      return timers.advance(20);
    case 'time':
      return timers.advance(step.passesMs);
    case 'stream cut':
      return sandbox.cutStreams('power cut');
    case 'stream frozen':
      sandbox.freezeStreams();
      return timers.advance(100);
    case 'babble':
      return runner.babble('not of the protocol\n');
    case 'line broken':
      return breakLine(sandbox);
    case 'slow':
      Object.assign(conduct, { attachMs: step.attachMs, writeMs: step.writeMs, outputMs: step.outputMs });
      return;
    case 'writes in trouble':
      conduct.write = step.write;
      sendBars(1);
      await timers.advance(step.lastsMs);
      return heal(sandbox, timers);
    case 'out of reach':
      Object.assign(conduct, { attach: step.attach, write: step.write, health: step.health });
      sandbox.cutStreams('power cut');
      runner.emit(['unheard']);
      sendBars(1);
      await timers.advance(step.lastsMs);
      return heal(sandbox, timers);
  }
}

async function heal(sandbox: ScriptedSandbox, timers: FollowedLink['timers']): Promise<void> {
  Object.assign(sandbox.conduct, { attach: 'works', write: 'works', health: 'alive' });
  await timers.advance(healMs);
}

function breakLine({ conduct, runner }: ScriptedSandbox): void {
  const { pieces } = conduct;
  conduct.pieces = (text) => [`${text.slice(0, text.length / 2)}\n`];
  runner.emit(['broken']);
  conduct.pieces = pieces;
}

async function bringAbout(end: End, { timers, sandbox }: FollowedLink): Promise<void> {
  Object.assign(sandbox.conduct, { attachMs: 0, writeMs: 0, outputMs: 0 });
  await timers.advance(5_000);
  switch (end) {
    case 'runner exits':
      sandbox.exitRunner(9);
      break;
    case 'sandbox ends':
      sandbox.end();
      break;
    case 'runner hangs':
      sandbox.suspendRunner();
      break;
    case 'runner starts over':
      sandbox.runner.startOver();
      break;
    case 'provider stays away':
      sandbox.conduct.attach = 'fails';
      sandbox.cutStreams('power cut');
      break;
    case 'nothing can be written':
      sandbox.conduct.write = 'fails';
      break;
    case 'message cannot be taken in':
      sandbox.runner.emit([poison]);
      break;
  }
  await timers.advance(60_000);
}

function judgeAlive({ sandbox, delivered, losses }: FollowedLink, sentAt: readonly number[]): string[] {
  const { runner } = sandbox;
  const complaints = losses.map((reason) => `lost: ${reason}`);
  if (!isDeepStrictEqual(delivered, runner.written))
    complaints.push(`written ${numbers(runner.written)}, delivered ${numbers(delivered)}`);
  const arrived = firstArrivals(
    runner.frames.flatMap((frame) => (frame.kind === 'bars' ? [frame.sentAt] : [])),
  );
  if (!isDeepStrictEqual(arrived, sentAt))
    complaints.push(`sent [${sentAt.join(' ')}], arrived [${arrived.join(' ')}]`);
  if (runner.unacknowledged() > 0) complaints.push(`${runner.unacknowledged()} messages not acknowledged`);
  if (sandbox.openStreams() !== 1) complaints.push(`${sandbox.openStreams()} streams are followed`);
  return complaints;
}

function judgeLost(end: End, { sandbox, delivered, losses }: FollowedLink): string[] {
  const complaints: string[] = [];
  const [reason] = losses;
  if (reason === undefined || !expectedReasons[end].test(reason))
    complaints.push(`${end}, but the reason is ${reason}`);
  if (losses.length > 1) complaints.push(`lost ${losses.length} times: ${losses.join(', ')}`);
  if (!isDeepStrictEqual(delivered, sandbox.runner.written.slice(0, delivered.length)))
    complaints.push(`written ${numbers(sandbox.runner.written)}, delivered ${numbers(delivered)}`);
  if (sandbox.openStreams() !== 0) complaints.push('a lost link still follows a stream');
  return complaints;
}

function judgeRemains({ timers, sandbox }: FollowedLink): string[] {
  const complaints: string[] = [];
  if (timers.pending() > 0) complaints.push(`${timers.pending()} timers are left after the link`);
  if (sandbox.openStreams() > 0) complaints.push(`${sandbox.openStreams()} streams are left after the link`);
  return complaints;
}

function firstArrivals(values: readonly number[]): number[] {
  return [...new Set(values)];
}

function numbers(messages: readonly { readonly n: number }[]): string {
  return `[${messages.map((message) => message.n).join(' ')}]`;
}

function cut(text: string, random: SeededRandom): readonly string[] {
  if (random.chance(0.7)) return [text];
  const at = random.between(0, text.length);
  return [text.slice(0, at), text.slice(at)];
}

function barAt(at: number): Bar {
  return { symbol: 'SPX', at, openTicks: 1, highTicks: 1, lowTicks: 1, closeTicks: 1, volume: 1 };
}
