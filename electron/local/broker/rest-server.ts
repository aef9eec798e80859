// The HTTP side of the broker: authentication, rate limit, request ids, and refusals in Alpaca's envelope.
import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { ZodError } from 'zod';
import type { AccountStore } from './account-store.ts';
import { type BrokerKeys, keysMatch } from './broker-keys.ts';
import { badRequest, BrokerRefusal, notProcessable, refusalBody } from './broker-refusal.ts';
import type { RateLimit } from './rate-limit.ts';

export interface RestServerDeps {
  readonly keys: BrokerKeys;
  readonly store: AccountStore;
  readonly rateLimit: RateLimit;
}

/** Creates the server without routes; it listens nowhere yet. */
export function createRestServer({ keys, store, rateLimit }: RestServerDeps): FastifyInstance {
  const server = fastify({
    logger: false,
    forceCloseConnections: true,
    genReqId: () => randomUUID(),
    // Longer than a client order id of 128 characters that is all escapes.
    routerOptions: { maxParamLength: 512 },
    frameworkErrors: (error, { url }, reply) => sendRefusal(reply, toRefusal(error, url)),
    clientErrorHandler: refuseUnreadable,
  });

  // Older clients name some type or other, or an empty one, where they send no body; whatever is sent is JSON.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    try {
      const parsed: unknown = body === '' ? undefined : JSON.parse(String(body));
      done(null, parsed);
    } catch {
      done(new BrokerRefusal(400, 40010000, 'request body format is invalid'));
    }
  });

  server.addHook('onRequest', async (request, reply) => {
    reply.header('X-Request-ID', request.id);
    if (request.headers['content-type'] === '') delete request.headers['content-type'];
    const { limit, remaining, resetS } = rateLimit.take();
    reply.header('X-RateLimit-Limit', limit);
    reply.header('X-RateLimit-Remaining', Math.max(remaining, 0));
    reply.header('X-RateLimit-Reset', resetS);
    if (!keysMatch(keys, request.headers['apca-api-key-id'], request.headers['apca-api-secret-key'])) {
      throw new BrokerRefusal(401, null, 'unauthorized.');
    }
    if (remaining < 0) throw new BrokerRefusal(429, null, 'too many requests.');
  });

  // An answer may show what was recorded a moment ago, so it waits until that is durable.
  server.addHook('onSend', async (_request, reply, payload) => {
    if (reply.statusCode < 500) await store.settled();
    return payload;
  });

  server.setNotFoundHandler((request, reply) => {
    sendRefusal(
      reply,
      new BrokerRefusal(404, 40410000, `endpoint not found: ${request.method} ${request.url}`),
    );
  });

  server.setErrorHandler((error, { url }, reply) => {
    sendRefusal(reply, toRefusal(error, url));
  });
  return server;
}

/** Answers what is not HTTP, which no route ever sees. */
function refuseUnreadable(_error: Error, socket: Socket): void {
  const body = JSON.stringify(refusalBody(badRequest('the request is not readable')));
  const head = `HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: ${body.length}`;
  if (socket.writable) socket.end(`${head}\r\nConnection: close\r\n\r\n${body}`);
}

function toRefusal(error: unknown, url: string): BrokerRefusal {
  if (error instanceof BrokerRefusal) return error;
  if (error instanceof ZodError) {
    const [issue] = error.issues;
    const message = `invalid ${issue?.path.join('.') || 'request'}: ${issue?.message ?? 'not understood'}`;
    return isMarketData(url) ? badRequest(message) : notProcessable(message);
  }
  if (error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number') {
    if (error.statusCode < 500) return new BrokerRefusal(error.statusCode, 40010000, error.message);
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new BrokerRefusal(500, 50010000, `internal error: ${reason}`);
}

/** The two APIs answer a parameter that they do not understand with different statuses. */
function isMarketData(url: string): boolean {
  return url.startsWith('/v2/stocks/') || url.startsWith('/v1');
}

function sendRefusal(reply: FastifyReply, refusal: BrokerRefusal): void {
  reply.status(refusal.status).send(refusalBody(refusal));
}
