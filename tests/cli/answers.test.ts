import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { DeskError } from '../../electron/contract/errors.ts';
import { findOperation } from '../../electron/contract/operations.ts';
import { listCommands } from '../../electron/doors/cli/list-commands.ts';
import { createCliHarness, memorySink } from '../support/cli-harness.ts';
import { answering, answers, busySnapshot } from '../support/desk-answers.ts';
import { createFakeDesk } from '../support/fake-desk.ts';

/** A correct line for every command that asks the host. */
const lines: Readonly<Record<string, string>> = {
  create: '--count 2',
  destroy: 'sb1',
  exec: 'sb1 uptime',
  files: 'sb1',
  'file-read': 'sb1 a.txt',
  'file-write': 'sb1 a.txt hi',
  logs: 'sb1',
  metrics: 'sb1',
  'pool-resize': '5',
  deploy: '--agent momentum --count 2 --symbols aapl,MSFT --per-sandbox 1',
  execute: '--strategy momentum',
  strategy: 'momentum',
  'data-import': 'goog.csv',
  'data-fetch': 'AAPL --start 2025-01-01',
  'data-remove': 'goog',
  simulate: '--symbols ko --seed 7',
  stop: 'momentum-01',
  'stop-all': '--yes',
  'deadman-drill': '--yes',
  kill: '--scope all --policy flatten --yes',
  rearm: '--reason checked',
  'orders-show': 'nt-1f2e3d-17',
  'orders-cancel': '--all',
  market: '--source replay',
  set: '--budget 5',
  backtest: '--strategy sma_cross',
  'backtest-sweep': '--strategy sma-cross --grid fast=5:10:5 --grid slow=30',
  'backtest-show': 'bt-0000000a',
  'backtest-compare': 'bt-0000000a,bt-0000000b',
  'backtest-export': 'bt-0000000a --file report.html',
  'account-use': 'demo',
  'account-test': 'paper',
  'account-forget-key': 'paper',
  'account-arm': '123456789 --limits 5f0c2a9e71b3',
  'account-acknowledge': '--reason moved',
  'limits-set': 'order.notional=20000 account.shorting=0',
};

const asking = listCommands().flatMap(({ name, operation }) =>
  operation === null
    ? []
    : [
        {
          name,
          operation,
          argv: [name, ...(lines[name]?.split(' ') ?? [])],
          standalone: findOperation(operation)?.cli?.standalone === true,
        },
      ],
);

describe.each(asking)('$name', ({ operation, argv, standalone }) => {
  test("answers --json with exactly one document, the host's own", async () => {
    const desk = createFakeDesk(answering(), busySnapshot);
    const cli = await createCliHarness(desk);
    const { code, stdout, stderr } = await cli.run(...argv, '--json');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(stdout)).toEqual({
      ok: true,
      value: Object.entries(answers).find(([name]) => name === operation)?.[1],
    });
    expect(desk.calls.map((call) => [call.name, call.actor])).toEqual([[operation, 'cli']]);
  });

  test('answers people with the mode first, or with what is simulated', async () => {
    const cli = await createCliHarness(createFakeDesk(answering(), busySnapshot));
    const { code, stdout, stderr } = await cli.run(...argv);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      standalone ? /^BACKTEST {2}simulated on past data/ : /^DEMO {2}simulated market, no real money\n\S/,
    );
    expect(stdout).not.toContain('\x1b');
    expect(stdout).not.toMatch(/undefined|NaN|null|\[object/);
  });

  test.skipIf(standalone)('says that no host is running, with exit code 3', async () => {
    const cli = await createCliHarness(null);
    const run = await cli.run(...argv, '--json');
    expect(run.code).toBe(3);
    expect(JSON.parse(run.stdout)).toMatchObject({
      ok: false,
      error: { code: 'HOST_NOT_RUNNING', message: expect.stringContaining('neural-trader up') },
    });
    expect(await cli.run(...argv)).toMatchObject({ code: 3, stdout: '' });
  });
});

