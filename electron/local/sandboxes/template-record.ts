// A template as it is written down: its builds, and which of them its tags mean.
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { SandboxSize } from '../../contract/local-services.ts';

const texts = z.record(z.string(), z.string());

const BuildRecord = z.object({
  id: z.uuid(),
  builtAt: z.int(),
  /** Of the files. */
  sizeBytes: z.int(),
  size: SandboxSize,
  defaults: z.object({
    envs: texts,
    user: z.enum(['user', 'root']),
    workdir: z.string().optional(),
  }),
  /** Runs in every sandbox from its start on. */
  startCommand: z.string().optional(),
  /** Succeeds once the start command has done its part. */
  readyCommand: z.string().optional(),
  /** What clients attached to files, by their path. */
  metadata: z.record(z.string(), texts),
});
export type TemplateBuild = z.infer<typeof BuildRecord>;

export const TemplateRecord = z.object({
  id: z.string().regex(/^t[0-9a-f]{20}$/),
  name: z.string(),
  createdAt: z.int(),
  /** Which build a tag means, and since when. */
  tags: z.record(z.string(), z.object({ buildId: z.uuid(), assignedAt: z.int() })),
  builds: z.array(BuildRecord),
});
export type Template = z.infer<typeof TemplateRecord>;

export function createTemplateId(): string {
  return `t${randomBytes(10).toString('hex')}`;
}

/** Splits what a client calls a template. */
export function splitReference(reference: string): { name: string; tag: string | undefined } {
  const [name = '', tag] = reference.split(':');
  return { name, tag };
}
