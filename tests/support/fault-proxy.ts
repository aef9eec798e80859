// An HTTP proxy on 127.0.0.1 that spoils what passes: the sandbox runtime and the broker behind it are real.
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as httpRequest,
  type ServerResponse,
} from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex, Readable } from 'node:stream';
import { type Fault, type FaultPlan, noFaults, type ProxiedRequest } from './fault-proxy-faults.ts';
import { passOn } from './fault-proxy-conduit.ts';

export interface LoggedRequest extends ProxiedRequest {
  readonly fault: Fault;
  readonly headers: IncomingHttpHeaders;
}

export interface FaultProxy {
  readonly url: string;
  /** Requests so far, each with what was done to it. */
  readonly log: readonly LoggedRequest[];
  setPlan(plan: FaultPlan): void;
  /** `refused` resets every connection, `silent` answers nothing; null ends the outage. */
  setOutage(outage: 'refused' | 'silent' | null): void;
  /** Resets every open connection of a client. */
  cutAll(): void;
  close(): Promise<void>;
}

/** Starts in front of a target such as http://127.0.0.1:4000. Throws for any other machine. */
export async function startFaultProxy(target: string, plan: FaultPlan = noFaults): Promise<FaultProxy> {
  const { hostname, port, protocol } = new URL(target);
  if (hostname !== '127.0.0.1' || protocol !== 'http:')
    throw new Error(`The fault proxy serves http://127.0.0.1 only, not ${target}.`);
  const upstream = { host: '127.0.0.1', port: Number(port) };
  const log: LoggedRequest[] = [];
  const clients = new Set<Socket>();
  const targets = new Set<Socket>();
  const timers = new Set<NodeJS.Timeout>();
  let outage: 'refused' | 'silent' | null = null;

  const server = createServer({ keepAliveTimeout: 600_000, requestTimeout: 0 }, (request, response) => {
    const fault = faultOf(request);
    if (fault) later(fault.kind === 'delay' ? fault.delayMs : 0, () => serve(request, response, fault));
  });
  server.on('upgrade', (request, client, head) => {
    const fault = faultOf(request);
    if (fault) later(fault.kind === 'delay' ? fault.delayMs : 0, () => tunnel(request, client, head, fault));
  });
  server.on('connection', (client) => {
    if (outage === 'refused') return void client.resetAndDestroy();
    remember(client, clients);
  });

  /** Null while nothing is answered. */
  function faultOf(request: IncomingMessage): Fault | null {
    if (outage === 'refused') request.socket.resetAndDestroy();
    if (outage !== null) return null;
    const method = request.method ?? 'GET';
    const path = new URL(request.url ?? '/', target).pathname;
    const route = path.replaceAll(/[a-z0-9]{16,}/g, ':id');
    const nth = log.filter((past) => past.method === method && past.route === route).length + 1;
    const fault = plan({ method, route, nth });
    log.push({ method, route, nth, fault, headers: request.headers });
    return fault;
  }

  function serve(request: IncomingMessage, response: ServerResponse, fault: Fault): void {
    if (request.socket.destroyed) return;
    if (fault.kind === 'status') return refuse(response, fault);
    const { method, url, headers } = request;
    const forwarded = httpRequest({ ...upstream, method, path: url, headers, agent: false });
    forwarded.on('socket', (socket) => remember(socket, targets));
    forwarded.on('error', () => request.socket.resetAndDestroy());
    forwarded.on('response', (answer) => {
      if (fault.kind === 'answer lost') {
        // Taken in whole, so that the target has certainly done its work.
        answer.resume();
        if (fault.how === 'reset') answer.on('end', () => request.socket.resetAndDestroy());
        return;
      }
      // An answer that may end early must not say how long it is.
      const { 'content-length': length, ...others } = answer.headers;
      const isWhole = length !== undefined && fault.kind !== 'truncate' && fault.kind !== 'slow close';
      response.writeHead(answer.statusCode ?? 502, isWhole ? answer.headers : others);
      response.flushHeaders();
      passOn(answer, response, fault, later, () => request.socket.resetAndDestroy());
    });
    response.on('close', () => {
      // Nobody tells the other side of a connection that is half open.
      if (fault.kind !== 'half-open' && !response.writableFinished) forwarded.destroy();
    });
    request.pipe(forwarded);
  }

  function tunnel(request: IncomingMessage, client: Duplex, head: Buffer, fault: Fault): void {
    if (fault.kind === 'status') return void client.end(`HTTP/1.1 ${fault.status} Spoilt\r\n\r\n`);
    const socket = connect(upstream);
    remember(socket, targets);
    const lines = [`${request.method} ${request.url} HTTP/1.1`];
    for (let at = 0; at < request.rawHeaders.length; at += 2)
      lines.push(`${request.rawHeaders[at]}: ${request.rawHeaders[at + 1]}`);
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    socket.write(head);
    const reset = (): void => void request.socket.resetAndDestroy();
    socket.on('error', reset);
    client.on('error', () => socket.destroy());
    client.on('close', () => {
      if (fault.kind !== 'half-open') socket.destroy();
    });
    client.pipe(socket);
    if (fault.kind !== 'answer lost') passOn(socket satisfies Readable, client, fault, later, reset);
    else if (fault.how === 'reset') reset();
  }

  function later(delayMs: number, run: () => void): void {
    if (delayMs === 0) return run();
    const timer = setTimeout(() => {
      timers.delete(timer);
      run();
    }, delayMs);
    timers.add(timer);
  }

  function cutAll(): void {
    for (const client of clients) client.resetAndDestroy();
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    log,
    setPlan(next) {
      plan = next;
    },
    setOutage(next) {
      outage = next;
      if (next === 'refused') cutAll();
    },
    cutAll,
    async close() {
      for (const timer of timers) clearTimeout(timer);
      for (const socket of [...clients, ...targets]) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function remember(socket: Socket, sockets: Set<Socket>): void {
  sockets.add(socket);
  socket.on('error', () => undefined);
  socket.on('close', () => sockets.delete(socket));
}

function refuse(response: ServerResponse, { status, retryAfterS }: Fault & { kind: 'status' }): void {
  if (retryAfterS !== undefined) response.setHeader('retry-after', retryAfterS);
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ code: status, message: `spoilt by the fault proxy: ${status}` }));
}
