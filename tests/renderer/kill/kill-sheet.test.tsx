// @vitest-environment jsdom
import { reduce } from '../../../electron/contract/reduce.ts';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { DeskError } from '../../../electron/contract/errors.ts';
import type { KillItem } from '../../../electron/contract/events.ts';
import type { FakeHandlers } from '../../support/fake-desk-bridge.ts';
import { renderApp } from '../../support/render-desk.tsx';
import {
  agentEvents,
  gaugesAt,
  positionEvents,
  quote,
  sandboxEvents,
  startedEvents,
  stateAfter,
} from '../../support/sample-desk.ts';

const at = Date.UTC(2026, 2, 2, 14, 11, 2);

const holding = stateAfter(
  ...startedEvents(at),
  ...sandboxEvents('slot-1', 'sbx1', at),
  ...agentEvents('momentum-01', 'slot-1', at, ['AAPL', 'MSFT']),
  ...positionEvents('momentum-01', 'AAPL', 10, 170, at),
  ...positionEvents('momentum-01', 'MSFT', -5, 400, at),
);
const quotes = { AAPL: quote(171.5), MSFT: quote(402) };
const gauges = gaugesAt(at, { market: { isOpen: true, marketAt: at, dataAgeMs: 10, quotes } });

const item = (state: KillItem['state'], detail: string): KillItem => ({
  id: 'position:AAPL',
  kind: 'position',
  label: 'AAPL +10',
  state,
  detail,
});

/** Starts the kill and leaves it at work, as a market that does not fill would. */
const neverEnding: FakeHandlers = {
  'swarm.kill': ({ scope, policy, reason }, host) => {
    const items = [item('pending', 'sent')];
    host.commit({
      kind: 'KillStarted',
      at: host.now(),
      killId: 'kill-1',
      actor: 'window',
      scope,
      policy,
      reason,
      items,
    });
    return new Promise(() => undefined);
  },
};

const openWithKey = () => fireEvent.keyDown(window, { key: '.', ctrlKey: true });
const sheet = () => screen.findByRole('alertdialog', { name: 'Stop all trading' });
const names = (calls: readonly { readonly name: string }[]) =>
  calls.map((call) => call.name).filter((name) => name.startsWith('swarm.'));

test('blocks new entries as soon as the sheet opens, and says since when', async () => {
  const desk = await renderApp({ state: holding, gauges, now: () => at });
  openWithKey();
  expect(await within(await sheet()).findByText(/new entries blocked since/)).toBeTruthy();
  expect(names(desk.calls)).toEqual(['swarm.block']);
  expect(desk.state().entries).toMatchObject({ kind: 'blocked', since: at });
});

test('opens from the menu and from the button as well', async () => {
  const desk = await renderApp({ state: holding, gauges });
  fireEvent.click(screen.getByRole('button', { name: 'KILL' }));
  await sheet();
  fireEvent.keyDown(document.activeElement ?? document.body, { key: 'Escape' });
  await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
  desk.command('open-kill');
  expect(await sheet()).toBeTruthy();
});

test('Escape takes its own block back', async () => {
  const desk = await renderApp({ state: holding, gauges });
  openWithKey();
  await sheet();
  fireEvent.keyDown(document.activeElement ?? document.body, { key: 'Escape' });
  await waitFor(() => expect(desk.state().entries.kind).toBe('open'));
  expect(names(desk.calls)).toEqual(['swarm.block', 'swarm.unblock']);
  expect(screen.queryByRole('alertdialog')).toBeNull();
});

test('Escape leaves a block alone that was there before', async () => {
  const desk = await renderApp({ state: holding, gauges });
  desk.commit({ kind: 'EntriesBlocked', at, actor: 'cli', reason: 'maintenance' });
  await screen.findByText(/New entries are blocked since/);
  openWithKey();
  await sheet();
  fireEvent.keyDown(document.activeElement ?? document.body, { key: 'Escape' });
  await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
  expect(names(desk.calls)).toEqual([]);
  expect(desk.state().entries.kind).toBe('blocked');
});

