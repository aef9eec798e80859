// Words for what the swarm operations answer.
import type { z } from 'zod';
import type { OutputOf } from '../../contract/define-operation.ts';
import type { deploySwarm } from '../../contract/deploy.ts';
import type {
  AgentView,
  killSwarm,
  listAgents,
  rearmSwarm,
  stopAgent,
  stopAllAgents,
  swarmStatus,
  unblockEntries,
} from '../../contract/swarm.ts';
import { count, milliseconds, position, signedUsd, span, usd } from './format.ts';
import { isWide, scopeWords } from '../../contract/kill-scope.ts';
import { isMoneySimulated } from '../../contract/simulated.ts';
import { differenceLines } from '../../contract/difference-lines.ts';
import { armedWords } from './print-account.ts';
import { simulated, table, type View } from './view.ts';

type Agent = z.output<typeof AgentView>;

export function printStatus(status: OutputOf<typeof swarmStatus>, view: View): string {
  return [
    `Market   ${marketWords(status.market)}`,
    `Entries  ${paintEntries(status.entries, view)}${status.entriesReason ? `: ${status.entriesReason}` : ''}`,
    ...status.latches.map((latch) => `Killed   ${latchWords(latch, view)}`),
    ...(status.leaseHeld
      ? []
      : [
          `Lease    ${view.colors.yellow('not held')}: orders only reduce until deadman shows every fact confirmed`,
        ]),
    ...(status.mode === 'live' ? [`Armed    ${armedWords(status.armedUntil, view)}`] : []),
    ...differenceLines(status.differing ?? { positions: [], cash: null }).map(
      (line) => `Differs  ${view.colors.red(line)}; orders only reduce until account-acknowledge`,
    ),
    `Swarm    ${count(status.alive, 'agent')} alive; ${count(status.orders, 'order')}, ${count(status.fills, 'fill')}, ${status.denied} denied`,
    ...(status.lastDenied ? [deniedWords(status.lastDenied, view)] : []),
    `Spend    ${simulated(usd(status.spendMicros), status.spendSimulated)} of today's ${usd(status.budgetMicros)}`,
    `PnL      ${simulated(`${signedUsd(status.realisedMicros)} realised, ${signedUsd(status.unrealisedMicros)} unrealised`, isMoneySimulated(status.mode))}`,
    '',
    agentTable(status.agents, view),
  ].join('\n');
}

function latchWords(
  { scope, reason, verified, since }: OutputOf<typeof swarmStatus>['latches'][number],
  { colors, now }: View,
): string {
  const unverified = verified === null ? ', at work' : verified ? '' : `, ${colors.red('not verified')}`;
  return `${colors.yellow(scope)} ${span(now - since)} ago${unverified}: ${reason}; until rearm --scope ${scope}`;
}

function deniedWords(denied: NonNullable<OutputOf<typeof swarmStatus>['lastDenied']>, view: View): string {
  const { at, symbol, side, qtyNanos, code, detail } = denied;
  const order = `${side} ${position(symbol, qtyNanos)}`;
  return `Denied   ${order} ${span(view.now - at)} ago, ${view.colors.yellow(code)}: ${detail}`;
}

/** Its name, whether it trades, and how old the newest data is. */
export function marketWords(market: OutputOf<typeof swarmStatus>['market']): string {
  if (!market) return 'none yet';
  const openness = market.isOpen === null ? 'opening hours unknown' : market.isOpen ? 'open' : 'closed';
  return `${market.label}, ${openness}, ${market.dataAgeMs === null ? 'no data yet' : `data ${milliseconds(market.dataAgeMs)} old`}`;
}

export function printAgents({ agents }: OutputOf<typeof listAgents>, view: View): string {
  return agentTable(agents, view);
}

