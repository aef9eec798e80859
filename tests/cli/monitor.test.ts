import { describe, expect, test, vi } from 'vitest';
import type { DeskEvent } from '../../electron/contract/events.ts';
import type { FeedFrame } from '../../electron/contract/frames.ts';
import { reduce } from '../../electron/contract/reduce.ts';
import { initialState } from '../../electron/contract/state.ts';
import { createCliHarness, memorySink } from '../support/cli-harness.ts';
import { answering, busySnapshot, busyState, gauges } from '../support/desk-answers.ts';
import { createFakeDesk } from '../support/fake-desk.ts';

const blocked: DeskEvent = { kind: 'EntriesBlocked', at: 5_000, actor: 'window', reason: 'lunch' };
const frame = (seq: number, event: DeskEvent): FeedFrame => ({
  kind: 'events',
  from: seq,
  events: [{ seq, event }],
  gauges: null,
});

describe('monitor --once', () => {
  test('prints one picture with mode, agents, spend, latency and fills', async () => {
    const cli = await createCliHarness(createFakeDesk(answering(), busySnapshot));
    const { code, stdout, stderr } = await cli.runWith({ now: () => 4_000 }, 'monitor', '--once');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(
      [
        'DEMO  simulated market, no real money',
        'Market   Simulated market, open, data 412 ms old',
        'Entries  open',
        'Swarm    1 agent alive in 1 sandbox; 0 orders, 1 fill, 0 denied',
        'Spend    $0.0123 simulated of $5.00, $0.1089 an hour',
        'PnL      $0.00 realised, -$0.30 unrealised simulated',
        '',
        'AGENT        STATE    SYMBOLS  FILLS  PNL, SIMULATED    HEARD',
        'momentum-01  running  AAPL         1          -$0.30  1 s ago',
        '',
        'OPERATION  N    P50           P95  TARGET P95   WITHIN',
        'create     3  12 ms  not measured      5.00 s  100.0 %',
        '',
        'FILL     SIDE  SHARES  SYMBOL  PRICE, SIMULATED  AGENTS',
        '2 s ago  buy     12.5  AAPL            $171.225  momentum-01',
        '',
      ].join('\n'),
    );
  });

  test('with --json is one document', async () => {
    const cli = await createCliHarness(createFakeDesk(answering(), busySnapshot));
    const { code, stdout } = await cli.run('monitor', '--once', '--json');
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      value: {
        mode: 'demo',
        entries: 'open',
        alive: 1,
        agents: [{ agentId: 'momentum-01', state: 'running' }],
        spend: { accruedMicros: 12_300 },
      },
    });
  });

  test('waits for the first gauges, and says "not measured" when none come', async () => {
    const bare = (): FeedFrame => ({ kind: 'snapshot', seq: 0, state: initialState, gauges: null });
    const desk = createFakeDesk(answering(), bare);
    const cli = await createCliHarness(desk);
    const early = cli.run('monitor', '--once');
    await vi.waitFor(() => expect(desk.followers()).toBe(1));
    desk.push({ kind: 'gauges', gauges });
    expect((await early).stdout).toContain('$0.0123 simulated');

    const never = await cli.run('monitor', '--once');
    expect(never.code).toBe(0);
    expect(never.stdout).toContain('PnL      not measured');
  });

  test('is a usage error when left out with --json', async () => {
    const cli = await createCliHarness(createFakeDesk(answering(), busySnapshot));
    const { code, stdout } = await cli.run('monitor', '--json');
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      error: { code: 'INVALID_INPUT', message: expect.stringContaining('--once') },
    });
  });

  test('ends with exit code 3 when no host runs', async () => {
    const cli = await createCliHarness(null);
    expect(await cli.run('monitor', '--once')).toMatchObject({ code: 3, stdout: '' });
  });
});

