// Snapshots and forks of sandboxes, and new sandboxes made from them.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Lease } from '../lease.ts';
import type { Snapshot } from '../snapshot-store.ts';
import { ApiFault } from './api-fault.ts';
import type { ControlRoutes } from './control-routes.ts';
import { TimeoutS } from './create-sandbox.ts';
import { handleOf } from './describe-sandbox.ts';
import { PageLimit } from './list-query.ts';
import { selectPage } from './page.ts';
import { parseRequest } from './parse-request.ts';

const SnapshotBody = z.object({ name: z.string().min(1).optional() });
const SnapshotQuery = z.object({
  sandboxID: z.string().optional(),
  name: z.string().optional(),
  limit: PageLimit,
  nextToken: z.string().optional(),
});
const ForkBody = z.object({
  timeout: TimeoutS.default(300),
  count: z.int().min(1).max(100).default(1),
});
/** Adds the routes to the control plane. */
export function snapshotRoutes(app: FastifyInstance, control: ControlRoutes): void {
  const { fleet, snapshots, named, domain } = control;

  app.post('/sandboxes/:id/snapshots', async (request, reply) => {
    const { name } = parseRequest(SnapshotBody, request.body ?? {});
    return reply.code(201).send(infoOf(await snapshots.take(named(request.params), name)));
  });

  app.get('/snapshots', async (request, reply) => {
    const query = parseRequest(SnapshotQuery, request.query);
    const wanted = snapshots
      .all()
      .filter(({ sandboxId }) => query.sandboxID === undefined || sandboxId === query.sandboxID)
      .filter(({ names }) => query.name === undefined || names.includes(query.name));
    const { items, nextToken } = selectPage(wanted, { ...query, order: 'desc' }, ({ takenAt, id }) => ({
      at: takenAt,
      id,
    }));
    if (nextToken !== undefined) reply.header('X-Next-Token', nextToken);
    return items.map(infoOf);
  });

  app.post('/sandboxes/:id/fork', async (request, reply) => {
    const lease = named(request.params);
    const { timeout, count } = parseRequest(ForkBody, request.body ?? {});
    const copy = await snapshots.take(lease, undefined);
    try {
      const { templateId, metadata, envs, defaults, size } = lease.sandbox;
      const forks = await Promise.allSettled(
        Array.from({ length: count }, () =>
          fleet.create(
            {
              templateId,
              metadata,
              envs,
              defaults,
              size,
              filesFrom: copy.files,
              network: lease.sandbox.network(),
            },
            { timeoutMs: timeout * 1_000, lifecycle: lease.lifecycle },
          ),
        ),
      );
      return reply.code(201).send(forks.map((fork) => resultOf(fork, domain())));
    } finally {
      await snapshots.delete(copy);
    }
  });
}

function infoOf({ id, names }: Snapshot) {
  return { snapshotID: id, names };
}

function resultOf(fork: PromiseSettledResult<Lease>, domain: string) {
  if (fork.status === 'fulfilled') return { sandbox: handleOf(fork.value.sandbox, domain) };
  const { reason } = fork;
  const code = reason instanceof ApiFault ? reason.status : 500;
  return { error: { code, message: reason instanceof Error ? reason.message : String(reason) } };
}