function agentTable(agents: readonly Agent[], view: View): string {
  return table(
    agents,
    [
      { title: 'agent', cell: (agent) => agent.agentId },
      { title: 'state', cell: (agent) => paintState(agent.state, view) },
      { title: 'symbols', cell: (agent) => agent.symbols.join(',') },
      { title: 'sandbox', cell: (agent) => agent.sandboxId ?? 'none' },
      {
        title: 'position',
        cell: (agent) =>
          agent.positions.map((held) => position(held.symbol, held.qtyNanos)).join(', ') || 'flat',
      },
      { title: 'fills', cell: (agent) => String(agent.fills), align: 'right' },
      {
        title: isMoneySimulated(view.mode) ? 'pnl, simulated' : 'pnl',
        cell: (agent) => signedUsd(agent.realisedMicros + agent.unrealisedMicros),
        align: 'right',
      },
      { title: 'decision p95', cell: (agent) => milliseconds(agent.decisionP95Ms), align: 'right' },
      {
        title: 'heard',
        cell: (agent) => (agent.heartbeatAgeMs === null ? 'never' : `${span(agent.heartbeatAgeMs)} ago`),
        align: 'right',
      },
    ],
    view,
    'No agents. Deploy some with: neural-trader deploy --agent momentum',
  );
}

export function printDeploy(deployed: OutputOf<typeof deploySwarm>, view: View): string {
  return [
    `Deployed ${count(deployed.agentIds.length, 'agent')} in ${count(deployed.sandboxes, 'sandbox')} in ${milliseconds(deployed.tookMs)}.`,
    `Reserved ${simulated(usd(deployed.reservedMicros), view.spendSimulated)} for the first leases.`,
    '',
    ...deployed.agentIds.map((agentId) => `  ${agentId}`),
    '',
    'Follow them with: neural-trader monitor',
  ].join('\n');
}

export function printStop({ agentId, leftOpen }: OutputOf<typeof stopAgent>, { colors }: View): string {
  if (leftOpen.length === 0) return `Stopped ${agentId}; nothing is left open.`;
  const held = leftOpen.map((left) => position(left.symbol, left.qtyNanos)).join(', ');
  return colors.yellow(`Stopped ${agentId}, but ${held} could not be closed. Look at: neural-trader status`);
}

export function printStopAll({ stopped }: OutputOf<typeof stopAllAgents>): string {
  return stopped.length === 0
    ? 'No agent was running.'
    : `Stopped ${count(stopped.length, 'agent')}: ${stopped.join(', ')}`;
}

export function printBlock(_: unknown, { colors }: View): string {
  return `New risk is ${colors.yellow('blocked')}; closing and cancelling still pass. Allow it again with: neural-trader unblock`;
}

export function printUnblock({ entries }: OutputOf<typeof unblockEntries>, view: View): string {
  return `Entries are ${paintEntries(entries, view)}.`;
}

export function printKill(kill: OutputOf<typeof killSwarm>, view: View): string {
  const { colors } = view;
  const outcome = kill.verified
    ? colors.green('verified: every item is confirmed')
    : colors.red('NOT verified: look at the items below');
  return [
    `Stopped ${scopeWords(kill.scope)} (${policyWords[kill.policy]}) in ${milliseconds(kill.tookMs)}, ${outcome}.`,
    '',
    table(
      kill.items,
      [
        { title: 'item', cell: (item) => item.label },
        { title: 'kind', cell: (item) => item.kind },
        { title: 'state', cell: (item) => (item.state === 'failed' ? colors.red(item.state) : item.state) },
        { title: 'detail', cell: (item) => item.detail },
      ],
      view,
      'There was nothing to stop.',
    ),
    '',
    `${isWide(kill.scope) ? 'New risk stays' : 'It stays'} blocked until: neural-trader rearm${isWide(kill.scope) ? '' : ` --scope ${kill.scope}`} --reason "…"`,
  ].join('\n');
}

const policyWords = {
  flatten: 'positions closed',
  keep: 'positions kept',
  'keep-hedged': 'what is hedged kept',
} as const;

export function printRearm({ scope }: OutputOf<typeof rearmSwarm>): string {
  return `The latch on ${scopeWords(scope)} is released. Nothing restarts by itself; deploy again when ready.`;
}

export function paintEntries(
  entries: 'open' | 'blocked' | 'latched',
  { colors }: Pick<View, 'colors'>,
): string {
  if (entries === 'open') return colors.green('open');
  return entries === 'blocked' ? colors.yellow('blocked') : colors.red('latched by a kill');
}

export function paintState(state: Agent['state'], { colors }: Pick<View, 'colors'>): string {
  if (state === 'running') return colors.green(state);
  if (state === 'failed') return colors.red(state);
  return state === 'degraded' ? colors.yellow(state) : state;
}
