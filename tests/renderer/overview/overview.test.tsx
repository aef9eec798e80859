// @vitest-environment jsdom
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { limitText } from '../../../renderer/overview/spend-tile.tsx';
import { modeNote } from '../../../renderer/overview/tiles.tsx';
import { renderApp } from '../../support/render-desk.tsx';
import {
  agentEvents,
  gaugesAt,
  sandboxEvents,
  slaRow,
  startedEvents,
  stateAfter,
  summary,
} from '../../support/sample-desk.ts';

const at = Date.UTC(2026, 2, 2, 9, 30, 0);
const state = stateAfter(
  ...startedEvents(at),
  ...sandboxEvents('slot-1', 'sbx1', at),
  ...agentEvents('momentum-01', 'slot-1', at),
);
const spend = {
  accruedMicros: 1_380_000,
  ratePerHourMicros: 186_700,
  rateCard: 'e2b-list 2026-08',
  simulated: true,
};

describe('SLA board', () => {
  const rows = [
    slaRow('create', summary(412, 2_210, 3_980, 4_720)),
    slaRow('exec', summary(12, 340, 790, 1_150)),
    slaRow('status', summary(60, 3, 620, 700)),
    slaRow('deploy', summary(0, 0, 0, 0)),
  ];

  test('shows a percentile only with enough samples, and headroom only with a P95', async () => {
    await renderApp({ state, gauges: gaugesAt(at, { sla: rows }) });
    const board = within(screen.getByRole('table', { name: 'SLA' }));
    expect(board.getByRole('row', { name: 'create 2,210 3,980 4,720 5,000 412 20.4 %' })).toBeTruthy();
    expect(board.getByRole('row', { name: 'exec 340 n/a (n=12) n/a (n=12) 2,000 12 n/m' })).toBeTruthy();
    expect(board.getByRole('row', { name: 'deploy n/m n/m n/m 6,000 0 n/m' })).toBeTruthy();
  });

  test('shows a missed target as negative headroom and names it the worst', async () => {
    await renderApp({ state, gauges: gaugesAt(at, { sla: rows }) });
    expect(screen.getByRole('row', { name: 'status 3.0 620 n/a (n=60) 500 60 −24.0 %' })).toBeTruthy();
    expect(screen.getByRole('region', { name: 'Worst SLA headroom' }).textContent).toContain(
      'status P95 620 of 500 ms · n 60 · 1 h',
    );
  });

  test('calls no operation the worst before one has 20 samples', async () => {
    await renderApp({ state, gauges: gaugesAt(at, { sla: [slaRow('exec', summary(19, 1, 2, 3))] }) });
    expect(screen.getByRole('region', { name: 'Worst SLA headroom' }).textContent).toContain('n/m');
  });
});

describe('labels of simulation', () => {
  test('says that demo data is simulated and that nothing is sent', async () => {
    await renderApp({ state, gauges: gaugesAt(at, { spend }) });
    expect(screen.getByRole('region', { name: 'Mode' }).textContent).toBe(
      'ModeDemosimulated data, nothing is sent',
    );
    expect(document.title).toBe('DEMO · Neural Trader Desk');
  });

  test('says that spend is simulated, and at whose prices', async () => {
    await renderApp({ state, gauges: gaugesAt(at, { spend }) });
    expect(screen.getByRole('region', { name: 'Spend today' }).textContent).toContain(
      'priced at e2b-list 2026-08, simulated',
    );
    expect(screen.getByText('Spend, simulated')).toBeTruthy();
  });

  test('does not call a real bill simulated', async () => {
    await renderApp({ state, gauges: gaugesAt(at, { spend: { ...spend, simulated: false } }) });
    expect(screen.getByRole('region', { name: 'Spend today' }).textContent).not.toContain('simulated');
  });

  test('does not call replayed bars simulated data', () => {
    expect(modeNote('demo', 'replay')).toBe('replayed bars, simulated fills, nothing is sent');
  });
});