test('names counts and dollars before anything is done', async () => {
  await renderApp({ state: holding, gauges });
  openWithKey();
  const dialog = within(await sheet());
  // 10 x $171.50 + 5 x $402.00
  expect(
    dialog.getByRole('radio', { name: /^Flatten\..*Close 2 positions \(\$3,725\) at market/ }),
  ).toBeTruthy();
  expect(dialog.getByRole('button', { name: 'Flatten 2 positions, end 1 sandbox' })).toBeTruthy();
  fireEvent.click(dialog.getByRole('radio', { name: /^Keep positions\..*Leaves 2 positions open/ }));
  expect(await dialog.findByRole('button', { name: 'Keep 2 positions, end 1 sandbox' })).toBeTruthy();
});

test('says that the warm sandboxes end too', async () => {
  const warm = [
    ...sandboxEvents('slot-2', 'sbx2', at),
    { kind: 'SandboxPooled' as const, at, slotId: 'slot-2', pooled: true },
  ];
  await renderApp({ state: warm.reduce(reduce, holding), gauges });
  openWithKey();
  const name = 'Flatten 2 positions, end 1 sandbox and 1 warm one';
  expect(within(await sheet()).getByRole('button', { name })).toBeTruthy();
});

test('does not guess a value when a quote is missing', async () => {
  await renderApp({ state: holding, gauges: gaugesAt(at) });
  openWithKey();
  expect(
    within(await sheet()).getByRole('radio', { name: /Close 2 positions \(value unknown\)/ }),
  ).toBeTruthy();
});

test('shows the receipt live and keeps the block when the sheet is closed meanwhile', async () => {
  const desk = await renderApp({ state: holding, gauges, handlers: neverEnding });
  openWithKey();
  const dialog = within(await sheet());
  fireEvent.click(dialog.getByRole('button', { name: /^Flatten 2 positions/ }));
  const receipt = within(await dialog.findByRole('table', { name: 'Receipt' }));
  expect(receipt.getByRole('row', { name: /AAPL \+10 position pending sent/ })).toBeTruthy();
  desk.commit({ kind: 'KillItemUpdated', at, killId: 'kill-1', item: item('done', 'flat at the broker') });
  expect(
    await receipt.findByRole('row', { name: /AAPL \+10 position done flat at the broker/ }),
  ).toBeTruthy();
  expect(dialog.getByRole('button', { name: 'Re-arm…' }).hasAttribute('disabled')).toBe(true);
  fireEvent.keyDown(document.activeElement ?? document.body, { key: 'Escape' });
  await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
  expect(names(desk.calls)).toEqual(['swarm.block', 'swarm.kill']);
  expect(screen.getByText(/Trading is stopped since/)).toBeTruthy();
});

test('says plainly when a finished kill could not be verified', async () => {
  const desk = await renderApp({ state: holding, gauges, handlers: neverEnding });
  openWithKey();
  const dialog = within(await sheet());
  fireEvent.click(dialog.getByRole('button', { name: /^Flatten 2 positions/ }));
  await dialog.findByRole('table', { name: 'Receipt' });
  desk.commit(
    { kind: 'KillItemUpdated', at, killId: 'kill-1', item: item('failed', 'BROKER_REFUSED') },
    { kind: 'KillFinished', at: Date.now(), killId: 'kill-1', verified: false },
  );
  expect(await dialog.findByText(/not every item could be verified/)).toBeTruthy();
});

test('keeps entries blocked when the kill itself fails', async () => {
  const desk = await renderApp({
    state: holding,
    gauges,
    handlers: {
      'swarm.kill': () => {
        throw new DeskError('BROKER_UNAVAILABLE', 'The broker does not answer. Try again.');
      },
    },
  });
  openWithKey();
  const dialog = within(await sheet());
  fireEvent.click(dialog.getByRole('button', { name: /^Flatten 2 positions/ }));
  expect((await dialog.findByRole('alert')).textContent).toBe('The broker does not answer. Try again.');
  fireEvent.keyDown(document.activeElement ?? document.body, { key: 'Escape' });
  await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
  expect(desk.state().entries.kind).toBe('blocked');
});

