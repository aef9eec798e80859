// The life of a sandbox: created, connected to, extended, paused, killed.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { ControlRoutes } from './control-routes.ts';
import { createSandbox, TimeoutS } from './create-sandbox.ts';
import { handleOf } from './describe-sandbox.ts';
import { parseRequest } from './parse-request.ts';

const ConnectBody = z.object({ timeout: TimeoutS.optional(), memory: z.boolean().default(true) });
const PauseBody = z.object({ memory: z.boolean().default(true) });
const TimeoutBody = z.object({ timeout: TimeoutS });

// The first form of the protocol defaults to 15 s of life, the second to 300 s.
const forms = [
  ['/sandboxes', 15],
  ['/v2/sandboxes', 300],
] as const;

/** Adds the routes to the control plane. */
export function lifecycleRoutes(app: FastifyInstance, control: ControlRoutes): void {
  const { fleet, named, domain } = control;

  for (const [path, defaultS] of forms) {
    app.post(path, async (request, reply) => {
      const lease = await createSandbox(control, request.body, defaultS);
      return reply.code(201).send(handleOf(lease.sandbox, domain()));
    });
    app.post(`${path}/:id/connect`, async (request, reply) => {
      const lease = named(request.params);
      const { timeout = defaultS, memory } = parseRequest(ConnectBody, request.body ?? {});
      const wasPaused = await lease.resume(timeout * 1_000, memory);
      if (!wasPaused) lease.extend(timeout * 1_000);
      return reply.code(wasPaused ? 201 : 200).send(handleOf(lease.sandbox, domain()));
    });
  }

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
}
