// @vitest-environment jsdom
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Settings } from '../../../electron/contract/market.ts';
import { renderApp } from '../../support/render-desk.tsx';
import { agentEvents, gaugesAt, startedEvents, stateAfter } from '../../support/sample-desk.ts';

const at = Date.UTC(2026, 2, 2, 9, 30, 0);
const state = stateAfter(...startedEvents(at), ...agentEvents('momentum-01', 'slot-1', at));

test('the status bar names host, market, provider and loop delay', async () => {
  await renderApp({ state, gauges: gaugesAt(at), now: () => at + 8_040_000 });
  const bar = screen.getByRole('contentinfo').textContent;
  expect(bar).toContain('host up 2h 14m');
  expect(bar).toContain('market open · simulated 60x');
  expect(bar).toContain('provider local · isolated');
  expect(bar).toContain('loop P99 6.0 ms');
});

test('says that the sandboxes are not isolated when they are not', async () => {
  const desk = await renderApp({ state, gauges: gaugesAt(at) });
  desk.commit({ kind: 'LocalServicesStarted', at, isolation: 'not isolated' });
  await waitFor(() => expect(screen.getByRole('contentinfo').textContent).toContain('local · not isolated'));
});

test('lists only screens that exist', async () => {
  await renderApp({ state, gauges: gaugesAt(at) });
  const names = screen
    .getAllByRole('button')
    .flatMap((button) => (button.closest('nav') ? [button.getAttribute('aria-label')] : []));
  expect(names).toEqual(['Overview', 'Fleet', 'Trading', 'Research', 'Deploy', 'Settings']);
});

describe('keys', () => {
  test('G O and G F go between the screens', async () => {
    await renderApp({ state, gauges: gaugesAt(at) });
    fireEvent.keyDown(window, { key: 'g' });
    fireEvent.keyDown(window, { key: 'f' });
    expect(screen.getByRole('main', { name: 'Fleet' })).toBeTruthy();
    fireEvent.keyDown(window, { key: 'g' });
    fireEvent.keyDown(window, { key: 'o' });
    expect(screen.getByRole('main', { name: 'Overview' })).toBeTruthy();
  });

  test('letters are off while somebody types', async () => {
    await renderApp({ state, gauges: gaugesAt(at) });
    fireEvent.keyDown(window, { key: 'g' });
    fireEvent.keyDown(window, { key: 'f' });
    fireEvent.keyDown(screen.getByRole('searchbox'), { key: 'n' });
    expect(screen.queryByRole('dialog')).toBeNull();
    fireEvent.keyDown(window, { key: 'n' });
    expect(await screen.findByRole('dialog', { name: 'Deploy a swarm' })).toBeTruthy();
  });

  test('Ctrl . opens the kill sheet even from the deploy sheet', async () => {
    await renderApp({ state, gauges: gaugesAt(at) });
    fireEvent.keyDown(window, { key: 'n' });
    await screen.findByRole('dialog', { name: 'Deploy a swarm' });
    fireEvent.keyDown(document.activeElement ?? window, { key: '.', ctrlKey: true });
    expect(await screen.findByRole('alertdialog', { name: 'Stop all trading' })).toBeTruthy();
    expect(screen.queryByRole('dialog', { name: 'Deploy a swarm' })).toBeNull();
  });

  test('? shows the keys', async () => {
    await renderApp({ state, gauges: gaugesAt(at) });
    fireEvent.keyDown(window, { key: '?' });
    const sheet = await screen.findByRole('dialog', { name: 'Keyboard shortcuts' });
    const terminal = within(sheet).getByRole('heading', { name: 'In a terminal' }).closest('section');
    expect(terminal?.textContent).toContain('Open the kill sheet');
    expect(sheet.textContent).toContain('In a terminal every other key goes to the shell');
  });

  test('T changes the theme and keeps it', async () => {
    const desk = await renderApp({
      state,
      gauges: gaugesAt(at),
      handlers: {
        'settings.read': () => Settings.parse({ theme: 'dark' }),
        'settings.change': ({ theme }) => Settings.parse({ theme }),
      },
    });
    await waitFor(() => expect(document.documentElement.dataset['theme']).toBe('dark'));
    fireEvent.keyDown(window, { key: 't' });
    expect(document.documentElement.dataset['theme']).toBe('light');
    await waitFor(() =>
      expect(desk.calls).toContainEqual({ name: 'settings.change', input: { theme: 'light' } }),
    );
  });
});

describe('silence of the host', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: at });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('is named, and marks the values as the last known ones', async () => {
    await renderApp({ state, gauges: gaugesAt(at) });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(screen.queryByText(/No data from the host/)).toBeNull();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(screen.getByText(/No data from the host for/)).toBeTruthy();
    expect(document.querySelector('[data-stale="true"]')).toBeTruthy();
    expect(screen.getByRole('contentinfo').textContent).toContain('host silent');
  });
});
