// Passes requests on to what programs inside a sandbox listen on, as the cloud's proxy does: by host name or header.
import { request as sendRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { SandboxFleet } from '../sandbox-fleet.ts';
import { addressOf } from './envd-access.ts';

/** Answers requests for programs' ports before any route does. */
export function userPorts(app: FastifyInstance, fleet: SandboxFleet): void {
  app.addHook('onRequest', async (request, reply) => {
    const { sandboxId, port } = addressOf(request.headers) ?? {};
    if (sandboxId === undefined || port === undefined) return;
    const lease = fleet.get(sandboxId);
    if (lease === undefined || !(await lease.wake())) return sandboxNotFound(sandboxId, reply);
    const connection = await lease.sandbox.processes.connectTo(port);
    if (connection === undefined) return portNotOpen(sandboxId, port, reply);
    reply.raw.once('close', lease.sandbox.hold(request.raw.socket));
    reply.hijack();
    await passOn(connection, request, reply);
  });
}

/** Clients take 502 to mean that the sandbox is gone. */
export function sandboxNotFound(sandboxId: string | undefined, reply: FastifyReply): FastifyReply {
  const message = 'The sandbox was not found';
  return reply.code(502).send({ sandboxId: sandboxId ?? '', message, code: 502 });
}

function portNotOpen(sandboxId: string, port: number, reply: FastifyReply): FastifyReply {
  const message = 'The sandbox is running but port is not open';
  return reply.code(502).send({ sandboxId, message, port, code: 502 });
}

async function passOn(connection: Duplex, { raw }: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { method, url, headers } = raw;
  const onward = sendRequest({
    createConnection: () => connection,
    method,
    path: url,
    headers: { ...headers, connection: 'close' },
  });
  const answered = new Promise<void>((resolve) => {
    onward.once('response', (response) => {
      reply.raw.writeHead(response.statusCode ?? 502, response.headers);
      pipeline(response, reply.raw).then(resolve, resolve);
    });
    // What listens may go away in the middle; so does the client's connection then.
    onward.once('error', () => {
      reply.raw.destroy();
      resolve();
    });
  });
  pipeline(raw, onward).catch(() => onward.destroy());
  await answered;
  connection.destroy();
}