describe('tiles', () => {
  test('takes infrastructure off the PnL and shows both parts', async () => {
    const pnl = { realisedMicros: 20_000_000, unrealisedMicros: 65_500_000, todayMicros: 85_500_000 };
    await renderApp({ state, gauges: gaugesAt(at, { spend, pnl }) });
    const tile = screen.getByRole('region', { name: 'Net PnL today' });
    expect(tile.textContent).toContain('+$84.12');
    expect(tile.textContent).toContain('trades +$85.50');
    expect(tile.textContent).toContain('infra −$1.38');
  });

  test('shows an unread account as unknown, not as zero', async () => {
    const pnl = { realisedMicros: 0, unrealisedMicros: 0, todayMicros: null };
    await renderApp({ state, gauges: gaugesAt(at, { spend, pnl }) });
    expect(screen.getByRole('region', { name: 'Net PnL today' }).textContent).toContain('–');
  });

  test('tells when the budget ends at the present rate', () => {
    const day = { dayEndAt: at + 14.5 * 3_600_000, timeZone: 'UTC' };
    const twoHours = { accruedMicros: 4_000_000, ratePerHourMicros: 500_000 };
    expect(limitText(twoHours, 5_000_000, day, at)).toBe('limit at 11:30');
    expect(limitText({ ...twoHours, ratePerHourMicros: 10_000 }, 5_000_000, day, at)).toBe(
      'limit not reached today',
    );
    expect(limitText({ ...twoHours, ratePerHourMicros: 0 }, 5_000_000, day, at)).toBe('nothing accrues');
    expect(limitText({ ...twoHours, accruedMicros: 5_000_000 }, 5_000_000, day, at)).toBe('limit reached');
  });
});

describe('needs you', () => {
  test('lists what waits, worst first, and dismisses a notice at the host', async () => {
    const desk = await renderApp({ state, gauges: gaugesAt(at) });
    expect(screen.getByText('Nothing needs you.')).toBeTruthy();
    desk.commit(
      {
        kind: 'NoticeRaised',
        at,
        noticeId: 'n1',
        severity: 'info',
        title: 'Lease renewed',
        detail: 'until 10:10',
      },
      {
        kind: 'NoticeRaised',
        at,
        noticeId: 'n2',
        severity: 'critical',
        title: 'Broker is gone',
        detail: 'since 09:31',
      },
      { kind: 'AgentMoved', at, agentId: 'momentum-01', phase: 'degraded', reason: 'no quote for AAPL' },
    );
    const list = within(await screen.findByRole('list', { name: 'Needs you' }));
    await list.findByText('Broker is gone');
    const items = list.getAllByRole('listitem').map((item) => item.querySelector('p')?.textContent);
    expect(items).toEqual(['Agent momentum-01 is degraded', 'Broker is gone', 'Lease renewed']);
    fireEvent.click(list.getByRole('button', { name: 'Dismiss: Lease renewed' }));
    await waitFor(() => expect(list.queryByText('Lease renewed')).toBeNull());
  });

  test('opens the agent that is in trouble', async () => {
    const desk = await renderApp({ state, gauges: gaugesAt(at) });
    desk.commit({ kind: 'AgentMoved', at, agentId: 'momentum-01', phase: 'failed', reason: 'runner lost' });
    fireEvent.click(await screen.findByRole('button', { name: 'Open agent' }));
    const inspector = within(await screen.findByRole('complementary', { name: 'Agent momentum-01' }));
    expect(inspector.getByText(/runner lost/)).toBeTruthy();
  });
});

test('offers to deploy while there are no agents', async () => {
  await renderApp({ state: stateAfter(...startedEvents(at)), gauges: gaugesAt(at) });
  fireEvent.click(screen.getByRole('button', { name: 'Deploy agents' }));
  expect(await screen.findByRole('dialog', { name: 'Deploy a swarm' })).toBeTruthy();
});
