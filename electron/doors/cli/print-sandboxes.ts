// Words for what the sandbox operations answer.
import type { z } from 'zod';
import type { OutputOf } from '../../contract/define-operation.ts';
import type {
  createSandboxes,
  destroySandbox,
  listSandboxes,
  SandboxView,
} from '../../contract/sandboxes.ts';
import { count, span, usd } from './format.ts';
import { table, type View } from './view.ts';

type Row = z.output<typeof SandboxView>;

export function printSandboxes({ sandboxes }: OutputOf<typeof listSandboxes>, view: View): string {
  return sandboxTable(sandboxes, view);
}

export function printCreate({ sandboxes }: OutputOf<typeof createSandboxes>, view: View): string {
  return `Created ${count(sandboxes.length, 'sandbox')}.\n\n${sandboxTable(sandboxes, view)}`;
}

export function printDestroy({ sandboxId, stoppedAgents }: OutputOf<typeof destroySandbox>): string {
  const agents = stoppedAgents.length > 0 ? ` after stopping ${stoppedAgents.join(', ')}` : '';
  return `Ended sandbox ${sandboxId}${agents}.`;
}

function sandboxTable(sandboxes: readonly Row[], view: View): string {
  return table(
    sandboxes,
    [
      { title: 'sandbox', cell: (sandbox) => sandbox.sandboxId ?? 'not created yet' },
      { title: 'state', cell: stateWords },
      { title: 'template', cell: (sandbox) => sandbox.template },
      { title: 'size', cell: (sandbox) => `${sandbox.cpuCount} vCPU, ${sandbox.memoryMb} MB` },
      { title: 'agents', cell: (sandbox) => sandbox.agents.join(', ') || 'none' },
      { title: 'lease', cell: (sandbox) => lease(sandbox.leaseEndsAt, view.now) },
      {
        title: view.spendSimulated ? 'spend, simulated' : 'spend',
        cell: (sandbox) => usd(sandbox.spendMicros),
        align: 'right',
      },
      { title: 'isolation', cell: (sandbox) => sandbox.isolation ?? 'unknown' },
    ],
    view,
    'No sandboxes.',
  );
}

function stateWords({ pooled, state }: Row): string {
  return pooled ? `warm, ${state}` : state;
}

function lease(endsAt: number | null, now: number): string {
  if (endsAt === null) return 'none';
  return endsAt > now ? `${span(endsAt - now)} left` : 'over';
}
