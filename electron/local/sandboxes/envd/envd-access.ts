// Decides which sandbox a call to the file and process services is for, and whether the caller may make it.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Code, ConnectError, createContextKey, type HandlerContext } from '@connectrpc/connect';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { Sandbox } from '../sandbox.ts';
import type { SandboxAccount } from '../sandbox-account.ts';
import type { SandboxFleet } from '../sandbox-fleet.ts';

/** Carries the sandbox of one RPC from the HTTP layer to the services. */
export const sandboxKey = createContextKey<Sandbox | undefined>(undefined);

/** Returns the sandbox an RPC is for. */
export function sandboxOf(context: HandlerContext): Sandbox {
  const sandbox = context.values.get(sandboxKey);
  if (sandbox === undefined) throw new ConnectError('the call names no sandbox', Code.Internal);
  return sandbox;
}

/** Returns the account an RPC acts as. Throws `unauthenticated` for one the sandbox has not. */
export function accountOf(context: HandlerContext): SandboxAccount {
  return sandboxOf(context).as(basicUser(context.requestHeader.get('authorization') ?? undefined));
}

function basicUser(authorization: string | undefined): string | undefined {
  const encoded = /^Basic\s+(\S+)$/i.exec(authorization ?? '')?.[1];
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8').split(':')[0];
}

/** The query of /files. */
export const FilesQuery = z.object({
  path: z.string().optional(),
  username: z.string().optional(),
  signature: z.string().optional(),
  signature_expiration: z.coerce.number().int().optional(),
});
export type FilesQuery = z.infer<typeof FilesQuery>;

export type FilesOperation = 'read' | 'write';

/** Where the services of a sandbox itself are; every other port is a program's. */
const servicePort = 49_983;

export interface Address {
  readonly sandboxId: string;
  /** Undefined for the services of the sandbox itself. */
  readonly port: number | undefined;
}

/** Reads whom a request is for from the routing headers, or from a `<port>-<id>.` host name. */
export function addressOf(headers: IncomingHttpHeaders): Address | undefined {
  const [, hostPort, hostId] = /^(\d+)-([a-z0-9]+)\./.exec(headers.host ?? '') ?? [];
  const header = headers['e2b-sandbox-id'];
  const sandboxId = hostId ?? (typeof header === 'string' ? header.split('-')[0] : undefined);
  if (sandboxId === undefined) return undefined;
  const port = Number(hostPort ?? headers['e2b-sandbox-port'] ?? servicePort);
  return { sandboxId, port: port === servicePort ? undefined : port };
}

/** Finds the sandbox whose token made the signature: signed addresses carry no sandbox id. */
export function sandboxBySignature(fleet: SandboxFleet, operation: FilesOperation, query: FilesQuery) {
  return fleet.all().find(({ sandbox }) => isSignedBy(sandbox.accessToken, operation, query));
}

export function hasToken(sandbox: Sandbox, headers: IncomingHttpHeaders): boolean {
  const token = headers['x-access-token'];
  return typeof token === 'string' && sameSecret(token, sandbox.accessToken);
}

/** Throws `unauthenticated` unless the query is signed with the sandbox's token and has not expired. */
export function requireSignature(
  sandbox: Sandbox,
  operation: FilesOperation,
  query: FilesQuery,
  clock: Clock,
): void {
  if (query.signature === undefined)
    throw new ConnectError('missing signature query parameter', Code.Unauthenticated);
  if (!isSignedBy(sandbox.accessToken, operation, query)) {
    throw new ConnectError('invalid signature', Code.Unauthenticated);
  }
  const expiresAtS = query.signature_expiration;
  if (expiresAtS !== undefined && expiresAtS < Math.floor(clock.now() / 1_000)) {
    throw new ConnectError('signature is already expired', Code.Unauthenticated);
  }
}

function isSignedBy(token: string, operation: FilesOperation, query: FilesQuery): boolean {
  const expiry = query.signature_expiration === undefined ? '' : `:${query.signature_expiration}`;
  const text = `${query.path ?? ''}:${operation}:${query.username ?? ''}:${token}${expiry}`;
  const digest = createHash('sha256').update(text).digest('base64').replace(/=+$/, '');
  return query.signature !== undefined && sameSecret(query.signature, `v1_${digest}`);
}

/** Compares without telling by its duration how much was right. */
export function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
