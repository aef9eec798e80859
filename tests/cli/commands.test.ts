import { describe, expect, test } from 'vitest';
import { operations } from '../../electron/contract/operations.ts';
import { listCommands } from '../../electron/doors/cli/list-commands.ts';
import { createCliHarness } from '../support/cli-harness.ts';
import { answers } from '../support/desk-answers.ts';

const own = ['terminal', 'monitor', 'up', 'local'];

test('every operation that promises a command has exactly that one, and no two commands share a name', () => {
  const commands = listCommands();
  const promised = operations.flatMap(({ name, summary, cli }) =>
    cli
      ? [
          {
            command: cli.command,
            operation: name,
            summary,
            positional: cli.positional ?? [],
            confirm: cli.confirm !== undefined,
          },
        ]
      : [],
  );
  const generated = commands.flatMap(({ name, operation, summary, positional, confirm }) =>
    operation === null ? [] : [{ command: name, operation, summary, positional, confirm }],
  );
  expect(generated).toEqual(promised);
  expect(commands.filter((command) => command.operation === null).map((command) => command.name)).toEqual(
    own,
  );
  const names = commands.map((command) => command.name);
  expect(new Set(names).size).toBe(names.length);
});

test('the promised commands are these', () => {
  expect(listCommands().map((command) => command.name)).toEqual([
    'create',
    'list',
    'destroy',
    'exec',
    'files',
    'file-read',
    'file-write',
    'logs',
    'metrics',
    'pool',
    'pool-resize',
    'templates',
    'template-build',
    'deploy',
    'execute',
    'status',
    'agents',
    'stop',
    'stop-all',
    'block',
    'unblock',
    'kill',
    'rearm',
    'orders-list',
    'orders-show',
    'orders-cancel',
    'positions-list',
    'deadman',
    'deadman-drill',
    'strategies',
    'strategy',
    'data',
    'data-import',
    'data-fetch',
    'data-remove',
    'simulate',
    'backtest',
    'backtest-sweep',
    'backtests',
    'backtest-show',
    'backtest-compare',
    'backtest-export',
    'sla',
    'spend',
    'pnl',
    'markets',
    'market',
    'settings',
    'set',
    'limits',
    'limits-set',
    'provider',
    'provider-use',
    'provider-test',
    'provider-forget-key',
    'account',
    'account-use',
    'account-test',
    'account-forget-key',
    'account-arm',
    'account-disarm',
    'account-acknowledge',
    'health',
    'down',
    ...own,
  ]);
});

test('each input field is one option or one positional argument, as the schema says', () => {
  const fields = listCommands().find((command) => command.name === 'deploy')?.fields;
  expect(
    fields?.map(({ flag, kind, required, defaultText, rule }) => [flag, kind, required, defaultText, rule]),
  ).toEqual([
    ['agent', 'text', true, null, expect.stringMatching(/^give momentum/)],
    ['symbols', 'list', false, 'AAPL,MSFT,GOOGL', null],
    ['param', 'record', false, null, null],
    ['count', 'number', false, '3', 'give 1 to 100'],
    ['per-sandbox', 'number', false, null, 'give 1 to 25'],
    ['hours', 'number', false, '8', 'give 0.1 to 24'],
    ['max-position', 'number', false, '5000', 'give 100 to 1000000'],
  ]);
});

test.each(operations)(
  'the answer to $name that these tests serve has the promised shape',
  ({ name, output }) => {
    expect(output.safeParse(answers[name])).toMatchObject({ success: true });
  },
);

describe('help', () => {
  test('lists every command with its summary and the exit codes', async () => {
    const cli = await createCliHarness(null);
    const { code, stdout, stderr } = await cli.run('help');
    expect([code, stderr]).toEqual([0, '']);
    for (const { name, summary } of listCommands()) {
      expect(stdout).toContain(name);
      expect(stdout.replace(/\s+/g, ' ')).toContain(summary);
    }
    expect(stdout).toContain('3 no host is running');
  });

  test('of a command shows choices, limits and defaults', async () => {
    const cli = await createCliHarness(null);
    const { stdout } = await cli.run('help', 'deploy');
    const text = stdout.replace(/\s+/g, ' ');
    expect(text).toMatch(/--agent <text> Strategy of the agents \(momentum[a-z, -]*; required\)/);
    expect(text).toContain('--param <entry> Parameter of the strategy, name=value; can be repeated');
    expect(text).toContain('--count <number> How many agents, 1 to 100 (default: 3)');
    expect(text).toContain('--symbols <list> Comma-separated symbols, 1 to 16 (default: AAPL,MSFT,GOOGL)');
    expect(await cli.run('deploy', '--help')).toMatchObject({ code: 0, stdout });
  });

  test('and the version need no host', async () => {
    const cli = await createCliHarness(null);
    expect(await cli.run('--version')).toEqual({ code: 0, stdout: '9.8.7\n', stderr: '' });
    expect(await cli.run('--version', '--json')).toEqual({
      code: 0,
      stdout: '{"ok":true,"value":{"version":"9.8.7"}}\n',
      stderr: '',
    });
  });
});
