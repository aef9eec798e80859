// Templates: files and settings that new sandboxes start from, made by builds. They outlive the runtime.
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ApiFault } from './control/api-fault.ts';
import { diskUsage } from './metrics/disk-usage.ts';
import type { CopiedFiles, SandboxDefaults } from './sandbox-request.ts';
import type { SandboxSize } from '../../contract/local-services.ts';
import { splitReference, type Template, type TemplateBuild, TemplateRecord } from './template-record.ts';

/** The tag of a build that was given none. */
export const defaultTag = 'default';

/** A build as `name`, `name:tag` or the id of its template means it. */
export interface FoundTemplate {
  readonly template: Template;
  readonly build: TemplateBuild;
  readonly files: CopiedFiles;
}

/** What a build has come to, before its files are kept. */
export interface BuiltTemplate {
  readonly templateId: string;
  readonly name: string;
  readonly tags: readonly string[];
  readonly buildId: string;
  readonly defaults: SandboxDefaults;
  readonly size: SandboxSize;
  readonly startCommand: string | undefined;
  readonly readyCommand: string | undefined;
  /** Puts the files into a directory. */
  readonly copyFiles: (target: string) => Promise<CopiedFiles>;
}

export interface TemplateStore {
  /** Finds by id or name, each with or without a tag. */
  find(reference: string): FoundTemplate | undefined;
  /** Finds the template itself by id or name. */
  named(idOrName: string): Template | undefined;
  all(): Template[];
  /** Keeps a build under its tags, which other builds lose. */
  keep(built: BuiltTemplate): Promise<void>;
  /** Makes tags mean a build. */
  tag(template: Template, buildId: string, tags: readonly string[]): Promise<void>;
  /** Takes tags away; builds without any go with their files. */
  untag(template: Template, tags: readonly string[]): Promise<void>;
  delete(template: Template): Promise<void>;
}

export interface TemplateStoreOptions {
  /** Holds one directory a template: a description, and a directory a build. */
  readonly directory: string;
  readonly clock: { now(): number };
  /** Hears of a description that cannot be used; its template is left where it is. */
  readonly report: (bug: unknown) => void;
}

/** Reads what an earlier start kept. */
export async function openTemplateStore(options: TemplateStoreOptions): Promise<TemplateStore> {
  const { directory, clock, report } = options;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const templates = new Map<string, Template>();
  for (const id of await readdir(directory)) {
    try {
      const text = await readFile(join(directory, id, 'template.json'), 'utf8').catch(() => undefined);
      // A first build that came to nothing.
      if (text === undefined) await rm(join(directory, id), { recursive: true, force: true });
      else templates.set(id, TemplateRecord.parse(JSON.parse(text)));
    } catch (error) {
      report(error);
    }
  }

  const all = () => [...templates.values()];
  const filesOf = (templateId: string, buildId: string) => join(directory, templateId, buildId);

  function named(idOrName: string): Template | undefined {
    return templates.get(idOrName) ?? all().find(({ name }) => name === idOrName.toLowerCase());
  }

  let turn: Promise<unknown> = Promise.resolve();

  /** Changes one after the other: each builds on what the one before has written. */
  function change(id: string, edit: (template: Template | undefined) => Template): Promise<void> {
    const changed = turn.then(() => write(edit(templates.get(id))));
    turn = changed.catch(() => undefined);
    return changed;
  }

  /** Replaces the description as one, and then removes builds that no tag means. */
  async function write(template: Template): Promise<void> {
    const meant = new Set(Object.values(template.tags).map(({ buildId }) => buildId));
    const builds = template.builds.filter(({ id }) => meant.has(id));
    const own = join(directory, template.id);
    const draft = join(own, 'template.json.new');
    await writeFile(draft, JSON.stringify({ ...template, builds }, undefined, 2));
    await rename(draft, join(own, 'template.json'));
    templates.set(template.id, { ...template, builds });
    for (const { id } of template.builds)
      if (!meant.has(id)) await rm(filesOf(template.id, id), { recursive: true, force: true });
  }

  function withTags(template: Template, buildId: string, tags: readonly string[]): Template {
    const assigned = tags.map((tag) => [tag, { buildId, assignedAt: clock.now() }]);
    return { ...template, tags: { ...template.tags, ...Object.fromEntries(assigned) } };
  }

  return {
    find(reference) {
      const { name, tag = defaultTag } = splitReference(reference);
      const template = named(name);
      const build = template?.builds.find(({ id }) => id === template.tags[tag]?.buildId);
      if (template === undefined || build === undefined) return undefined;
      const files = {
        root: filesOf(template.id, build.id),
        metadata: new Map(Object.entries(build.metadata)),
      };
      return { template, build, files };
    },
    named,
    all,
    async keep(built) {
      const { templateId, buildId, name, tags, defaults, size, startCommand, readyCommand } = built;
      const root = filesOf(templateId, buildId);
      await mkdir(root, { recursive: true, mode: 0o755 });
      const { metadata } = await built.copyFiles(root).catch(async (error: unknown) => {
        await rm(root, { recursive: true, force: true });
        throw error;
      });
      const build: TemplateBuild = {
        id: buildId,
        builtAt: clock.now(),
        sizeBytes: await diskUsage(root),
        size: { ...size },
        defaults: { ...defaults },
        startCommand,
        readyCommand,
        metadata: Object.fromEntries(metadata),
      };
      const fresh = { id: templateId, name, createdAt: clock.now(), tags: {}, builds: [] };
      await change(templateId, (known = fresh) =>
        withTags({ ...known, builds: [...known.builds, build] }, buildId, tags),
      );
    },
    tag: ({ id }, buildId, tags) => change(id, (known) => withTags(still(known), buildId, tags)),
    untag: ({ id }, tags) =>
      change(id, (known) => {
        const kept = Object.entries(still(known).tags).filter(([tag]) => !tags.includes(tag));
        return { ...still(known), tags: Object.fromEntries(kept) };
      }),
    async delete({ id }) {
      templates.delete(id);
      await rm(join(directory, id), { recursive: true, force: true });
    },
  };
}

function still(template: Template | undefined): Template {
  if (template === undefined) throw new ApiFault(404, 'the template was deleted meanwhile');
  return template;
}
