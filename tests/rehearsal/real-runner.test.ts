// The real runner behind a provider that misbehaves. One seed alone:
//   REHEARSAL_SEED=3 npx vitest run tests/rehearsal/real-runner.test.ts
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { RunnerMessage } from '../../electron/host/sandboxes/link-messages.ts';
import {
  type SandboxRuntime,
  startSandboxRuntime,
} from '../../electron/local/sandboxes/start-sandbox-runtime.ts';
import { type Fault, type ProxiedRequest, seededFaults } from '../support/fault-proxy-faults.ts';
import { type SeededRandom, seededRandom } from '../support/seeded-random.ts';
import { openRealLink, type RealLink, turningBar } from './real-link.ts';
import { rehearsedSeeds } from './rehearsed-seeds.ts';

const apiKey = 'key of this rehearsal';
const barCount = 120;
const { seeds } = rehearsedSeeds(15);

let dataDir: string;
let runtime: SandboxRuntime;
let expected: readonly object[];

beforeAll(async () => {
  if (!existsSync('native/desk-runner'))
    throw new Error('native/desk-runner is missing: npm run build first');
  dataDir = await mkdtemp(join(tmpdir(), 'desk-rehearsal-'));
  const limits = { limit: 100, createsPerSecond: 100 };
  runtime = await startSandboxRuntime({ dataDir, apiKey, isolation: 'auto', limits });
  expected = await targetsWithoutFaults();
}, 60_000);

afterAll(async () => {
  await runtime.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function targetsWithoutFaults(): Promise<object[]> {
  const calm = await openRealLink(runtime.url, apiKey, 'calm');
  for (let at = 1; at <= barCount; at += 1) sendBar(calm, at);
  await vi.waitFor(() => expect(decisions(calm.messages)).toBe(barCount), { timeout: 20_000 });
  await calm.link.close();
  await calm.provider.kill(calm.sandboxId);
  await calm.close();
  const targets = targetsOf(calm.messages);
  if (targets.length < 15) throw new Error(`only ${targets.length} targets: the bars do not turn enough`);
  return targets;
}

function sendBar({ link }: RealLink, at: number): void {
  link.send({ kind: 'bars', sentAt: at, bars: [turningBar(at)] });
}

function decisions(messages: readonly RunnerMessage[]): number {
  return messages.filter((message) => message.kind === 'decision').length;
}

/** Without the numbers, which also count refusals of bars that were written twice. */
function targetsOf(messages: readonly RunnerMessage[]): object[] {
  return messages.flatMap((message) => {
    if (message.kind !== 'target') return [];
    const { n: _n, ...rest } = message;
    return [rest];
  });
}

function faultsFor(random: SeededRandom): (request: ProxiedRequest) => readonly Fault[] {
  const afterBytes = random.between(0, 4_000);
  const statuses = ([429, 500, 502, 503] as const).map((status): Fault => ({ kind: 'status', status }));
  const spoilAnswer: Fault[] = [
    { kind: 'delay', delayMs: random.between(10, 800) },
    { kind: 'reset', afterBytes },
    { kind: 'truncate', afterBytes },
    { kind: 'slow close', delayMs: random.between(10, 800) },
  ];
  const onStream: Fault[] = [...statuses, ...spoilAnswer, { kind: 'half-open', afterBytes }];
  const onWrite: Fault[] = [...statuses, ...spoilAnswer, { kind: 'answer lost', how: 'reset' }];
  return ({ route }) => {
    if (route === '/process.Process/Connect') return onStream;
    if (route === '/process.Process/SendInput') return onWrite;
    return [];
  };
}

async function makeTrouble({ proxy }: RealLink, random: SeededRandom): Promise<void> {
  const kind = random.pick(['cut', 'cut', 'refused', 'silent'] as const);
  if (kind === 'cut') return proxy.cutAll();
  proxy.setOutage(kind);
  if (kind === 'silent') proxy.cutAll();
  await sleep(random.between(100, 2_500));
  proxy.setOutage(null);
}

describe.concurrent('the real runner behind a provider that misbehaves', () => {
  test.each(seeds)(
    'says everything once and in order, REHEARSAL_SEED=%i',
    { timeout: 90_000 },
    async (seed) => {
      const random = seededRandom(seed);
      const real = await openRealLink(runtime.url, apiKey, `seed-${seed}`);
      await vi.waitFor(() => expect(real.messages.length).toBeGreaterThan(0), { timeout: 20_000 });
      const faults = faultsFor(random);
      real.proxy.setPlan(seededFaults({ seed, probability: 0.4, mostPerRoute: 6, faults }));
      const troubleAt = new Set([random.between(10, 40), random.between(41, 80), random.between(81, 110)]);
      for (let at = 1; at <= barCount; at += 1) {
        sendBar(real, at);
        await sleep(15);
        if (troubleAt.has(at)) await makeTrouble(real, random);
      }
      const context = (): string =>
        `REHEARSAL_SEED=${seed}, requests ${summary(real)}, lost: ${real.losses.join()}`;
      const isOver = (): boolean =>
        real.losses.length > 0 || targetsOf(real.messages).length >= expected.length;
      await vi.waitFor(() => expect(isOver(), context()).toBe(true), { timeout: 60_000, interval: 100 });
      expect(real.losses, context()).toEqual([]);
      expect(targetsOf(real.messages), context()).toEqual(expected);
      expect(numbersOf(real.messages), context()).toEqual(
        numbersOf(real.messages).map((_, index) => index + 1),
      );
      expect(
        real.proxy.log.some(({ route }) => route === '/process.Process/Connect'),
        context(),
      ).toBe(true);

      real.proxy.setPlan(() => ({ kind: 'none' }));
      expect(await listed(real)).toEqual([real.sandboxId]);
      await real.link.close();
      expect(await real.provider.kill(real.sandboxId)).toBe(true);
      expect(await listed(real)).toEqual([]);
      await real.close();
    },
  );
});

function numbersOf(messages: readonly RunnerMessage[]): number[] {
  return messages.flatMap((message) => ('n' in message ? [message.n] : []));
}

async function listed({ provider, metadata }: RealLink): Promise<string[]> {
  return (await provider.list(metadata)).map(({ sandboxId }) => sandboxId);
}

function summary({ proxy }: RealLink): string {
  const spoilt = proxy.log.filter(({ fault }) => fault.kind !== 'none');
  return `${proxy.log.length}, spoilt: ${JSON.stringify(spoilt.map(({ route, nth, fault }) => ({ route, nth, ...fault })))}`;
}
