// Archives that builds copy files from: where clients put them, and how long they stay.
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ApiFault } from './api-fault.ts';
import { parseRequest } from './parse-request.ts';

const ByTicket = z.object({ ticket: z.string() });

export interface TemplateUploads {
  /** Finds an archive that is there. */
  find(templateId: string, hash: string): string | undefined;
  /** Returns the path, on this server, that takes the archive with one PUT and without a key. */
  offer(templateId: string, hash: string): string;
  /** Adds the route that takes archives to a scope of its own. */
  routes(app: FastifyInstance): void;
  /** Removes the archives of a template, and forgets the paths that were offered for it. */
  forget(templateId: string): Promise<void>;
}

/** Keeps archives in `directory`, together at most `limitBytes` a template. */
export function createTemplateUploads(directory: string, limitBytes: number): TemplateUploads {
  const tickets = new Map<string, { templateId: string; hash: string }>();
  const usedBytes = new Map<string, number>();
  const pathOf = (templateId: string, hash: string) => join(directory, templateId, hash);

  async function* counted(templateId: string, content: AsyncIterable<Buffer>) {
    for await (const chunk of content) {
      const used = (usedBytes.get(templateId) ?? 0) + chunk.length;
      if (used > limitBytes)
        throw new ApiFault(413, `the files of a template may have ${limitBytes} bytes as archives`);
      usedBytes.set(templateId, used);
      yield chunk;
    }
  }

  async function take(ticket: string, body: unknown): Promise<void> {
    const offered = tickets.get(ticket);
    if (offered === undefined) throw new ApiFault(404, 'nothing is to be uploaded here any more');
    if (!(body instanceof Readable)) throw new ApiFault(400, 'the body is to be a tar archive');
    tickets.delete(ticket);
    const { templateId, hash } = offered;
    const path = pathOf(templateId, hash);
    const draft = `${path}.${ticket}`;
    await mkdir(join(directory, templateId), { recursive: true, mode: 0o700 });
    // There before anything can fail: a stream that opens it later could make it again after it was removed.
    const file = await open(draft, 'w');
    try {
      await pipeline(
        body,
        (content: AsyncIterable<Buffer>) => counted(templateId, content),
        file.createWriteStream(),
      );
      await rename(draft, path);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  }

  return {
    find(templateId, hash) {
      const path = pathOf(templateId, hash);
      return existsSync(path) ? path : undefined;
    },
    offer(templateId, hash) {
      const ticket = randomBytes(24).toString('hex');
      tickets.set(ticket, { templateId, hash });
      return `/template-uploads/${ticket}`;
    },
    routes(app) {
      app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
      app.put('/template-uploads/:ticket', async (request, reply) => {
        await take(parseRequest(ByTicket, request.params).ticket, request.body);
        return reply.code(200).send();
      });
    },
    async forget(templateId) {
      for (const [ticket, offered] of tickets) if (offered.templateId === templateId) tickets.delete(ticket);
      usedBytes.delete(templateId);
      await rm(join(directory, templateId), { recursive: true, force: true });
    },
  };
}
