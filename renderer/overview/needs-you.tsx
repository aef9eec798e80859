// What waits for the operator, worst first, each with the first thing to do about it.
import type { ReactNode } from 'react';
import type { Agent, Notice } from '../../electron/contract/state.ts';
import { useDesk, useDeskClient } from '../desk-context.tsx';
import { counted } from '../format.ts';
import { timeWithZone } from '../format-time.ts';
import { Button } from '../ui/button.tsx';
import { Card } from '../ui/card.tsx';
import { ErrorLine } from '../ui/error-line.tsx';
import { SeverityGlyph } from '../ui/severity-glyph.tsx';
import { useRequest } from '../use-request.ts';
import { useWindowStore } from '../window-state.ts';

const severityOrder = { critical: 0, warning: 1, info: 2 } as const;
/** More troubled agents than this become one line. */
const agentLines = 3;

export function NeedsYou() {
  const notices = useDesk((desk) => desk.state.notices);
  const agents = useDesk((desk) => desk.state.agents);
  const entries = useDesk((desk) => desk.state.entries.kind);
  const troubled = Object.values(agents).filter(
    (agent) => agent.phase === 'failed' || agent.phase === 'degraded',
  );
  const ordered = notices.toSorted(
    (a, b) => severityOrder[a.severity] - severityOrder[b.severity] || b.at - a.at,
  );
  const empty = entries === 'open' && troubled.length === 0 && notices.length === 0;
  return (
    <Card title="Needs you">
      <ul hidden={empty} className="-mb-1 min-h-0 flex-1 overflow-y-auto" aria-label="Needs you">
        <EntriesItem />
        <AgentItems agents={troubled} />
        {ordered.map((notice) => (
          <NoticeItem key={notice.noticeId} notice={notice} />
        ))}
      </ul>
      {empty ? <p className="flex-1 text-muted">Nothing needs you.</p> : null}
    </Card>
  );
}

interface ItemProps {
  readonly severity: Notice['severity'];
  readonly title: string;
  readonly detail: string;
  readonly action: ReactNode;
}

function Item(props: ItemProps) {
  return (
    <li className="flex items-start gap-2.5 border-b hairline py-2 last:border-b-0">
      <span className="w-3 leading-5">
        <SeverityGlyph severity={props.severity} />
        <span className="sr-only">{props.severity}</span>
      </span>
      <div className="min-w-0 flex-1">
        <p className="font-medium">{props.title}</p>
        <p className="text-cell text-muted">{props.detail}</p>
      </div>
      {props.action}
    </li>
  );
}

function EntriesItem() {
  const { call } = useDeskClient();
  const windowStore = useWindowStore();
  const entries = useDesk((desk) => desk.state.entries);
  const unblock = useRequest(async () => {
    await call('swarm.unblock', {});
  });
  switch (entries.kind) {
    case 'open':
      return null;
    case 'blocked':
      return (
        <Item
          severity="warning"
          title="New entries are blocked"
          detail={
            unblock.error?.message ??
            `Since ${timeWithZone(entries.since)}: ${entries.reason}. Closing still passes.`
          }
          action={
            <Button disabled={unblock.pending} onClick={() => void unblock.run()}>
              Unblock
            </Button>
          }
        />
      );
    case 'latched':
      return (
        <Item
          severity="critical"
          title="Trading is stopped"
          detail={`Since ${timeWithZone(entries.since)}. Nothing is traded until you re-arm with a reason.`}
          action={
            <Button onClick={() => windowStore.setState({ dialog: 'rearm', rearmScope: 'all' })}>
              Re-arm with reason…
            </Button>
          }
        />
      );
  }
}

function AgentItems({ agents }: { readonly agents: readonly Agent[] }) {
  const windowStore = useWindowStore();
  if (agents.length > agentLines) {
    const failed = agents.filter((agent) => agent.phase === 'failed').length;
    return (
      <Item
        severity={failed > 0 ? 'critical' : 'warning'}
        title={`${counted(agents.length, 'agent')} in trouble`}
        detail={`${failed} failed, ${agents.length - failed} degraded.`}
        action={<Button onClick={() => windowStore.setState({ screen: 'fleet' })}>Open fleet</Button>}
      />
    );
  }
  return agents.map((agent) => (
    <Item
      key={agent.agentId}
      severity={agent.phase === 'failed' ? 'critical' : 'warning'}
      title={`Agent ${agent.agentId} ${agent.phase === 'failed' ? 'failed' : 'is degraded'}`}
      detail={`Since ${timeWithZone(agent.phaseSince)}: ${agent.phaseReason}`}
      action={
        <Button onClick={() => windowStore.setState({ screen: 'fleet', selectedAgentId: agent.agentId })}>
          Open agent
        </Button>
      }
    />
  ));
}

function NoticeItem({ notice }: { readonly notice: Notice }) {
  const { call } = useDeskClient();
  const mode = useDesk((desk) => desk.state.mode);
  // What was said of one account must not be taken for another's.
  const title =
    notice.mode === mode ? notice.title : `While on ${notice.mode.toUpperCase()}: ${notice.title}`;
  const dismiss = useRequest(async () => {
    await call('notices.dismiss', { noticeId: notice.noticeId });
  });
  return (
    <>
      <Item
        severity={notice.severity}
        title={title}
        detail={notice.detail}
        action={
          <Button
            tone="quiet"
            disabled={dismiss.pending}
            onClick={() => void dismiss.run()}
            aria-label={`Dismiss: ${notice.title}`}
          >
            Dismiss
          </Button>
        }
      />
      <ErrorLine error={dismiss.error} />
    </>
  );
}