describe('monitor', () => {
  test('follows events on a terminal, leaves the terminal as it was, and ends well on Ctrl-C', async () => {
    const desk = createFakeDesk(answering(), busySnapshot);
    const cli = await createCliHarness(desk);
    const stdout = memorySink(true);
    const interrupt = new AbortController();
    const env = { ...process.env, NEURAL_TRADER_HOME: cli.home, NO_COLOR: '1' };
    const run = cli.runWith({ stdout, interrupt: interrupt.signal, env }, 'monitor');
    await vi.waitFor(() => expect(stdout.text()).toContain('Entries  open'));
    desk.push(frame(10, blocked));
    await vi.waitFor(() => expect(stdout.text()).toContain('Entries  blocked'));
    interrupt.abort();
    expect(await run).toMatchObject({ code: 0, stderr: '' });
    expect(stdout.text().startsWith('\x1b[?1049h\x1b[?25l')).toBe(true);
    expect(stdout.text().endsWith('\x1b[?25h\x1b[?1049l')).toBe(true);
    await vi.waitFor(() => expect(desk.followers()).toBe(0));
  });

  test('draws at most four times a second, however many events come', async () => {
    const desk = createFakeDesk(answering(), busySnapshot);
    const cli = await createCliHarness(desk);
    const stdout = memorySink(true);
    const interrupt = new AbortController();
    const startedAt = performance.now();
    const run = cli.runWith({ stdout, interrupt: interrupt.signal }, 'monitor');
    await vi.waitFor(() => expect(desk.followers()).toBe(1));
    for (let seq = 10; seq < 210; seq += 1) desk.push(frame(seq, blocked));
    await vi.waitFor(() => expect(desk.waiting()).toBe(0));
    await vi.waitFor(() => expect(stdout.text()).toContain('blocked'));
    interrupt.abort();
    await run;
    const draws = stdout.text().split('\x1b[H\x1b[J').length - 1;
    expect(draws).toBeLessThanOrEqual((performance.now() - startedAt) / 250 + 1);
  });

  test('prints plain lines elsewhere', async () => {
    const desk = createFakeDesk(answering(), busySnapshot);
    const cli = await createCliHarness(desk);
    const stdout = memorySink(false);
    const interrupt = new AbortController();
    const run = cli.runWith({ stdout, interrupt: interrupt.signal, now: () => 4_000 }, 'monitor');
    await vi.waitFor(() => expect(stdout.text()).toContain('\n'));
    interrupt.abort();
    await run;
    expect(stdout.text().split('\n')[0]).toBe(
      '1970-01-01T00:00:04.000Z DEMO entries open; 1 agent alive in 1 sandbox; 0 orders, 1 fill, 0 denied; spend $0.0123 simulated of $5.00; PnL $0.00 realised, -$0.30 unrealised simulated',
    );
  });

  test('asks for a snapshot after a gap', async () => {
    let state = busyState();
    const desk = createFakeDesk(answering(), () => ({ kind: 'snapshot', seq: 9, state, gauges }));
    const cli = await createCliHarness(desk);
    const stdout = memorySink(true);
    const interrupt = new AbortController();
    const env = { ...process.env, NEURAL_TRADER_HOME: cli.home, NO_COLOR: '1' };
    const run = cli.runWith({ stdout, interrupt: interrupt.signal, env }, 'monitor');
    await vi.waitFor(() => expect(stdout.text()).toContain('Entries  open'));
    state = reduce(state, blocked);
    desk.push(frame(12, { kind: 'Rearmed', at: 6_000, actor: 'window', reason: 'never folded' }));
    await vi.waitFor(() => expect(stdout.text()).toContain('Entries  blocked'));
    interrupt.abort();
    expect(await run).toMatchObject({ code: 0 });
  });

  test('ends with exit code 3 when the host goes away', async () => {
    const desk = createFakeDesk(answering(), busySnapshot);
    const cli = await createCliHarness(desk);
    const stdout = memorySink(false);
    const run = cli.runWith({ stdout }, 'monitor');
    await vi.waitFor(() => expect(stdout.text()).toContain('DEMO'));
    await cli.closeHost();
    expect(await run).toMatchObject({ code: 3, stderr: expect.stringContaining('The host went away') });
  });
});
