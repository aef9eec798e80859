// The control plane: creating, finding, extending, pausing and killing sandboxes.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { sameSecret } from '../envd/envd-access.ts';
import type { Lease } from '../lease.ts';
import type { SandboxFleet } from '../sandbox-fleet.ts';
import { ApiFault } from './api-fault.ts';
import { detailsOf, handleOf, listingOf } from './describe-sandbox.ts';
import { ListQuery, selectPage } from './list-query.ts';
import { parseRequest } from './parse-request.ts';

/** The only template: what the machine itself offers. */
const template = 'base';

const texts = z.record(z.string(), z.string());
const TimeoutS = z
  .number()
  .positive()
  .max(30 * 86_400);

const CreateBody = z.object({
  templateID: z.string().default(template),
  metadata: texts.default({}),
  envVars: texts.default({}),
  timeout: TimeoutS.optional(),
  autoPause: z.boolean().default(false),
  autoPauseMemory: z.boolean().default(true),
  autoResume: z.object({ enabled: z.boolean() }).default({ enabled: false }),
});
const ConnectBody = z.object({ timeout: TimeoutS.optional(), memory: z.boolean().default(true) });
const PauseBody = z.object({ memory: z.boolean().default(true) });
const TimeoutBody = z.object({ timeout: TimeoutS });
const ById = z.object({ id: z.string() });

export interface ControlPlaneOptions {
  readonly fleet: SandboxFleet;
  readonly apiKey: string;
}

/** Adds the routes to a scope of their own. */
export function controlPlane(app: FastifyInstance, { fleet, apiKey }: ControlPlaneOptions): void {
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
      const lease = await create(fleet, request.body, defaultS);
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
    const all = fleet.all();
    const { leases, nextToken } = selectPage(all, parseRequest(ListQuery, request.query));
    if (nextToken !== undefined) reply.header('X-Next-Token', nextToken);
    reply.header('X-Total-Running', all.filter((lease) => lease.state() === 'running').length);
    return leases.map(listingOf);
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

  // Nothing is sampled, which an empty list says.
  app.get('/sandboxes/:id/metrics', async (request) => {
    named(request.params);
    return [];
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

async function create(fleet: SandboxFleet, body: unknown, defaultS: number): Promise<Lease> {
  const asked = parseRequest(CreateBody, body ?? {});
  const { templateID, metadata, envVars, timeout, autoPause, autoPauseMemory, autoResume } = asked;
  if (templateID !== template)
    throw new ApiFault(404, `template '${templateID}' does not exist: use '${template}'`);
  if (autoResume.enabled && !(autoPause && autoPauseMemory))
    throw new ApiFault(400, 'autoResume needs a sandbox that pauses at its timeout and keeps its memory');
  return fleet.create(
    { templateId: templateID, metadata, envs: envVars },
    {
      timeoutMs: (timeout ?? defaultS) * 1_000,
      lifecycle: {
        onTimeout: autoPause ? 'pause' : 'kill',
        keepMemory: autoPauseMemory,
        autoResume: autoResume.enabled,
      },
    },
  );
}
