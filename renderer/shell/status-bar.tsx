// The quiet line at the bottom: is the host up, is the market open, who runs the sandboxes, what was done last.
import type { ReactNode } from 'react';
import { LeasePart } from '../dead-man/lease-part.tsx';
import { useDesk, useNow } from '../desk-context.tsx';
import { duration, latency, unknown } from '../format.ts';
import { localZone } from '../format-time.ts';
import { Glyph } from '../ui/glyph.tsx';
import { useWindow } from '../window-state.ts';

const outcomeShownMs = 10_000;

export function StatusBar() {
  return (
    <footer className="flex h-6 shrink-0 items-center gap-4 border-t border-line bg-surface px-3 text-label text-dim">
      <HostPart />
      <MarketPart />
      <ProviderPart />
      <LoopPart />
      <LeasePart />
      <Outcome />
      <span className="ml-auto whitespace-nowrap">times in {localZone}</span>
      <span className="whitespace-nowrap">? shortcuts</span>
    </footer>
  );
}

function Part(props: { readonly name: string; readonly title?: string; readonly children: ReactNode }) {
  return (
    <span className="whitespace-nowrap" title={props.title}>
      {props.name} <span className="live-value font-medium text-muted">{props.children}</span>
    </span>
  );
}

function HostPart() {
  const startedAt = useDesk((desk) => desk.state.host?.startedAt ?? null);
  const version = useDesk((desk) => desk.state.host?.version);
  const connected = useDesk((desk) => desk.connected);
  const now = useNow();
  const up = connected && startedAt !== null;
  return (
    <span
      className="inline-flex items-center gap-1.5 whitespace-nowrap"
      title={version && `version ${version}`}
    >
      <Glyph shape={up ? 'dot' : 'triangle'} className={up ? 'text-control' : 'text-warn'} />
      <span>
        host{' '}
        <span className="font-medium text-muted">
          {startedAt === null ? 'down' : connected ? `up ${duration(now - startedAt)}` : 'silent'}
        </span>
      </span>
    </span>
  );
}

function MarketPart() {
  const label = useDesk((desk) => desk.state.market?.label);
  const isOpen = useDesk((desk) => desk.gauges?.market.isOpen ?? null);
  const phase = isOpen === null ? unknown : isOpen ? 'open' : 'closed';
  return <Part name="market">{label === undefined ? 'not connected' : `${phase} · ${label}`}</Part>;
}

/** The isolation of the local provider is unknown while its services are down. */
function ProviderPart() {
  const provider = useDesk((desk) => desk.state.provider);
  const isolation = useDesk((desk) => desk.state.isolation);
  if (provider?.kind === 'e2b')
    return <Part name="provider">{`E2B · ${provider.apiUrl ?? provider.domain}`}</Part>;
  return <Part name="provider">{isolation === null ? 'not running' : `local · ${isolation}`}</Part>;
}

function LoopPart() {
  const p99 = useDesk((desk) => desk.gauges?.loopDelayP99Ms);
  return (
    <Part name="loop P99" title="How late the host's event loop runs, 99th percentile">
      {latency(p99)}
    </Part>
  );
}

function Outcome() {
  const outcome = useWindow((state) => state.outcome);
  const now = useNow();
  const visible = outcome !== null && now - outcome.at < outcomeShownMs;
  return (
    <span role="status" className="min-w-0 truncate text-text">
      {visible ? outcome.text : ''}
    </span>
  );
}
