// What there is and how it does: lists, details, metrics, and the network that is asked for.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { NetworkPolicy } from '../network-policy.ts';
import type { ControlRoutes } from './control-routes.ts';
import { detailsOf, listingOf, metricOf } from './describe-sandbox.ts';
import { isAskedFor, ListQuery } from './list-query.ts';
import { selectPage } from './page.ts';
import { parseRequest } from './parse-request.ts';

const endOfTimeS = 8_640_000_000_000;

/** Unix seconds, both included. */
const MetricsQuery = z.object({
  start: z.coerce.number().int().min(0).default(0),
  end: z.coerce.number().int().max(endOfTimeS).default(endOfTimeS),
});

/** Adds the routes to the control plane. */
export function inspectionRoutes(app: FastifyInstance, { fleet, named, domain }: ControlRoutes): void {
  app.get('/v2/sandboxes', async (request, reply) => {
    const query = parseRequest(ListQuery, request.query);
    const all = fleet.all();
    const { items, nextToken } = selectPage(
      all.filter((lease) => isAskedFor(lease, query)),
      query,
      ({ sandbox }) => ({ at: sandbox.startedAt, id: sandbox.id }),
    );
    if (nextToken !== undefined) reply.header('X-Next-Token', nextToken);
    reply.header('X-Total-Running', all.filter((lease) => lease.state() === 'running').length);
    return items.map(listingOf);
  });

  app.get('/sandboxes/:id', async (request) => detailsOf(named(request.params), domain()));

  app.get('/sandboxes/:id/metrics', async (request) => {
    const { sandbox } = named(request.params);
    const { start, end } = parseRequest(MetricsQuery, request.query);
    return sandbox.meter
      .between(start * 1_000, (end + 1) * 1_000 - 1)
      .map((sample) => metricOf(sample, sandbox.size));
  });

  app.put('/sandboxes/:id/network', async (request, reply) => {
    await named(request.params).setNetwork(parseRequest(NetworkPolicy, request.body ?? {}));
    return reply.code(204).send();
  });
}