test('re-arms only with a reason', async () => {
  const desk = await renderApp({ state: holding, gauges });
  desk.commit(
    { kind: 'KillStarted', at, killId: 'kill-1', actor: 'cli', policy: 'keep', reason: 'drill', items: [] },
    { kind: 'KillFinished', at, killId: 'kill-1', verified: true },
  );
  fireEvent.click(await screen.findByRole('button', { name: 'Re-arm…' }));
  const dialog = within(await screen.findByRole('alertdialog', { name: 'Re-arm trading' }));
  const rearm = dialog.getByRole('button', { name: 'Re-arm trading' });
  expect(rearm.hasAttribute('disabled')).toBe(true);
  fireEvent.change(dialog.getByRole('textbox', { name: 'Why is it safe' }), {
    target: { value: 'drill is over' },
  });
  fireEvent.click(rearm);
  await waitFor(() => expect(desk.state().entries.kind).toBe('open'));
  expect(desk.calls.at(-1)).toEqual({
    name: 'swarm.rearm',
    input: { scope: 'all', reason: 'drill is over' },
  });
});

const two = [
  ...sandboxEvents('slot-2', 'sbx2', at),
  ...agentEvents('momentum-02', 'slot-2', at, ['AAPL']),
  ...positionEvents('momentum-02', 'AAPL', 4, 170, at),
].reduce(reduce, holding);

test('stops one agent: lists its book, takes the block of everything back, and kills that scope', async () => {
  const desk = await renderApp({ state: two, gauges, handlers: neverEnding });
  openWithKey();
  await waitFor(() => expect(desk.state().entries.kind).toBe('blocked'));
  const dialog = within(await sheet());
  fireEvent.click(dialog.getByRole('radio', { name: 'Agent' }));
  fireEvent.change(await dialog.findByRole('combobox', { name: 'Agent' }), {
    target: { value: 'momentum-02' },
  });
  const narrow = within(await screen.findByRole('alertdialog', { name: 'Stop momentum-02' }));
  await waitFor(() => expect(desk.state().entries.kind).toBe('open'));
  expect(narrow.getAllByRole('row').map((row) => row.textContent)).toEqual([
    'AgentOpen positionSharesValue, USD',
    expect.stringMatching(/^momentum-02AAPL\+4/),
  ]);
  fireEvent.click(narrow.getByRole('radio', { name: /^Keep hedged\./ }));
  fireEvent.click(
    await narrow.findByRole('button', { name: 'Hedge 1 position, stop 1 agent, end 1 sandbox' }),
  );
  expect(await narrow.findByRole('table', { name: 'Receipt' })).toBeTruthy();
  expect(desk.calls.at(-1)).toMatchObject({
    name: 'swarm.kill',
    input: { scope: 'agent:momentum-02', policy: 'keep-hedged' },
  });
  expect(desk.state().entries.kind).toBe('open');
});

test('opens from the inspector on its agent, without blocking the others', async () => {
  const desk = await renderApp({ state: two, gauges });
  fireEvent.click(screen.getByRole('button', { name: /^Fleet/ }));
  fireEvent.click(await screen.findByText('momentum-02'));
  fireEvent.click(await screen.findByRole('button', { name: 'Kill agent…' }));
  expect(await screen.findByRole('alertdialog', { name: 'Stop momentum-02' })).toBeTruthy();
  expect(names(desk.calls)).toEqual([]);
});

test('shows what stays killed in a banner and in the fleet, and re-arms exactly that', async () => {
  const desk = await renderApp({ state: two, gauges });
  desk.commit(
    {
      kind: 'KillStarted',
      at,
      killId: 'kill-1',
      actor: 'cli',
      scope: 'strategy:momentum',
      policy: 'flatten',
      reason: 'drill',
      items: [],
    },
    { kind: 'KillFinished', at, killId: 'kill-1', verified: true },
  );
  expect(await screen.findByText(/Killed since .*: the strategy momentum/)).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: /^Fleet/ }));
  expect(await screen.findAllByText('killed')).toHaveLength(2);
  fireEvent.click(screen.getByRole('button', { name: 'Re-arm momentum…' }));
  const dialog = within(await screen.findByRole('alertdialog', { name: 'Re-arm the strategy momentum' }));
  fireEvent.change(dialog.getByRole('textbox', { name: 'Why is it safe' }), { target: { value: 'drill' } });
  fireEvent.click(dialog.getByRole('button', { name: 'Re-arm the strategy momentum' }));
  await waitFor(() => expect(desk.state().latches).toEqual({}));
  expect(desk.calls.at(-1)).toEqual({
    name: 'swarm.rearm',
    input: { scope: 'strategy:momentum', reason: 'drill' },
  });
});
