// @vitest-environment jsdom
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { Differences } from '../../../electron/contract/order-events.ts';
import { renderApp } from '../../support/render-desk.tsx';
import { gaugesAt, startedEvents, stateAfter } from '../../support/sample-desk.ts';

const at = Date.UTC(2026, 2, 2, 9, 30, 0);
const positions = [{ symbol: 'AAPL', oursNanos: 10_000_000_000, theirsNanos: -12_500_000_000 }];
const cash = { oursMicros: 1_500_000_000, theirsMicros: 1_000_000_000 };

function differing(differences: Partial<Differences> = {}) {
  const { positions: held = positions, cash: paid = null } = differences;
  const differed = { kind: 'AccountDiffered', at, positions: held, ...(paid && { cash: paid }) } as const;
  const state = stateAfter(...startedEvents(at), differed);
  return renderApp({
    state,
    gauges: gaugesAt(at),
    handlers: {
      'account.acknowledge': ({ reason }, host) => {
        host.commit({ kind: 'AccountAcknowledged', at, actor: 'window', reason });
        return { acknowledged: { positions: held, cash: paid } };
      },
    },
  });
}

test('a position that differs is named until an operator has compared both versions', async () => {
  const desk = await differing();
  expect(screen.getByText(/1 position differs from the broker’s/)).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Compare…' }));
  const dialog = within(await screen.findByRole('alertdialog', { name: 'The account differs' }));
  expect(dialog.getByRole('row', { name: /^AAPL \+10 −12\.5$/ })).toBeTruthy();
  const acknowledge = dialog.getByRole('button', { name: 'The broker is right' });
  expect(acknowledge).toHaveProperty('disabled', true);
  fireEvent.change(dialog.getByLabelText('Why the broker is right'), { target: { value: 'moved by hand' } });
  fireEvent.click(acknowledge);
  await waitFor(() => expect(screen.queryByText(/differs from the broker’s/)).toBeNull());
  expect(desk.calls.at(-1)).toEqual({ name: 'account.acknowledge', input: { reason: 'moved by hand' } });
});

test('cash that differs is compared too', async () => {
  await differing({ positions: [], cash });
  expect(screen.getByText(/The cash differs from the broker’s/)).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Compare…' }));
  const dialog = within(await screen.findByRole('alertdialog', { name: 'The account differs' }));
  expect(dialog.getByRole('row', { name: /^Cash \$1,500.00 \$1,000.00$/ })).toBeTruthy();
});

test('nothing is said while both agree', async () => {
  await renderApp({ state: stateAfter(...startedEvents(at)), gauges: gaugesAt(at) });
  expect(screen.queryByRole('button', { name: 'Compare…' })).toBeNull();
});
