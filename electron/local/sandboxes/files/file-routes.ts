// GET and POST /files: contents in and out of a sandbox.
import type { FileHandle } from 'node:fs/promises';
import { posix } from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import multipart from '@fastify/multipart';
import { Code, ConnectError } from '@connectrpc/connect';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { FilesQuery } from '../envd/envd-access.ts';
import { metadataOf } from './file-metadata.ts';
import { openToRead, type WrittenFile, writeFromStream } from './file-transfer.ts';
import type { Sandbox } from '../sandbox.ts';

/** Files up to this come whole even while somebody writes to them. */
const readAtOnce = 64 * 1024;

/** Adds the routes to a scope whose requests carry their sandbox. */
export async function fileRoutes(app: FastifyInstance): Promise<void> {
  await app.register(multipart, { limits: { fileSize: Number.POSITIVE_INFINITY } });
  app.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload));
  app.get('/files', async (request, reply) => download(sandboxOf(request), request, reply));
  app.post('/files', async (request) => upload(sandboxOf(request), request));
  app.post('/files/compose', async () => {
    throw new ConnectError('local sandboxes do not compose files', Code.Unimplemented);
  });
}

function sandboxOf(request: FastifyRequest): Sandbox {
  return request.getDecorator<Sandbox>('sandbox');
}

async function download(sandbox: Sandbox, request: FastifyRequest, reply: FastifyReply) {
  const query = FilesQuery.parse(request.query);
  const { files } = sandbox.as(query.username);
  const path = query.path ?? '';
  const { handle, size, modifiedAt } = await openToRead(files, path);
  const range = requestedRange(request.headers.range, size);
  reply.headers({
    'content-type': 'application/octet-stream',
    'content-disposition': `inline; filename*=UTF-8''${encodeURIComponent(posix.basename(path))}`,
    'accept-ranges': 'bytes',
    'last-modified': modifiedAt.toUTCString(),
    vary: 'Accept-Encoding',
  });
  if (range === 'unsatisfiable') {
    await handle.close();
    return reply.code(416).header('content-range', `bytes */${size}`).send();
  }
  const { start, end } = range ?? { start: 0, end: size - 1 };
  if (range !== undefined) reply.code(206).header('content-range', `bytes ${start}-${end}/${size}`);
  const length = Math.max(0, end - start + 1);
  if (length <= readAtOnce) {
    const content = await readPart(handle, start, length);
    reply.header('content-length', content.length);
    return reply.send(content);
  }
  reply.header('content-length', length);
  const content = handle.createReadStream({ start, end });
  // A file that became shorter meanwhile leaves the client waiting for the rest.
  content.once('end', () => {
    if (content.bytesRead < length) reply.raw.destroy();
  });
  return reply.send(content);
}

async function readPart(handle: FileHandle, start: number, length: number): Promise<Buffer> {
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, start);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Reads a single byte range; undefined means the whole file, as do several ranges. */
function requestedRange(
  header: string | undefined,
  size: number,
): { start: number; end: number } | 'unsatisfiable' | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === undefined || last === undefined || first + last === '') return undefined;
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size - 1 };
  }
  const start = Number(first);
  if (start >= size) return 'unsatisfiable';
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  return end < start ? undefined : { start, end };
}

async function upload(sandbox: Sandbox, request: FastifyRequest): Promise<WrittenFile[]> {
  const query = FilesQuery.parse(request.query);
  const { files } = sandbox.as(query.username);
  const options = { metadata: metadataOf(request.headers), takeRoom: sandbox.meter.takeRoom };
  const write = (path: string, content: Readable) => writeFromStream(files, path, content, options);
  if (request.isMultipart()) return uploadParts(request, query.path, write);
  if (query.path === undefined) throw new ConnectError('path is required', Code.InvalidArgument);
  if (!(request.body instanceof Readable)) {
    throw new ConnectError('send multipart/form-data or application/octet-stream', Code.InvalidArgument);
  }
  return [await write(query.path, decoded(request.body, request))];
}

async function uploadParts(
  request: FastifyRequest,
  path: string | undefined,
  write: (path: string, content: Readable) => Promise<WrittenFile>,
) {
  const written: WrittenFile[] = [];
  // What a form calls `file` is one even as plain text, without a name; everything else in the form is left aside.
  const source = { preservePath: true, isPartAFile: (field: string | undefined) => field === 'file' };
  for await (const part of request.files(source)) {
    const target: string | undefined = path ?? part.filename;
    if (target === undefined) throw new ConnectError('path is required', Code.InvalidArgument);
    const file = await write(target, part.file);
    if (written.some((earlier) => earlier.path === file.path)) {
      throw new ConnectError(`path '${file.path}' was sent twice`, Code.InvalidArgument);
    }
    written.push(file);
  }
  return written;
}

function decoded(body: Readable, request: FastifyRequest): Readable {
  switch (request.headers['content-encoding']) {
    case undefined:
    case 'identity':
      return body;
    case 'gzip': {
      const unzipped = createGunzip();
      body.on('error', (error) => unzipped.destroy(error));
      return body.pipe(unzipped);
    }
    default:
      throw new ConnectError(
        `content encoding '${request.headers['content-encoding']}' is not supported: use gzip`,
        Code.InvalidArgument,
      );
  }
}
