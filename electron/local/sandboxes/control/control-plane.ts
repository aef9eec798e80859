// The control plane: creating, finding, extending, pausing and killing sandboxes.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { sameSecret } from '../envd/envd-access.ts';
import type { Lease } from '../lease.ts';
import { NetworkPolicy } from '../network-policy.ts';
import type { SandboxFleet } from '../sandbox-fleet.ts';
import type { SnapshotStore } from '../snapshot-store.ts';
import { ApiFault } from './api-fault.ts';
import { createSandbox, TimeoutS } from './create-sandbox.ts';
import { detailsOf, handleOf, listingOf, metricOf } from './describe-sandbox.ts';
import { isAskedFor, ListQuery } from './list-query.ts';
import { selectPage } from './page.ts';
import { parseRequest } from './parse-request.ts';
import { snapshotRoutes } from './snapshot-routes.ts';

const ConnectBody = z.object({ timeout: TimeoutS.optional(), memory: z.boolean().default(true) });
const PauseBody = z.object({ memory: z.boolean().default(true) });
const TimeoutBody = z.object({ timeout: TimeoutS });
/** Unix seconds, both included. */
const MetricsQuery = z.object({
  start: z.coerce.number().int().min(0).default(0),
  end: z.coerce.number().int().max(8_640_000_000_000).default(8_640_000_000_000),
});
const ById = z.object({ id: z.string() });

export interface ControlPlaneOptions {
  readonly fleet: SandboxFleet;
  readonly snapshots: SnapshotStore;
  readonly apiKey: string;
}

/** Adds the routes to a scope of their own. */
export function controlPlane(app: FastifyInstance, { fleet, snapshots, apiKey }: ControlPlaneOptions): void {
  acceptEmptyJson(app);
  app.addHook('onRequest', async (request) => {
    const key = request.headers['x-api-key'];
    if (typeof key !== 'string' || !sameSecret(key, apiKey)) {
      throw new ApiFault(401, 'the API key is missing or wrong: send the key of this start as X-API-KEY');
    }
  });
  const named = (params: unknown): Lease => namedLease(fleet, params);

  // The first form of the protocol defaults to 15 s of life, the second to 300 s.
  for (const [path, defaultS] of [
    ['/sandboxes', 15],
    ['/v2/sandboxes', 300],
  ] as const) {
    app.post(path, async (request, reply) => {
      const lease = await createSandbox(fleet, snapshots, request.body, defaultS);
      return reply.code(201).send(handleOf(lease.sandbox));
    });
    app.post(`${path}/:id/connect`, async (request, reply) => {
      const lease = named(request.params);
      const { timeout = defaultS, memory } = parseRequest(ConnectBody, request.body ?? {});
      const wasPaused = await lease.resume(timeout * 1_000, memory);
      if (!wasPaused) lease.extend(timeout * 1_000);
      return reply.code(wasPaused ? 201 : 200).send(handleOf(lease.sandbox));
    });
  }

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

  app.get('/sandboxes/:id', async (request) => detailsOf(named(request.params)));

  app.delete('/sandboxes/:id', async (request, reply) => {
    await fleet.kill(named(request.params));
    return reply.code(204).send();
  });

  app.post('/sandboxes/:id/timeout', async (request, reply) => {
    const lease = named(request.params);
    lease.setTimeout(parseRequest(TimeoutBody, request.body).timeout * 1_000);
    return reply.code(204).send();
  });

  app.post('/sandboxes/:id/pause', async (request, reply) => {
    const lease = named(request.params);
    await lease.pause(parseRequest(PauseBody, request.body ?? {}).memory);
    return reply.code(204).send();
  });

  // Kept and shown; nothing can be reached in any case.
  app.put('/sandboxes/:id/network', async (request, reply) => {
    const lease = named(request.params);
    if (lease.state() === 'paused') throw new ApiFault(409, `sandbox '${lease.sandbox.id}' is not running`);
    lease.sandbox.setNetwork(parseRequest(NetworkPolicy, request.body ?? {}));
    return reply.code(204).send();
  });

  snapshotRoutes(app, { fleet, snapshots, named });

  app.get('/sandboxes/:id/metrics', async (request) => {
    const { sandbox } = named(request.params);
    const { start, end } = parseRequest(MetricsQuery, request.query);
    return sandbox.meter
      .between(start * 1_000, (end + 1) * 1_000 - 1)
      .map((sample) => metricOf(sample, sandbox.size));
  });
}

// Clients announce JSON and send nothing where every field is optional.
function acceptEmptyJson(app: FastifyInstance): void {
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, body === '' ? null : JSON.parse(String(body)));
    } catch {
      done(new ApiFault(400, 'the body is not JSON'));
    }
  });
}

/** Finds the sandbox a path names. Throws an ApiFault 404. */
function namedLease(fleet: SandboxFleet, params: unknown): Lease {
  const { id } = parseRequest(ById, params);
  const lease = fleet.get(id.split('-')[0] ?? id);
  if (lease === undefined) throw ApiFault.sandboxNotFound(id);
  return lease;
}
