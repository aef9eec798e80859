// Templates through the e2b SDK, which builds them but does not list them: the list is asked for with its typed client.
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ApiClient,
  AuthenticationError,
  ConnectionConfig,
  type ConnectionOpts,
  Template,
} from 'e2b/dist/index.mjs';
import { DeskError } from '../../contract/errors.ts';
import type { Naming } from './e2b-failure.ts';
import type { ListedTemplate, TemplateLibrary, TemplateRequest } from './provider.ts';

/** The upload is one request, and the longest. */
const requestTimeoutMs = 120_000;
const mostPages = 50;

/** Creates the library of the account that the options name. */
export function createTemplateLibrary(connection: ConnectionOpts, attempt: Naming): TemplateLibrary {
  return {
    list: () => attempt('list its templates', () => listTemplates(connection)),
    build: (request) => attempt(`build template ${request.name}`, () => buildTemplate(connection, request)),
  };
}

async function listTemplates(connection: ConnectionOpts): Promise<ListedTemplate[]> {
  const { api } = new ApiClient(new ConnectionConfig(connection));
  const listed: ListedTemplate[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const query = nextToken === undefined ? {} : { nextToken };
    const { data, error, response } = await api.GET('/v2/templates', { params: { query } });
    if (response.status === 401) throw new AuthenticationError(error?.message ?? 'HTTP 401');
    if (data === undefined) throw new Error(error?.message ?? `HTTP ${response.status}`);
    for (const { templateID, names, cpuCount, memoryMB, diskSizeMB, createdAt } of data)
      listed.push({
        templateId: templateID,
        names,
        cpuCount,
        memoryMb: memoryMB,
        diskMb: diskSizeMB,
        createdAt: Date.parse(createdAt),
      });
    nextToken = response.headers.get('x-next-token') ?? undefined;
    if (nextToken === undefined) break;
  }
  return listed;
}

/** The SDK copies from a directory, so the file is put into one of its own. */
async function buildTemplate(
  connection: ConnectionOpts,
  { name, file, cpuCount, memoryMb, signal }: TemplateRequest,
): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'desk-template-'));
  try {
    await writeFile(join(directory, file.name), new Uint8Array(file.content));
    await chmod(join(directory, file.name), 0o755);
    const template = Template({ fileContextPath: directory })
      .fromBaseImage()
      .copy(file.name, file.name, { mode: 0o755 })
      .runCmd(file.check);
    const options = { ...connection, cpuCount, memoryMB: memoryMb, requestTimeoutMs, signal };
    const { templateId } = await Template.build(template, name, options);
    return templateId;
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new DeskError('CANCELLED', `Template ${name} was not built to its end.`, { name });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
