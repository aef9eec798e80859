// Runs sandboxes on this machine behind E2B's two protocols, on one loopback port. What a sandbox holds is gone when
// the runtime stops; templates stay.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Code, ConnectError } from '@connectrpc/connect';
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { ZodError } from 'zod';
import { ApiFault } from './control/api-fault.ts';
import { type Clock, systemClock } from './clock.ts';
import { controlPlane } from './control/control-plane.ts';
import { envdRoutes } from './envd/envd-routes.ts';
import { userPorts } from './envd/user-ports.ts';
import { chooseIsolation, type Isolation } from './isolation/isolation.ts';
import { sampleFleet } from './metrics/sample-fleet.ts';
import { type TemplateLimits, templateLimits } from './control/template-build-job.ts';
import { createTemplateBuilds } from './control/template-builds.ts';
import { createTemplateUploads } from './control/template-uploads.ts';
import { createPipeSource } from './process/pipe-source.ts';
import { createSnapshotStore } from './snapshot-store.ts';
import { SandboxSize } from '../../contract/local-services.ts';
import { openTemplateStore } from './template-store.ts';
import { createSandboxFleet, type FleetLimits } from './sandbox-fleet.ts';

export interface SandboxRuntimeOptions {
  /** Absolute; everything is kept below its `sandboxes` directory, templates in `templates`. */
  readonly dataDir: string;
  /** What callers of the control plane must send. */
  readonly apiKey: string;
  /** `auto` isolates with bubblewrap where it works; `off` never does. */
  readonly isolation: 'auto' | 'off';
  /** Whether a sandbox whose creator asks for it shares the machine's network; `never` unless given. */
  readonly internet?: 'never' | 'as-asked';
  readonly limits: FleetLimits;
  /** What builds of templates may take; see `templateLimits`. */
  readonly templates?: Partial<TemplateLimits>;
  /** What each sandbox may use; that of the cloud's base template unless given. */
  readonly size?: SandboxSize;
  readonly clock?: Clock;
  /** Hears of errors nobody expected, which callers see as `internal`; standard error by default. */
  readonly report?: (bug: unknown) => void;
}

export interface SandboxRuntime {
  /** Serves control plane and sandboxes alike: `apiUrl` and `sandboxUrl` of a client. */
  readonly url: string;
  readonly isolation: Isolation['kind'];
  /** What isolates and limits, and what does not. */
  readonly isolationDetail: string;
  /** Ends every sandbox and removes its files; idempotent. */
  close(): Promise<void>;
}

/** Starts the runtime on a free port of 127.0.0.1. */
export async function startSandboxRuntime(options: SandboxRuntimeOptions): Promise<SandboxRuntime> {
  const clock = options.clock ?? systemClock;
  const size = options.size ?? SandboxSize.parse({});
  const report = options.report ?? console.error;
  const directory = join(options.dataDir, 'sandboxes');
  // What a killed predecessor left: its processes died with it.
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const isolation = await chooseIsolation(options.isolation, directory, options.internet);
  const pipes = await createPipeSource(join(directory, '.pipes'));
  const ground = { directory, isolation, pipes, clock, size, report };
  const fleet = createSandboxFleet(ground, options.limits);
  const stopSampling = sampleFleet(fleet, directory, report);
  const snapshots = createSnapshotStore(join(directory, '.snapshots'), clock);
  const limits = { ...templateLimits, ...options.templates };
  const templates = await openTemplateStore({ directory: join(options.dataDir, 'templates'), clock, report });
  const uploads = createTemplateUploads(join(directory, '.uploads'), limits.uploadBytes);
  const builds = createTemplateBuilds({ ground, templates, uploads, limits, report });

  const app = createApp(report);
  userPorts(app, fleet);
  // Browsers resolve every name in it to this machine by themselves.
  const domain = () => `localhost:${new URL(url).port}`;
  const { apiKey } = options;
  const { readyMs } = limits;
  const control = { fleet, snapshots, templates, uploads, builds, readyMs, domain };
  await app.register(async (scope) => controlPlane(scope, { ...control, apiKey }));
  await app.register(async (scope) => uploads.routes(scope));
  await app.register(envdRoutes, { fleet, clock, report });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });

  async function stop(): Promise<void> {
    stopSampling();
    await builds.close();
    await fleet.close();
    await app.close();
    await pipes.close();
    await isolation.close();
  }

  let closing: Promise<void> | undefined;
  return {
    url,
    isolation: isolation.kind,
    isolationDetail: isolation.detail,
    close() {
      closing ??= stop();
      return closing;
    },
  };
}

function createApp(report: (bug: unknown) => void): FastifyInstance {
  const app = fastify({
    // Streams and uploads last as long as they last; idle connections outlive every client's own limit.
    requestTimeout: 0,
    keepAliveTimeout: 600_000,
    bodyLimit: 4 * 1024 * 1024,
    forceCloseConnections: true,
  });
  app.setErrorHandler((error, _request, reply) => {
    if (isBug(error)) report(error);
    return sendFault(error, reply);
  });
  app.setNotFoundHandler((request, reply) =>
    sendFault(new ApiFault(404, `${request.method} ${request.url} is not served by local sandboxes`), reply),
  );
  return app;
}

/** Answers `{code, message}`: clients read the code in the body. */
function sendFault(error: unknown, reply: FastifyReply): FastifyReply {
  const { status, retryAfterS } =
    error instanceof ApiFault ? error : { status: statusOf(error), retryAfterS: undefined };
  if (retryAfterS !== undefined) reply.header('Retry-After', retryAfterS);
  const message =
    error instanceof ConnectError ? error.rawMessage : error instanceof Error ? error.message : String(error);
  return reply.code(status).send({ code: status, message });
}

function isBug(error: unknown): boolean {
  return !(error instanceof ApiFault) && statusOf(error) === 500;
}

function statusOf(error: unknown): number {
  if (error instanceof ZodError) return 400;
  if (!(error instanceof ConnectError)) {
    const given = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
    return typeof given === 'number' ? given : 500;
  }
  switch (error.code) {
    case Code.InvalidArgument:
      return 400;
    case Code.Unauthenticated:
      return 401;
    case Code.PermissionDenied:
      return 403;
    case Code.NotFound:
      return 404;
    case Code.AlreadyExists:
      return 409;
    case Code.Unimplemented:
      return 501;
    case Code.ResourceExhausted:
      return 507;
    case Code.Unavailable:
      return 503;
    default:
      return 500;
  }
}
