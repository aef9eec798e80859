import { describe, expect, test, vi } from 'vitest';
import { createDeadManBench, type DeadManBench } from '../../../support/dead-man-bench.ts';

async function heldBench(): Promise<DeadManBench> {
  const bench = createDeadManBench();
  await bench.connect();
  await bench.pass(500);
  expect(bench.deadMan.gauge().phase).toBe('held');
  return bench;
}

const faults = ({ deadMan }: DeadManBench): string[] =>
  deadMan.gauge().facts.flatMap(({ ok, name }) => (ok ? [] : [name]));

describe('the lease', () => {
  test('covers nothing before every fact was confirmed once, and then tells so', async () => {
    const bench = createDeadManBench();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(bench.deadMan.gauge()).toMatchObject({ phase: 'waiting', remainingMs: null });
    expect([bench.deadMan.covers(), bench.held(), bench.watchdog.leftMs]).toEqual([false, 0, null]);
    expect(bench.events('DeadManFired')).toEqual([]);

    await bench.connect();
    await bench.pass(500);
    expect(bench.deadMan.gauge()).toMatchObject({ phase: 'held', leaseS: 15 });
    expect([bench.deadMan.covers(), bench.held(), bench.watchdog.leftMs]).toEqual([true, 1, 15_000]);
  });

  test('stays held for as long as everything is confirmed', async () => {
    const bench = await heldBench();
    await bench.pass(600_000);
    expect(bench.deadMan.gauge().phase).toBe('held');
    expect(bench.events('DeadManFired')).toEqual([]);
  });

  test.each([
    ['the broker is out of reach', 'market clock', (bench: DeadManBench) => (bench.broker.reachable = false)],
    ['the journal stalls', 'journal', (bench: DeadManBench) => bench.journal.hold()],
    ['the journal fails', 'journal', (bench: DeadManBench) => bench.journal.fail(new Error('disk full'))],
    ['the order stream is gone', 'order stream', (bench: DeadManBench) => (bench.broker.listener = null)],
    ['the watchdog is gone', 'watchdog', (bench: DeadManBench) => (bench.watchdog.alive = false)],
  ])('counts down visibly while %s, then fires and blocks', async (_what, fact, breakIt) => {
    const bench = await heldBench();
    breakIt(bench);
    await bench.pass(10_000);
    expect(bench.deadMan.gauge().phase).toBe('lapsing');
    expect(faults(bench)).toContain(fact);
    const left = bench.deadMan.gauge().remainingMs ?? 0;
    expect(left).toBeLessThan(15_000);
    expect(bench.store.state().deadMan.blocking).toBe(false);

    await bench.pass(left);
    expect(bench.deadMan.covers()).toBe(false);
    await bench.pass(500);
    expect(bench.store.state().entries).toMatchObject({
      kind: 'blocked',
      actor: 'host',
      reason: expect.stringContaining(fact),
    });
    expect(bench.events('DeadManFired')).toMatchObject([{ drill: false, leaseS: 15 }]);
  });

  test('goes on when the fault passes in time', async () => {
    const bench = await heldBench();
    bench.journal.hold();
    await bench.pass(10_000);
    bench.journal.release();
    await bench.pass(60_000);
    expect(bench.deadMan.gauge().phase).toBe('held');
    expect(bench.events('DeadManFired')).toEqual([]);
  });

  test('is not kept alive by a host that was suspended: the wall clock tells', async () => {
    const bench = await heldBench();
    vi.setSystemTime(Date.now() + 3_600_000);
    expect(bench.deadMan.covers()).toBe(false);
    await bench.pass(1_000);
    expect(bench.events('DeadManFired')).toHaveLength(1);
  });

  test('does not fire for an account that is let go of on purpose', async () => {
    const bench = await heldBench();
    bench.deadMan.standDown();
    bench.trading.disconnect();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(bench.deadMan.gauge().phase).toBe('waiting');
    expect([bench.watchdog.account, bench.watchdog.leftMs]).toEqual([null, null]);
    expect(bench.events('DeadManFired')).toEqual([]);
  });
});

