// Templates: requested, given their files, built, listed, tagged, deleted.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { defaultTag } from '../template-store.ts';
import { createTemplateId, splitReference, type Template } from '../template-record.ts';
import { ApiFault } from './api-fault.ts';
import type { ControlRoutes } from './control-routes.ts';
import { envdVersion } from './describe-sandbox.ts';
import { parseRequest } from './parse-request.ts';
import type { TemplateBuildJob } from './template-build-job.ts';
import { base, findSource, type TemplateSource } from './template-source.ts';
import { TemplateStep } from './template-steps.ts';

const Name = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9._/-]{0,127}$/, 'a template name is letters, digits and . _ - /');
const Tags = z.array(z.string().regex(/^[\w.-]{1,128}$/, 'a tag is letters, digits and . _ -'));

const RequestBody = z.object({
  name: z.string().optional(),
  alias: z.string().optional(),
  tags: Tags.default([]),
  cpuCount: z.int().min(1).max(8).optional(),
  memoryMB: z.int().min(128).max(8_192).optional(),
});
const StartBody = z.object({
  fromImage: z.string().optional(),
  fromTemplate: z.string().optional(),
  startCmd: z.string().min(1).optional(),
  readyCmd: z.string().min(1).optional(),
  steps: z.array(TemplateStep).default([]),
});
const ById = z.object({ id: z.string() });
const ByHash = ById.extend({ hash: z.string().regex(/^[0-9a-f]{64}$/, 'a files hash is 64 hex digits') });
const ByBuild = ById.extend({ buildId: z.string() });
const StatusQuery = z.object({ logsOffset: z.coerce.number().int().min(0).default(0) });
const ByAlias = z.object({ alias: z.string() });
const AssignBody = z.object({ target: z.string(), tags: Tags.min(1) });
const RemoveBody = z.object({ name: z.string(), tags: Tags.min(1) });

/** Adds the routes to the control plane. */
export function templateRoutes(app: FastifyInstance, control: ControlRoutes): void {
  buildRoutes(app, control);
  libraryRoutes(app, control);
}

function buildRoutes(app: FastifyInstance, control: ControlRoutes): void {
  const { templates, uploads, builds } = control;

  function buildNamed(params: unknown): TemplateBuildJob {
    const { id, buildId } = parseRequest(ByBuild, params);
    const build = builds.find(id, buildId);
    if (build === undefined) throw new ApiFault(404, `template '${id}' has no build '${buildId}'`);
    return build;
  }

  app.post('/v3/templates', async (request, reply) => {
    const asked = parseRequest(RequestBody, request.body ?? {});
    const { name: named, tag } = splitReference(asked.name ?? asked.alias ?? '');
    const name = parseRequest(Name, named);
    if (name === base)
      throw new ApiFault(400, `'${base}' is the runtime's own template: choose another name`);
    const tags = [...new Set([...(tag === undefined ? [] : parseRequest(Tags, [tag])), ...asked.tags])];
    const build = builds.request({
      templateId: templates.named(name)?.id ?? builds.templateIdOf(name) ?? createTemplateId(),
      name,
      tags: tags.length === 0 ? [defaultTag] : tags,
      cpuCount: asked.cpuCount,
      memoryMb: asked.memoryMB,
    });
    return reply.code(202).send({
      templateID: build.templateId,
      buildID: build.id,
      public: false,
      names: [name],
      aliases: [name],
      tags: build.tags,
    });
  });

  app.get('/templates/:id/files/:hash', async (request, reply) => {
    const { id, hash } = parseRequest(ByHash, request.params);
    if (!builds.awaits(id)) throw new ApiFault(404, `no build of template '${id}' waits for files`);
    const present = uploads.find(id, hash) !== undefined;
    return reply.code(201).send({ present, url: `http://${request.host}${uploads.offer(id, hash)}` });
  });

  app.post('/v2/templates/:id/builds/:buildId', async (request, reply) => {
    const build = buildNamed(request.params);
    const asked = parseRequest(StartBody, request.body);
    const { steps, startCmd: startCommand, readyCmd: readyCommand } = asked;
    builds.start(build, { source: sourceOf(asked, control), steps, startCommand, readyCommand });
    return reply.code(202).send();
  });

  app.get('/templates/:id/builds/:buildId/status', async (request) => {
    const { state, log, ...build } = buildNamed(request.params);
    const logEntries = log.from(parseRequest(StatusQuery, request.query).logsOffset);
    const { id: buildID, templateId: templateID } = build;
    const common = { buildID, templateID, status: state.kind, logs: [], logEntries };
    return state.kind === 'error'
      ? { ...common, reason: { message: state.message, step: state.step, logEntries: [] } }
      : common;
  });
}