describe('input', () => {
  test('reaches the host as the schema reads it', async () => {
    const desk = createFakeDesk(answering(), busySnapshot);
    const cli = await createCliHarness(desk);
    await cli.run(
      'deploy',
      '--agent',
      'momentum',
      '--count',
      '2',
      '--symbols',
      'AAPL, MSFT',
      '--hours',
      '.5',
      '--param',
      'fast=5',
      '--param',
      'stopAtr=.5',
      '--json',
    );
    expect(desk.calls[0]?.input).toEqual({
      agent: 'momentum',
      symbols: ['AAPL', 'MSFT'],
      count: 2,
      hours: 0.5,
      maxPosition: 5_000,
      params: { fast: 5, stopAtr: 0.5 },
    });
  });

  test('names files from the directory of the caller', async () => {
    const desk = createFakeDesk(answering(), busySnapshot);
    const cli = await createCliHarness(desk);
    await cli.runWith({ cwd: '/srv/data' }, 'market', '--source', 'replay', '--file', 'goog.csv');
    await cli.runWith({ cwd: '/srv/data' }, 'market', '--source', 'replay', '--file', 'sp500');
    expect(desk.calls.map((call) => call.input)).toEqual([
      { source: 'replay', file: '/srv/data/goog.csv' },
      { source: 'replay', file: 'sp500' },
    ]);
  });

  test('takes --json before the command as well', async () => {
    const cli = await createCliHarness(createFakeDesk(answering(), busySnapshot));
    expect(JSON.parse((await cli.run('--json', 'agents')).stdout)).toEqual({
      ok: true,
      value: answers['swarm.agents'],
    });
  });
});

describe('words', () => {
  test('of a round tell what each agent decided, when, and what became of it', async () => {
    const cli = await createCliHarness(createFakeDesk(answering(), busySnapshot));
    const lines = (await cli.run('execute', '--strategy', 'momentum')).stdout.split('\n');
    const cells = lines.map((line) => line.split(/ {2,}/).join(' | '));
    expect(cells).toContainEqual(
      expect.stringMatching(/^momentum-01 \| AAPL \| enter \| .* ago \| 12\.5 \| 29 \| with the trend$/),
    );
    expect(cells).toContainEqual(expect.stringMatching(/^momentum-01 \| MSFT \| none yet \| 0 \| not said$/));
    expect(cells).toContain('AAPL | buy 16.5 | QUOTE_STALE | the quote is 9000 ms old');
    expect(cells).toContain('MSFT | none | AT_TARGET | every agent holds what it wants');
  });

  test('carry units and say what is simulated or not measured', async () => {
    const cli = await createCliHarness(createFakeDesk(answering(), busySnapshot));
    expect((await cli.run('status')).stdout).toBe(
      [
        'DEMO  simulated market, no real money',
        'Market   Simulated market, open, data 412 ms old',
        'Entries  open',
        'Swarm    1 agent alive; 12 orders, 12 fills, 0 denied',
        "Spend    $0.0123 simulated of today's $5.00",
        'PnL      +$1.20 realised, -$0.30 unrealised simulated',
        '',
        'AGENT        STATE    SYMBOLS    SANDBOX  POSITION   FILLS  PNL, SIMULATED  DECISION P95    HEARD',
        'momentum-01  running  AAPL,MSFT  sb1      12.5 AAPL     12          +$0.90  not measured  1 s ago',
        '',
      ].join('\n'),
    );
  });

  test('are coloured on a terminal only, and never with NO_COLOR', async () => {
    const cli = await createCliHarness(createFakeDesk(answering(), busySnapshot));
    const terminal = memorySink(true);
    await cli.runWith({ stdout: terminal, env: { NEURAL_TRADER_HOME: cli.home, TERM: 'xterm' } }, 'agents');
    expect(terminal.text()).toContain('\x1b[');
    const plain = memorySink(true);
    await cli.runWith(
      { stdout: plain, env: { NEURAL_TRADER_HOME: cli.home, TERM: 'xterm', NO_COLOR: '1' } },
      'agents',
    );
    expect(plain.text()).not.toContain('\x1b');
  });
});

