// @vitest-environment jsdom
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { DeskError } from '../../../electron/contract/errors.ts';
import { deployableStrategies } from '../../../electron/contract/strategy-input.ts';
import { deploySwarm } from '../../../electron/contract/deploy.ts';
import type { FakeDeskOptions, FakeHandlers } from '../../support/fake-desk-bridge.ts';
import { renderApp } from '../../support/render-desk.tsx';
import {
  agentEvents,
  gaugesAt,
  sandboxEvents,
  startedEvents,
  stateAfter,
} from '../../support/sample-desk.ts';

const at = Date.UTC(2026, 2, 2, 14, 0, 0);
const started = { state: stateAfter(...startedEvents(at)), gauges: gaugesAt(at) } satisfies FakeDeskOptions;

/** Prices one sandbox-hour at $0.1089, whatever is asked; fits below $3. */
const preview: NonNullable<FakeHandlers['swarm.preview']> = ({ count, hours, perSandbox }) => ({
  options: [1, 5].map((size) => {
    const sandboxes = Math.ceil(count / size);
    const planMicros = Math.round(sandboxes * hours * 108_900);
    return {
      perSandbox: size,
      sandboxes,
      planMicros,
      perHourMicros: sandboxes * 108_900,
      fits: planMicros < 3_000_000,
      chosen: size === (perSandbox ?? 5),
    };
  }),
  boundBy: count < 10 ? 'none' : 'failure domains',
  rateCard: 'e2b-list 2026-08',
  simulatedPrice: true,
  spentMicros: 1_380_000,
  availableMicros: 3_370_000,
  budgetMicros: 5_000_000,
  exitReserveMicros: 250_000,
  leaseMicros: 18_150,
  leaseMs: 600_000,
  sandboxesAlive: 0,
  sandboxLimit: 100,
  createsPerSecond: 50,
  readyInMs: null,
  limits: { orderNotionalMicros: 25_000_000_000, symbolPositionMicros: 50_000_000_000, maxQuoteAgeMs: 5_000 },
});

async function open(handlers: FakeHandlers = {}) {
  const desk = await renderApp({ ...started, handlers: { 'swarm.preview': preview, ...handlers } });
  fireEvent.keyDown(window, { key: 'n' });
  const dialog = within(await screen.findByRole('dialog', { name: 'Deploy a swarm' }));
  return { desk, dialog };
}

const type = (input: HTMLElement, value: string) => fireEvent.change(input, { target: { value } });

test('shows the price before anything is deployed, and says that it is simulated', async () => {
  const { desk, dialog } = await open();
  const price = within(dialog.getByRole('region', { name: 'What it will cost' }));
  // One sandbox for 8 h at $0.1089.
  expect(await price.findAllByText('$0.87')).toHaveLength(2);
  expect(price.getByText(/3 agents in 1 sandbox, 8 h, e2b-list 2026-08, simulated/)).toBeTruthy();
  expect(price.getByText('after: $2.25 of $5.00')).toBeTruthy();
  expect(price.getByText('not measured')).toBeTruthy();
  expect(desk.calls.some((call) => call.name === 'swarm.deploy')).toBe(false);
});

test('prices again when the placement is changed, and warns when the plan does not fit', async () => {
  const { dialog } = await open();
  type(dialog.getByRole('textbox', { name: 'Agents' }), '10');
  fireEvent.click(await dialog.findByRole('radio', { name: 'One agent a sandbox, $8.71, over' }));
  expect(await dialog.findByText(/The whole plan does not fit/)).toBeTruthy();
  expect(dialog.getByText('after: $10.09 of $5.00')).toBeTruthy();
});

test('says what keeps the agents from sharing fewer sandboxes, once something does', async () => {
  const { dialog } = await open({
    'swarm.preview': async (...call) => ({ ...(await preview(...call)), boundBy: 'memory' }),
  });
  expect(await dialog.findByText('Packing is bounded by memory.')).toBeTruthy();
});

test('names the rule at the field that breaks it and does not deploy', async () => {
  const { desk, dialog } = await open();
  const slow = dialog.getByRole('textbox', { name: 'Slow' });
  type(slow, '500');
  expect((await dialog.findByRole('alert')).textContent).toBe(
    'Must be a whole number from 3 to 400 bars, not 500',
  );
  expect(slow.getAttribute('aria-invalid')).toBe('true');
  const button = dialog.getByRole('button', { name: 'Deploy' });
  expect(button.hasAttribute('disabled')).toBe(true);
  fireEvent.keyDown(slow, { key: 'Enter', ctrlKey: true });
  expect(desk.calls.some((call) => call.name === 'swarm.deploy')).toBe(false);
});

test('refuses a symbol that the market does not have', async () => {
  const { dialog } = await open();
  const symbols = dialog.getByRole('textbox', { name: 'Symbols' });
  type(symbols, 'zzz');
  fireEvent.keyDown(symbols, { key: 'Enter' });
  expect((await dialog.findByRole('alert')).textContent).toMatch(/^ZZZ is not in this market/);
  type(symbols, 'nvda,');
  expect(await dialog.findByRole('button', { name: 'Remove NVDA' })).toBeTruthy();
});

test('shows what the host refuses in one line and stays open', async () => {
  const { dialog } = await open({
    'swarm.deploy': () => {
      throw new DeskError('BUDGET_EXCEEDED', '3 leases need $0.0545 and $0.0100 is left today.');
    },
  });
  fireEvent.click(await dialog.findByRole('button', { name: 'Deploy 3 agents' }));
  expect((await dialog.findByRole('alert')).textContent).toBe(
    '3 leases need $0.0545 and $0.0100 is left today.',
  );
  expect(screen.getByRole('dialog', { name: 'Deploy a swarm' })).toBeTruthy();
});