/** What the build starts from: images are refused, since nothing here could fetch or run them. */
function sourceOf(
  { fromImage, fromTemplate }: z.infer<typeof StartBody>,
  { snapshots, templates }: ControlRoutes,
): TemplateSource | { refusal: string } {
  const ownBase = /^(e2bdev\/)?base(:latest)?$/;
  const reference = fromTemplate ?? (ownBase.test(fromImage ?? '') ? base : undefined);
  if (reference === undefined)
    return {
      refusal: `this runtime builds from its own base only, not from the image '${fromImage ?? ''}': use fromBaseImage(), or fromTemplate() with a template of this runtime`,
    };
  return (
    findSource(reference, snapshots, templates) ?? {
      refusal: `template '${reference}' does not exist: use '${base}', a snapshot, or a template built here`,
    }
  );
}

function libraryRoutes(app: FastifyInstance, { snapshots, templates }: ControlRoutes): void {
  function templateNamed(reference: string): Template {
    const template = templates.named(splitReference(reference).name);
    if (template === undefined) throw new ApiFault(404, `template '${reference}' does not exist`);
    return template;
  }

  for (const path of ['/templates', '/v2/templates'])
    app.get(path, async () => templates.all().flatMap(describeTemplate));

  app.delete('/templates/:id', async (request, reply) => {
    const { id } = parseRequest(ById, request.params);
    const snapshot = snapshots.find(id);
    await (snapshot === undefined ? templates.delete(templateNamed(id)) : snapshots.delete(snapshot));
    return reply.code(204).send();
  });

  app.get('/templates/aliases/:alias', async (request) => {
    const { alias } = parseRequest(ByAlias, request.params);
    const found = templates.find(alias);
    if (found === undefined) throw new ApiFault(404, `template '${alias}' does not exist`);
    return { templateID: found.template.id, public: false };
  });

  app.get('/templates/:id/tags', async (request) => {
    const { tags } = templateNamed(parseRequest(ById, request.params).id);
    return Object.entries(tags).map(([tag, { buildId, assignedAt }]) => ({
      tag,
      buildID: buildId,
      createdAt: new Date(assignedAt).toISOString(),
    }));
  });

  app.post('/templates/tags', async (request, reply) => {
    const { target, tags } = parseRequest(AssignBody, request.body);
    const found = templates.find(target);
    if (found === undefined) throw new ApiFault(404, `template '${target}' does not exist`);
    await templates.tag(found.template, found.build.id, tags);
    return reply.code(201).send({ buildID: found.build.id, tags });
  });

  app.delete('/templates/tags', async (request, reply) => {
    const { name, tags } = parseRequest(RemoveBody, request.body);
    await templates.untag(templateNamed(name), tags);
    return reply.code(204).send();
  });
}

/** Describes a template by its newest build; one that lost its last build is not listed. */
function describeTemplate({ id, name, createdAt, builds }: Template) {
  const newest = builds.at(-1);
  if (newest === undefined) return [];
  const { size } = newest;
  return [
    {
      templateID: id,
      buildID: newest.id,
      buildStatus: 'ready',
      buildCount: builds.length,
      names: [name],
      aliases: [name],
      public: false,
      cpuCount: size.cpuCount,
      memoryMB: size.memoryMb,
      diskSizeMB: size.diskMb,
      envdVersion,
      createdAt: new Date(createdAt).toISOString(),
      updatedAt: new Date(newest.builtAt).toISOString(),
      createdBy: null,
      lastSpawnedAt: null,
      // Not counted here.
      spawnCount: 0,
    },
  ];
}
