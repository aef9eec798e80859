// A real host whose event loop hangs for longer than its lease: only its watchdog thread can act then.
import { expect, test } from 'vitest';
import { createHangingDesk, type HangingDesk } from '../../../support/hanging-desk.ts';

const patient = { timeout: 60_000, interval: 100 };

async function phase(desk: HangingDesk): Promise<unknown> {
  return ((await desk.call('deadman.show', {})) as { phase: string }).phase;
}

test('a host that hangs past its lease has its resting orders cancelled meanwhile, and stays blocked over a restart', {
  timeout: 240_000,
}, async () => {
  const desk = createHangingDesk({ deadMan: { leaseS: 5 } });
  await desk.start();
  await expect.poll(() => phase(desk), patient).toBe('held');
  expect(desk.state().entries.kind).toBe('open');
  const broker = desk.broker();
  await broker.orders.postOrder({
    postOrderRequest: {
      symbol: 'AAPL',
      qty: '1',
      side: 'buy',
      type: 'limit',
      timeInForce: 'day',
      limitPrice: '1',
    },
  });
  const open = async (): Promise<number> => (await broker.orders.getAllOrders({ status: 'open' })).length;
  expect(await open()).toBe(1);

  const wake = desk.hang();
  const asked = desk.call('deadman.show', {}).then(() => 'answered');
  await expect.poll(open, patient).toBe(0);
  // The host cannot have done it: it still answers nobody.
  expect(await Promise.race([asked, open().then(() => 'hangs')])).toBe('hangs');
  wake();

  await expect
    .poll(() => desk.state().deadMan.lastFiring, patient)
    .toMatchObject({
      drill: false,
      leaseS: 5,
      reasons: expect.arrayContaining([expect.stringContaining('event loop')]),
      // Whoever has the confirmation first: the host is awake as soon as the order is gone.
      outcome: { confirmed: true, orders: [{ label: 'buy 1 AAPL', status: 'canceled' }] },
    });
  expect(desk.state().entries).toMatchObject({ kind: 'blocked', actor: 'host' });
  expect(desk.state().notices).toContainEqual(
    expect.objectContaining({ noticeId: 'dead-man', severity: 'critical' }),
  );
  // The lease is held again; what it has blocked stays so.
  await expect.poll(() => phase(desk), patient).toBe('held');
  expect(desk.state().entries.kind).toBe('blocked');

  await desk.stop();
  await desk.start();
  await expect.poll(() => phase(desk), patient).toBe('held');
  expect(desk.state().entries.kind).toBe('blocked');
  expect(await desk.call('swarm.unblock', {})).toEqual({ entries: 'open' });
  await expect.poll(() => desk.state().deadMan.blocking, patient).toBe(false);
});
