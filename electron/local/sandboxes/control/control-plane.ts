// The control plane: creating, finding, extending and killing sandboxes.
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { ApiFault } from './api-fault.ts';
import { sameSecret } from '../envd/envd-access.ts';
import { ListQuery, selectPage } from './list-query.ts';
import type { Sandbox } from '../sandbox.ts';
import type { SandboxFleet } from '../sandbox-fleet.ts';

/** The protocol level of the file and process services, which clients gate their features on. */
export const envdVersion = '0.6.13';

/** The only template: what the machine itself offers. */
const template = 'base';
/** The size of the cloud's base template. It is what such a sandbox would be billed for; nothing here enforces it. */
const nominalSize = { cpuCount: 2, memoryMB: 512, diskSizeMB: 10_240 } as const;

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
});
const ConnectBody = z.object({ timeout: TimeoutS.optional() }).nullish();
const TimeoutBody = z.object({ timeout: TimeoutS });
const ById = z.object({ id: z.string() });

export interface ControlPlaneOptions {
  readonly fleet: SandboxFleet;
  readonly apiKey: string;
}

/** Adds the routes to a scope of their own. */
export function controlPlane(app: FastifyInstance, { fleet, apiKey }: ControlPlaneOptions): void {
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      // Clients announce JSON and send nothing where every field is optional.
      done(null, body === '' ? null : JSON.parse(String(body)));
    } catch {
      done(new ApiFault(400, 'the body is not JSON'));
    }
  });

  app.addHook('onRequest', async (request) => {
    const key = request.headers['x-api-key'];
    if (typeof key !== 'string' || !sameSecret(key, apiKey)) {
      throw new ApiFault(401, 'the API key is missing or wrong: send the key of this start as X-API-KEY');
    }
  });

  const named = (params: unknown): Sandbox => {
    const { id } = parse(ById, params);
    const sandbox = fleet.get(id.split('-')[0] ?? id);
    if (sandbox === undefined) throw ApiFault.sandboxNotFound(id);
    return sandbox;
  };

  // The first form of the protocol defaults to 15 s of life, the second to 300 s.
  for (const [path, defaultS] of [
    ['/sandboxes', 15],
    ['/v2/sandboxes', 300],
  ] as const) {
    app.post(path, async (request, reply) => create(fleet, request.body, defaultS, reply));
    app.post(`${path}/:id/connect`, async (request) => {
      const sandbox = named(request.params);
      const timeoutMs = (parse(ConnectBody, request.body)?.timeout ?? defaultS) * 1_000;
      if (fleet.remainingMs(sandbox) < timeoutMs) fleet.setTimeout(sandbox, timeoutMs);
      return handleOf(sandbox);
    });
  }

  app.get('/v2/sandboxes', async (request, reply) => {
    const { sandboxes, nextToken } = selectPage(fleet.running(), parse(ListQuery, request.query));
    if (nextToken !== undefined) reply.header('X-Next-Token', nextToken);
    reply.header('X-Total-Running', fleet.running().length);
    return sandboxes.map((sandbox) => describe(fleet, sandbox));
  });

  app.get('/sandboxes/:id', async (request) => {
    const sandbox = named(request.params);
    return {
      ...describe(fleet, sandbox),
      envdAccessToken: sandbox.accessToken,
      domain: null,
      allowInternetAccess: false,
      lifecycle: { onTimeout: 'kill', autoResume: false },
    };
  });

  app.delete('/sandboxes/:id', async (request, reply) => {
    await fleet.kill(named(request.params));
    return reply.code(204).send();
  });

  app.post('/sandboxes/:id/timeout', async (request, reply) => {
    const sandbox = named(request.params);
    fleet.setTimeout(sandbox, parse(TimeoutBody, request.body).timeout * 1_000);
    return reply.code(204).send();
  });

  // Nothing is sampled, which an empty list says.
  app.get('/sandboxes/:id/metrics', async (request) => {
    named(request.params);
    return [];
  });
}

async function create(fleet: SandboxFleet, body: unknown, defaultS: number, reply: FastifyReply) {
  const { templateID, metadata, envVars, timeout, autoPause } = parse(CreateBody, body);
  if (templateID !== template)
    throw new ApiFault(404, `template '${templateID}' does not exist: use '${template}'`);
  if (autoPause) throw new ApiFault(400, 'local sandboxes cannot be paused: choose onTimeout kill');
  const timeoutMs = (timeout ?? defaultS) * 1_000;
  const sandbox = await fleet.create({ templateId: templateID, metadata, envs: envVars, timeoutMs });
  reply.code(201);
  return handleOf(sandbox);
}

/** What a client needs to reach a sandbox. */
function handleOf(sandbox: Sandbox) {
  return {
    sandboxID: sandbox.id,
    templateID: sandbox.templateId,
    alias: sandbox.templateId,
    clientID: 'local',
    envdVersion,
    envdAccessToken: sandbox.accessToken,
    domain: null,
  };
}

function describe(fleet: SandboxFleet, sandbox: Sandbox) {
  return {
    sandboxID: sandbox.id,
    templateID: sandbox.templateId,
    alias: sandbox.templateId,
    clientID: 'local',
    startedAt: new Date(sandbox.startedAt).toISOString(),
    endAt: new Date(fleet.endAt(sandbox)).toISOString(),
    state: 'running',
    ...nominalSize,
    envdVersion,
    metadata: sandbox.metadata,
  };
}

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new ApiFault(400, z.prettifyError(parsed.error));
  return parsed.data;
}
