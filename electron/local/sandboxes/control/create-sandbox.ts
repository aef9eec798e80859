// Reads a request for a new sandbox and has it made.
import { z } from 'zod';
import type { Lease } from '../lease.ts';
import { NetworkPolicy } from '../network-policy.ts';
import { startProgram } from '../start-program.ts';
import { ApiFault } from './api-fault.ts';
import type { ControlRoutes } from './control-routes.ts';
import { parseRequest } from './parse-request.ts';
import { base, findSource } from './template-source.ts';

const texts = z.record(z.string(), z.string());

/** Seconds a sandbox is to live. */
export const TimeoutS = z
  .number()
  .positive()
  .max(30 * 86_400);

const CreateBody = z.object({
  templateID: z.string().default(base),
  metadata: texts.default({}),
  envVars: texts.default({}),
  timeout: TimeoutS.optional(),
  autoPause: z.boolean().default(false),
  autoPauseMemory: z.boolean().default(true),
  autoResume: z.object({ enabled: z.boolean() }).default({ enabled: false }),
  network: NetworkPolicy.prefault({}),
  allow_internet_access: z.boolean().optional(),
  mcp: z.unknown().optional(),
  volumeMounts: z.array(z.unknown()).default([]),
});

/** Throws an ApiFault 404 for a template there is not, 400 for what local sandboxes cannot do, 429 beyond a limit. */
export async function createSandbox(
  { fleet, snapshots, templates, readyMs }: ControlRoutes,
  body: unknown,
  defaultS: number,
): Promise<Lease> {
  const asked = parseRequest(CreateBody, body ?? {});
  const { templateID, metadata, envVars, timeout = defaultS, autoPause, autoPauseMemory, autoResume } = asked;
  const network = { allow_internet_access: asked.allow_internet_access, ...asked.network };
  // Before the template: a client that asks for a gateway asks for a template of its own with it.
  if (asked.mcp !== undefined)
    throw new ApiFault(400, 'Failed to start MCP gateway: local sandboxes have none');
  const source = findSource(templateID, snapshots, templates);
  if (source === undefined)
    throw new ApiFault(
      404,
      `template '${templateID}' does not exist: use '${base}', a snapshot, or a template built here`,
    );
  if (autoResume.enabled && !(autoPause && autoPauseMemory))
    throw new ApiFault(400, 'autoResume needs a sandbox that pauses at its timeout and keeps its memory');
  if (asked.volumeMounts.length > 0) throw new ApiFault(400, 'local sandboxes have no volumes to mount');
  const { program, ...start } = source;
  const lease = await fleet.create(
    { ...start, metadata, envs: envVars, network },
    {
      timeoutMs: timeout * 1_000,
      lifecycle: {
        onTimeout: autoPause ? 'pause' : 'kill',
        keepMemory: autoPauseMemory,
        autoResume: autoResume.enabled,
      },
    },
  );
  if (program === undefined) return lease;
  try {
    await startProgram(lease.sandbox, program, readyMs);
    return lease;
  } catch (cause) {
    await fleet.kill(lease);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ApiFault(500, `the start command of template '${templateID}' failed: ${reason}`);
  }
}
