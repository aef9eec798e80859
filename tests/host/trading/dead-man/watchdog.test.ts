// The host's side of the watchdog thread, with threads that the tests write.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import {
  type Watchdog,
  type WatchdogListener,
  watchdogThread,
} from '../../../../electron/host/trading/dead-man/watchdog.ts';
import { silent } from '../../../support/fleet-bench.ts';
import { temporaryDirectory } from '../../../support/temporary-directory.ts';

const patient = { timeout: 30_000, interval: 20 };

/** `run` sees the port, and the shared lease as 64-bit integers: end, end by the wall clock, beat. */
function startThread(run: string, listener: Partial<WatchdogListener> = {}): Watchdog {
  const file = join(temporaryDirectory(), 'thread.mjs');
  writeFileSync(
    file,
    `import { parentPort as port, workerData } from 'node:worker_threads';
    const lease = new BigInt64Array(workerData);
    ${run}`,
  );
  const ignore = (): void => undefined;
  const watchdog = watchdogThread(file, silent)({ onFired: ignore, onFinished: ignore, ...listener });
  onTestFinished(() => watchdog.close());
  return watchdog;
}

test('a thread that ends is started again', async () => {
  let starts = 0;
  const watchdog = startThread(
    `const timer = setInterval(() => {
      if (!lease[0]) return;
      clearInterval(timer);
      port.postMessage({ kind: 'fired', lease: String(lease[0]) });
      setTimeout(() => process.exit(), 50);
    }, 10);`,
    { onFired: () => (starts += 1) },
  );
  watchdog.setLease(60_000);
  await expect.poll(() => starts, patient).toBeGreaterThan(1);
});

test('tells how long the thread has given no sign', async () => {
  const watchdog = startThread(
    'lease[2] = process.hrtime.bigint() - 5_000_000_000n; setInterval(() => {}, 1e6);',
  );
  expect(watchdog.beatAgeMs()).toBeNull();
  await expect.poll(() => watchdog.beatAgeMs(), patient).toBeGreaterThanOrEqual(5_000);
});

test('hands over nothing of an account but its mode, its keys and its addresses', async () => {
  const reports: string[] = [];
  const watchdog = startThread(
    `port.on('message', ({ account }) => account && port.postMessage({ kind: 'finished', lease: String(lease[0]),
      orders: [], confirmed: true, failure: JSON.stringify(account), tookMs: 1 }));`,
    { onFinished: ({ failure }) => reports.push(failure ?? '') },
  );
  watchdog.setLease(60_000);
  const loopback = {
    brokerUrl: 'http://127.0.0.1:1',
    dataStreamUrl: 'ws://127.0.0.1:1',
    tradingStreamUrl: 'ws://127.0.0.1:1',
  };
  const keys = { keyId: 'k', secret: 's' };
  watchdog.watch({
    mode: 'demo',
    keys: Object.assign({ e2bApiKey: 'not for it' }, keys),
    loopback: Object.assign({ close: () => undefined }, loopback),
  });
  await expect
    .poll(() => reports.map((text): unknown => JSON.parse(text)), patient)
    .toEqual([{ mode: 'demo', keys, loopback }]);
});

test('does not pass on what concerns a lease that was granted anew since', async () => {
  const heard: string[] = [];
  const watchdog = startThread(
    `port.on('message', ({ account }) => {
      if (!account) return;
      port.postMessage({ kind: 'fired', lease: '1' });
      port.postMessage({ kind: 'finished', lease: String(lease[0]), orders: [], confirmed: true, failure: null, tookMs: 1 });
    });`,
    { onFired: () => heard.push('fired'), onFinished: () => heard.push('finished') },
  );
  watchdog.setLease(60_000);
  watchdog.watch({ mode: 'paper', keys: { keyId: 'k', secret: 's' }, loopback: null });
  await expect.poll(() => heard, patient).toEqual(['finished']);
});