describe('confirmation', () => {
  test('is asked for on a terminal, in the words of the operation', async () => {
    const desk = createFakeDesk(answering(), busySnapshot);
    const cli = await createCliHarness(desk);
    const confirm = vi.fn((_question: string) => Promise.resolve(true));
    expect(await cli.runWith({ confirm }, 'kill')).toMatchObject({ code: 0 });
    expect(confirm.mock.calls).toEqual([[expect.stringMatching(/^DEMO: Stop everything.*Continue\?$/)]]);
    expect(desk.calls.map((call) => call.name)).toEqual(['swarm.kill']);
  });

  test('that is denied does nothing and ends with exit code 1', async () => {
    const desk = createFakeDesk(answering(), busySnapshot);
    const cli = await createCliHarness(desk);
    const run = await cli.runWith({ confirm: () => Promise.resolve(false) }, 'stop-all', '--json');
    expect(run.code).toBe(1);
    expect(JSON.parse(run.stdout)).toMatchObject({ ok: false, error: { code: 'CANCELLED' } });
    expect(desk.calls).toEqual([]);
  });

  test('is not needed for a kill where nobody is at a terminal', async () => {
    const cli = await createCliHarness(createFakeDesk(answering(), busySnapshot));
    expect(await cli.runWith({ confirm: null }, 'kill', '--json')).toMatchObject({ code: 0 });
  });

  test('is not asked for with --yes', async () => {
    const cli = await createCliHarness(createFakeDesk(answering(), busySnapshot));
    const confirm = vi.fn(() => Promise.resolve(false));
    expect(await cli.runWith({ confirm }, 'kill', '--yes')).toMatchObject({ code: 0 });
    expect(confirm).not.toHaveBeenCalled();
  });
});

describe('Ctrl-C', () => {
  test('cancels what spends', async () => {
    const desk = createFakeDesk(
      answering({
        'swarm.deploy': ({ signal }) =>
          new Promise((_, reject) =>
            signal.addEventListener('abort', () => reject(new DeskError('CANCELLED', 'deployment undone'))),
          ),
      }),
      busySnapshot,
    );
    const cli = await createCliHarness(desk);
    const interrupt = new AbortController();
    const run = cli.runWith({ interrupt: interrupt.signal }, 'deploy', '--agent', 'momentum', '--json');
    await vi.waitFor(() => expect(desk.calls).toHaveLength(1));
    interrupt.abort();
    expect(JSON.parse((await run).stdout)).toEqual({
      ok: false,
      error: { code: 'CANCELLED', message: 'deployment undone' },
    });
  });

  test('stops waiting for a kill, but not the kill', async () => {
    let finish = (): void => {};
    const desk = createFakeDesk(
      answering({
        'swarm.kill': () => new Promise((resolve) => (finish = () => resolve(answers['swarm.kill']))),
      }),
      busySnapshot,
    );
    onTestFinished(() => finish());
    const cli = await createCliHarness(desk);
    const interrupt = new AbortController();
    const run = cli.runWith({ interrupt: interrupt.signal }, 'kill', '--yes');
    await vi.waitFor(() => expect(desk.calls).toHaveLength(1));
    interrupt.abort();
    expect(await run).toMatchObject({ code: 1, stderr: expect.stringContaining('the host goes on') });
    expect(desk.calls[0]?.signal.aborted).toBe(false);
  });
});

test('a host that accepts connections and answers nothing is given up on', async () => {
  const cli = await createCliHarness(null);
  mkdirSync(cli.home);
  const server = createServer();
  server.listen(join(cli.home, 'control.sock'));
  await once(server, 'listening');
  const sockets: Socket[] = [];
  server.on('connection', (socket) => sockets.push(socket));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const run = await cli.run('list', '--json');
  expect(run.code).toBe(1);
  expect(JSON.parse(run.stdout)).toMatchObject({ ok: false, error: { code: 'TIMED_OUT' } });
});