describe('a firing', () => {
  test('cancels what rests by the kill switch’s own client, and says how long it took', async () => {
    const bench = await heldBench();
    bench.rest('beside-1');
    bench.watchdog.alive = false;
    await bench.pass(25_000);
    expect(bench.killCalls).toContain('cancelAll');
    expect(bench.broker.orders.get('beside-1')?.status).toBe('canceled');
    expect(bench.store.state().deadMan.lastFiring?.outcome).toMatchObject({
      confirmed: true,
      by: 'host',
      tookMs: expect.any(Number),
      orders: [{ label: 'buy 10 AAPL', status: 'canceled' }],
    });
    expect(bench.store.state().notices).toContainEqual(
      expect.objectContaining({ noticeId: 'dead-man', severity: 'critical' }),
    );
  });

  test('tries until the broker is back, tells of the failure meanwhile, and allows nothing by itself after', async () => {
    const bench = await heldBench();
    bench.rest('beside-1');
    bench.broker.reachable = false;
    await bench.pass(60_000);
    expect(bench.deadMan.gauge()).toMatchObject({ phase: 'expired', remainingMs: 0 });
    expect(bench.store.state().deadMan.lastFiring?.outcome).toMatchObject({
      confirmed: false,
      by: null,
      tookMs: null,
      failure: 'The broker is out of reach.',
    });
    expect(() => bench.deadMan.assertMayUnblock()).toThrow(
      expect.objectContaining({
        code: 'DEAD_MAN_NOT_HELD',
        message: expect.stringContaining('market clock'),
      }),
    );

    bench.broker.reachable = true;
    await bench.pass(60_000);
    expect(bench.broker.orders.get('beside-1')?.status).toBe('canceled');
    expect(bench.store.state().deadMan.lastFiring?.outcome).toMatchObject({ confirmed: true, by: 'host' });
    expect(bench.deadMan.gauge().phase).toBe('held');
    expect(bench.store.state().entries.kind).toBe('blocked');
    expect(() => bench.deadMan.assertMayUnblock()).not.toThrow();
  });

  test('is not confirmed while an order of the desk may still be on its way to the broker', async () => {
    const bench = await heldBench();
    bench.deploy('a');
    bench.broker.mute = true;
    await bench.target('a', 'AAPL', 10);
    bench.watchdog.tell.onFired();
    await bench.pass(5_000);
    expect(await bench.broker.openOrders()).toEqual([]);
    expect(bench.store.state().deadMan.lastFiring?.outcome).toMatchObject({
      confirmed: false,
      failure: 'an order of the desk is not accounted for yet',
    });
  });

  test('gives the watchdog its due where the host found nothing more', async () => {
    const bench = await heldBench();
    bench.watchdog.tell.onFired();
    expect(bench.store.state().entries.kind).toBe('blocked');
    bench.watchdog.tell.onFinished({
      lease: '1',
      orders: [{ brokerOrderId: 'b-9', label: 'sell 3 KO', status: 'canceled' }],
      confirmed: true,
      failure: null,
      tookMs: 0,
    });
    await bench.pass(5_000);
    expect(bench.store.state().deadMan.lastFiring?.outcome).toMatchObject({
      by: 'watchdog',
      tookMs: 0,
      orders: [{ label: 'sell 3 KO' }],
    });
  });

  test('does not weaken the latch of a kill', async () => {
    const bench = await heldBench();
    bench.store.commit({
      kind: 'KillStarted',
      at: Date.now(),
      killId: 'k',
      actor: 'cli',
      policy: 'keep',
      reason: 'test',
      items: [],
    });
    bench.watchdog.tell.onFired();
    await bench.pass(5_000);
    expect(bench.store.state().entries.kind).toBe('latched');
  });

  test('that a host did not live to finish is finished by the next, and blocks there too', async () => {
    const at = Date.UTC(2026, 2, 2, 14);
    const fired = { firingId: 'dead-man-x', drill: false, leaseS: 15, reasons: ['journal'] };
    const bench = createDeadManBench([{ kind: 'DeadManFired', at, ...fired }]);
    bench.rest('beside-1');
    expect(bench.store.state().entries.kind).toBe('blocked');
    await bench.connect();
    await bench.pass(5_000);
    expect(bench.broker.orders.get('beside-1')?.status).toBe('canceled');
    expect(bench.store.state().deadMan).toMatchObject({
      blocking: true,
      lastFiring: { firingId: 'dead-man-x', outcome: { confirmed: true, by: 'host' } },
    });
    expect(bench.store.state().entries.kind).toBe('blocked');
  });
});

describe('a drill', () => {
  test('withholds the renewals, really cancels and blocks, and leaves a receipt that says DRILL', async () => {
    const bench = await heldBench();
    bench.rest('beside-1');
    const drilling = bench.deadMan.drill(5_000);
    await bench.pass(4_000);
    expect(bench.deadMan.gauge()).toMatchObject({ phase: 'lapsing', drilling: true });
    expect(bench.watchdog.leftMs).toBe(5_000);
    expect(bench.store.state().entries.kind).toBe('open');
    await bench.pass(16_000);
    expect(await drilling).toMatchObject({
      drill: true,
      outcome: { confirmed: true, orders: [{ status: 'canceled' }] },
    });
    expect(bench.store.state().entries).toMatchObject({
      kind: 'blocked',
      reason: expect.stringContaining('drill'),
    });
    expect(bench.store.state().deadMan).toMatchObject({ lastFiring: null, lastDrill: { drill: true } });
    expect(bench.store.state().notices.at(-1)).toMatchObject({
      severity: 'info',
      title: expect.stringContaining('DRILL'),
    });
    expect(bench.deadMan.gauge()).toMatchObject({ phase: 'held', drilling: false });
  });

  test('is refused while the lease is not held, while one runs, and after a kill', async () => {
    const bench = await heldBench();
    bench.broker.listener = null;
    await bench.pass(1_000);
    expect(() => bench.deadMan.drill(5_000)).toThrow(expect.objectContaining({ code: 'DEAD_MAN_NOT_HELD' }));
    const other = await heldBench();
    const drilling = other.deadMan.drill(5_000);
    expect(() => other.deadMan.drill(5_000)).toThrow(expect.objectContaining({ code: 'DEAD_MAN_NOT_HELD' }));
    await other.deadMan.close();
    await expect(drilling).rejects.toMatchObject({ code: 'HOST_STOPPING' });
  });
});
