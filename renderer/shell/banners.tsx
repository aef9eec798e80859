// States of the whole desk that no screen may hide: no data, entries blocked, latched after a kill, LIVE armed or not,
// positions that differ from the broker's.
import { type KillScope, scopeParts, scopeWords } from '../../electron/contract/kill-scope.ts';
import { useDesk, useDeskClient, useNow } from '../desk-context.tsx';
import { counted, duration } from '../format.ts';
import { timeWithZone } from '../format-time.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { ErrorLine } from '../ui/error-line.tsx';
import { useRequest } from '../use-request.ts';
import { useWindowStore } from '../window-state.ts';
import { DiscrepancyBanner } from './discrepancy-banner.tsx';
import { LiveBanner } from './live-banner.tsx';

export function Banners(props: {
  readonly onReceipt: (scope: KillScope) => void;
  readonly killOpen: boolean;
}) {
  const connected = useDesk((desk) => desk.connected);
  const entries = useDesk((desk) => desk.state.entries.kind);
  const isLive = useDesk((desk) => desk.state.mode === 'live');
  return (
    <>
      {connected ? null : <StaleBanner />}
      {isLive ? <LiveBanner /> : null}
      <DiscrepancyBanner />
      {entries === 'latched' ? <LatchedBanner onReceipt={() => props.onReceipt('all')} /> : null}
      <ScopeBanner onReceipt={props.onReceipt} />
      {entries === 'blocked' && !props.killOpen ? <BlockedBanner /> : null}
    </>
  );
}

function StaleBanner() {
  const lastFrameAt = useDesk((desk) => desk.lastFrameAt);
  const now = useNow(500);
  return (
    <Banner shape="triangle" tone="warn">
      <span>
        <b className="font-medium">
          No data from the host for {duration(lastFrameAt === null ? null : now - lastFrameAt)}.
        </b>{' '}
        Hatched values are the last known ones.
      </span>
    </Banner>
  );
}

function LatchedBanner(props: { readonly onReceipt: () => void }) {
  const kill = useDesk((desk) => desk.state.kill);
  const windowStore = useWindowStore();
  return (
    <Banner shape="square" tone="critical">
      <span className="min-w-0">
        <b className="font-medium">
          Trading is stopped{kill ? ` since ${timeWithZone(kill.startedAt)}` : ''}.
        </b>{' '}
        {kill === null || kill.finishedAt === null
          ? 'The stop is still at work.'
          : `${counted(kill.items.length, 'item')}, ${kill.verified === true ? 'all verified' : 'not all verified'}.`}{' '}
        New entries stay blocked until you re-arm.
      </span>
      <span className="ml-auto flex gap-2">
        <Button onClick={props.onReceipt}>Show receipt</Button>
        <Button onClick={() => windowStore.setState({ dialog: 'rearm', rearmScope: 'all' })}>Re-arm…</Button>
      </span>
    </Banner>
  );
}

/** What kills of strategies and agents keep stopped, in one line however many there are. */
function ScopeBanner(props: { readonly onReceipt: (scope: KillScope) => void }) {
  const latches = useDesk((desk) => desk.state.latches);
  const windowStore = useWindowStore();
  const receipts = Object.values(latches);
  if (receipts.length === 0) return null;
  return (
    <Banner shape="square" tone="warn">
      <span className="grid min-w-0 flex-1 gap-1">
        {receipts.map((receipt) => (
          <span key={receipt.scope} className="flex items-center gap-3">
            <span className="min-w-0">
              <b className="font-medium">
                Killed since {timeWithZone(receipt.startedAt)}: {scopeWords(receipt.scope)}.
              </b>{' '}
              {receipt.finishedAt === null
                ? 'The stop is still at work.'
                : receipt.verified === true
                  ? 'All verified.'
                  : 'Not all verified.'}
            </span>
            <span className="ml-auto flex gap-2">
              <Button onClick={() => props.onReceipt(receipt.scope)}>Show receipt</Button>
              <Button
                disabled={receipt.finishedAt === null}
                onClick={() => windowStore.setState({ dialog: 'rearm', rearmScope: receipt.scope })}
              >
                Re-arm {scopeParts(receipt.scope).name}…
              </Button>
            </span>
          </span>
        ))}
      </span>
    </Banner>
  );
}

function BlockedBanner() {
  const { call } = useDeskClient();
  const entries = useDesk((desk) => desk.state.entries);
  const isDeadMan = useDesk((desk) => desk.state.deadMan.blocking);
  const unblock = useRequest(async () => {
    await call('swarm.unblock', {});
  });
  if (entries.kind !== 'blocked') return null;
  return (
    <Banner shape={isDeadMan ? 'square' : 'triangle'} tone={isDeadMan ? 'critical' : 'warn'}>
      <span className="min-w-0">
        <b className="font-medium">New entries are blocked since {timeWithZone(entries.since)}</b> by{' '}
        {actorName[entries.actor]}: {entries.reason}. Closing and cancelling still pass.
      </span>
      <ErrorLine error={unblock.error} />
      <Button className="ml-auto" disabled={unblock.pending} onClick={() => void unblock.run()}>
        {unblock.pending ? 'Unblocking…' : 'Unblock entries'}
      </Button>
    </Banner>
  );
}

const actorName = { window: 'this window', cli: 'the command line', host: 'the host' } as const;
