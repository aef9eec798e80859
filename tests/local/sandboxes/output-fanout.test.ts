import { describe, expect, test } from 'vitest';
import { createOutputFanout } from '../../../electron/local/sandboxes/envd/output-fanout.ts';

const never = new AbortController().signal;

/** Tells whether a promise has settled after everything queued has run. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  void promise.then(() => {
    settled = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  return settled;
}

describe('a fan-out', () => {
  test('gives every follower every event in order, then says it is over', async () => {
    const fanout = createOutputFanout<number>();
    const followers = [fanout.subscribe(), fanout.subscribe()];
    await fanout.publish(1);
    await fanout.publish(2);
    fanout.end();
    for (const follower of followers) {
      expect(await follower.next(1_000, never)).toEqual({ kind: 'event', event: 1 });
      expect(await follower.next(1_000, never)).toEqual({ kind: 'event', event: 2 });
      expect(await follower.next(1_000, never)).toEqual({ kind: 'over' });
    }
  });

  test('drops events nobody follows', async () => {
    const fanout = createOutputFanout<string>();
    await fanout.publish('unheard');
    const late = fanout.subscribe();
    await fanout.publish('heard');
    expect(await late.next(1_000, never)).toEqual({ kind: 'event', event: 'heard' });
  });

  test('holds the source back while one follower is full, until it reads or leaves', async () => {
    const fanout = createOutputFanout<number>();
    const slow = fanout.subscribe();
    for (let event = 0; event < 63; event += 1) await fanout.publish(event);
    const held = fanout.publish(63);
    expect(await isSettled(held)).toBe(false);
    await slow.next(1_000, never);
    expect(await isSettled(held)).toBe(true);
    const heldAgain = fanout.publish(64);
    expect(await isSettled(heldAgain)).toBe(false);
    slow.close();
    expect(await isSettled(heldAgain)).toBe(true);
  });

  test('tells a waiting follower when nothing came, and rejects when it is aborted', async () => {
    const follower = createOutputFanout<number>().subscribe();
    expect(await follower.next(5, never)).toEqual({ kind: 'idle' });
    const abort = new AbortController();
    const waiting = follower.next(60_000, abort.signal);
    abort.abort(new Error('left'));
    await expect(waiting).rejects.toThrow('left');
  });
});