test('puts a refusal of the host at the field that it names', async () => {
  const { dialog } = await open({
    'swarm.deploy': () => {
      throw new DeskError('INVALID_INPUT', 'hours: too long for the lease', {
        issues: [{ field: 'hours', message: 'too long for the lease' }],
      });
    },
  });
  fireEvent.click(await dialog.findByRole('button', { name: 'Deploy 3 agents' }));
  await waitFor(() =>
    expect(dialog.getByRole('textbox', { name: 'Hours' }).getAttribute('aria-invalid')).toBe('true'),
  );
});

test('writes the same deployment as a command line', async () => {
  const { dialog } = await open();
  type(dialog.getByRole('textbox', { name: 'Agents' }), '4');
  fireEvent.click(await dialog.findByRole('radio', { name: /One agent a sandbox/ }));
  expect(
    await dialog.findByText(
      'neural-trader deploy --agent momentum --symbols AAPL,MSFT,GOOGL --count 4 --hours 8 --max-position 5000 --per-sandbox 1',
    ),
  ).toBeTruthy();
  type(dialog.getByRole('textbox', { name: 'Slow' }), '1,000');
  expect(dialog.getByText(/--max-position 5000 --param slow=1000 --per-sandbox 1$/)).toBeTruthy();
});

test('deploys with Ctrl Enter, then shows the fleet with the new agents', async () => {
  const { desk, dialog } = await open({
    'swarm.deploy': ({ symbols }, host) => {
      host.commit(
        ...sandboxEvents('slot-1', 'sbx1', at),
        ...agentEvents('momentum-01', 'slot-1', at, symbols),
      );
      return {
        swarmId: 'swarm-1',
        agentIds: ['momentum-01'],
        sandboxes: 1,
        reservedMicros: 18_150,
        tookMs: 812,
      };
    },
  });
  await dialog.findByRole('button', { name: 'Deploy 3 agents' });
  fireEvent.keyDown(dialog.getByRole('textbox', { name: 'Agents' }), { key: 'Enter', ctrlKey: true });
  expect(await screen.findByRole('row', { name: /running momentum-01 AAPL MSFT GOOGL/ })).toBeTruthy();
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(screen.getByText('Deployed 1 agent in 1 sandbox in 812 ms.')).toBeTruthy();
  expect(desk.calls.find((call) => call.name === 'swarm.deploy')?.input).toMatchObject({
    count: 3,
    symbols: ['AAPL', 'MSFT', 'GOOGL'],
    params: { fast: 12, slow: 26, stopAtr: 3 },
  });
});

test('puts a rule across parameters, which only the host knows, at the parameter to change', async () => {
  const message = 'slow is 12 and fast is 12; slow must be more than fast';
  const { desk, dialog } = await open({
    'swarm.preview': () => {
      throw new DeskError('INVALID_INPUT', message, { issues: [{ field: 'params.slow', message }] });
    },
  });
  await waitFor(() =>
    expect(dialog.getByRole('textbox', { name: 'Slow' }).getAttribute('aria-invalid')).toBe('true'),
  );
  expect(dialog.getByRole('alert').textContent).toBe(
    'Slow is 12 and fast is 12; slow must be more than fast',
  );
  expect(dialog.getByRole('button', { name: 'Deploy 3 agents' }).hasAttribute('disabled')).toBe(true);
  fireEvent.keyDown(dialog.getByRole('textbox', { name: 'Slow' }), { key: 'Enter', ctrlKey: true });
  expect(desk.calls.some((call) => call.name === 'swarm.deploy')).toBe(false);
});

test('makes a field of every parameter, and opens the folded ones when one must be corrected', async () => {
  const { dialog } = await open();
  const stop = dialog.getByLabelText('Stop ATR');
  expect(stop).toHaveProperty('value', '3');
  expect(stop.getAttribute('title')).toBe('Distance of the trailing stop.');
  const more = dialog.getByRole('button', { name: 'More parameters (1)' });
  expect(more.getAttribute('aria-expanded')).toBe('false');
  expect(dialog.queryByRole('textbox', { name: 'Stop ATR' })).toBeNull();
  type(stop, '99');
  expect(more.getAttribute('aria-expanded')).toBe('true');
  expect(dialog.getByRole('textbox', { name: 'Stop ATR' })).toBe(stop);
  expect(dialog.getByRole('alert').textContent).toBe('Must be a number from 0.5 to 20 ATR, not 99');
});

test.each(deployableStrategies)(
  'deploys $id with all its parameters, on as many symbols as it takes',
  async (strategy) => {
    const { desk, dialog } = await open({
      'swarm.deploy': () => {
        throw new DeskError('BUDGET_EXCEEDED', 'not today');
      },
    });
    fireEvent.click(dialog.getByRole('radio', { name: strategy.title }));
    expect(dialog.getByText(strategy.summary)).toBeTruthy();
    fireEvent.click(await dialog.findByRole('button', { name: 'Deploy 3 agents' }));
    await dialog.findByText('not today');
    const input = deploySwarm.input.parse(desk.calls.find((call) => call.name === 'swarm.deploy')?.input);
    expect(input.agent).toBe(strategy.id);
    expect(input.params).toEqual(
      Object.fromEntries(strategy.params.map((param) => [param.name, param.default])),
    );
  },
);
