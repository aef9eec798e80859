// The services inside every sandbox, told apart by the routing headers: RPC, files, health, environment.
import { Code, ConnectError, createContextValues, type Interceptor } from '@connectrpc/connect';
import { fastifyConnectPlugin } from '@connectrpc/connect-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Clock } from '../clock.ts';
import {
  addressOf,
  FilesQuery,
  hasToken,
  requireSignature,
  sandboxBySignature,
  sandboxKey,
} from './envd-access.ts';
import { sandboxNotFound } from './user-ports.ts';
import { fileRoutes } from '../files/file-routes.ts';
import { filesystemService } from '../files/filesystem-service.ts';
import { processService } from '../process/process-service.ts';
import { Filesystem } from '../proto/filesystem_pb.ts';
import { Process } from '../proto/process_pb.ts';
import type { Lease } from '../lease.ts';
import type { Sandbox } from '../sandbox.ts';
import type { SandboxFleet } from '../sandbox-fleet.ts';

export interface EnvdOptions {
  readonly fleet: SandboxFleet;
  readonly clock: Clock;
  /** Hears of errors that are no answer to the caller. */
  readonly report: (bug: unknown) => void;
}

/** Adds the routes to a scope of their own. */
export async function envdRoutes(app: FastifyInstance, { fleet, clock, report }: EnvdOptions): Promise<void> {
  app.decorateRequest('sandbox', null);

  app.addHook('onRequest', async (request, reply) => {
    const lease = findLease(fleet, request);
    if (lease === undefined || !(await lease.wake()))
      return sandboxNotFound(addressOf(request.headers)?.sandboxId, reply);
    const { sandbox } = lease;
    requireAccess(sandbox, request, clock);
    request.setDecorator('sandbox', sandbox);
    // A killed sandbox cuts its connections, which is how clients notice.
    reply.raw.once('close', sandbox.hold(request.raw.socket));
    return undefined;
  });

  app.get('/health', async (_request, reply) => reply.code(204).send());
  app.get('/envs', async (request) => request.getDecorator<Sandbox>('sandbox').environment);
  app.get('/metrics', async (request) => metricsOf(request.getDecorator<Sandbox>('sandbox')));
  await app.register(fileRoutes);
  await app.register(fastifyConnectPlugin, {
    grpc: false,
    grpcWeb: false,
    interceptors: [reportBugs(report)],
    contextValues: (request: FastifyRequest) =>
      createContextValues().set(sandboxKey, request.getDecorator<Sandbox>('sandbox')),
    routes: (router) => {
      router.service(Process, processService);
      router.service(Filesystem, filesystemService);
    },
  });
}

// A client that left makes every wait fail: that is no bug.
function reportBugs(report: (bug: unknown) => void): Interceptor {
  return (next) => async (request) => {
    const reportBug = (error: unknown) => {
      if (!(error instanceof ConnectError) && !request.signal.aborted) report(error);
    };
    try {
      const response = await next(request);
      return response.stream ? { ...response, message: watched(response.message, reportBug) } : response;
    } catch (error) {
      reportBug(error);
      throw error;
    }
  };
}

async function* watched<T>(messages: AsyncIterable<T>, failed: (error: unknown) => void): AsyncIterable<T> {
  try {
    yield* messages;
  } catch (error) {
    failed(error);
    throw error;
  }
}

function findLease(fleet: SandboxFleet, request: FastifyRequest): Lease | undefined {
  const id = addressOf(request.headers)?.sandboxId;
  if (id !== undefined) return fleet.get(id);
  return isFiles(request)
    ? sandboxBySignature(fleet, operationOf(request), FilesQuery.parse(request.query))
    : undefined;
}

function requireAccess(sandbox: Sandbox, request: FastifyRequest, clock: Clock): void {
  if (request.routeOptions.url === '/health' || hasToken(sandbox, request.headers)) return;
  if (isFiles(request) && request.headers['x-access-token'] === undefined) {
    requireSignature(sandbox, operationOf(request), FilesQuery.parse(request.query), clock);
    return;
  }
  throw new ConnectError('the access token is missing or wrong', Code.Unauthenticated);
}

function isFiles(request: FastifyRequest): boolean {
  return request.routeOptions.url === '/files';
}

function operationOf(request: FastifyRequest) {
  return request.method === 'POST' ? 'write' : 'read';
}

const mebibyte = 1024 * 1024;

async function metricsOf({ meter, size }: Sandbox) {
  const sample = await meter.sample();
  return {
    ts: Math.floor(sample.atMs / 1_000),
    cpu_count: size.cpuCount,
    cpu_used_pct: sample.cpuUsedPct,
    mem_total: size.memoryMb * mebibyte,
    mem_used: sample.memoryBytes,
    mem_cache: sample.cacheBytes,
    mem_total_mib: size.memoryMb,
    mem_used_mib: Math.floor(sample.memoryBytes / mebibyte),
    disk_used: sample.diskBytes,
    disk_total: size.diskMb * mebibyte,
  };
}
