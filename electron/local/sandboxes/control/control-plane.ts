// The control plane: one key opens it, and its bodies may be empty.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { sameSecret } from '../envd/envd-access.ts';
import type { Lease } from '../lease.ts';
import type { SandboxFleet } from '../sandbox-fleet.ts';
import { ApiFault } from './api-fault.ts';
import type { ControlRoutes } from './control-routes.ts';
import { inspectionRoutes } from './inspection-routes.ts';
import { lifecycleRoutes } from './lifecycle-routes.ts';
import { parseRequest } from './parse-request.ts';
import { snapshotRoutes } from './snapshot-routes.ts';
import { templateRoutes } from './template-routes.ts';

const ById = z.object({ id: z.string() });

export interface ControlPlaneOptions extends Omit<ControlRoutes, 'named'> {
  readonly apiKey: string;
}

/** Adds the routes to a scope of their own. */
export function controlPlane(app: FastifyInstance, { apiKey, ...shared }: ControlPlaneOptions): void {
  acceptEmptyJson(app);
  app.addHook('onRequest', async (request) => {
    const key = request.headers['x-api-key'];
    if (typeof key !== 'string' || !sameSecret(key, apiKey)) {
      throw new ApiFault(401, 'the API key is missing or wrong: send the key of this start as X-API-KEY');
    }
  });
  const control: ControlRoutes = { ...shared, named: (params) => namedLease(shared.fleet, params) };
  lifecycleRoutes(app, control);
  inspectionRoutes(app, control);
  snapshotRoutes(app, control);
  templateRoutes(app, control);
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

function namedLease(fleet: SandboxFleet, params: unknown): Lease {
  const { id } = parseRequest(ById, params);
  const lease = fleet.get(id.split('-')[0] ?? id);
  if (lease === undefined) throw ApiFault.sandboxNotFound(id);
  return lease;
}
