// Operations on sandbox templates: what the provider has, and the one that already carries the runner.
import { z } from 'zod';
import { defineOperation } from './define-operation.ts';
import { EpochMs } from './names.ts';

/** Longest time a build may take, its upload included. */
export const templateBuildLimitMs = 300_000;

const TemplateView = z.object({
  templateId: z.string(),
  /** Empty for one that nobody named. */
  name: z.string(),
  cpuCount: z.int(),
  memoryMb: z.int(),
  diskMb: z.int(),
  createdAt: EpochMs,
  /** It has the runner of this version in it. */
  carriesRunner: z.boolean(),
});

export const listTemplates = defineOperation({
  name: 'templates.list',
  summary: 'List the templates that the sandbox provider has for this account.',
  effect: 'reads',
  input: z.object({}),
  output: z.object({
    templates: z.array(TemplateView),
    /** What the next deployment starts from: "base", or the template that carries the runner. */
    inUse: z.string(),
  }),
  errors: ['SANDBOX_UNAVAILABLE'],
  cli: { command: 'templates' },
});

export const buildTemplate = defineOperation({
  name: 'templates.build',
  summary:
    'Build the template that carries the runner, in the size of the settings; deployments then upload nothing. Takes up to 5 minutes.',
  effect: 'writes',
  input: z.object({}),
  output: z.object({
    templateId: z.string(),
    /** Names the runner by its content. */
    name: z.string(),
    cpuCount: z.int(),
    memoryMb: z.int(),
    /** Nothing was built: the provider had it. */
    existed: z.boolean(),
    tookMs: z.number(),
  }),
  errors: ['SANDBOX_UNAVAILABLE', 'TIMED_OUT', 'CANCELLED'],
  cli: { command: 'template-build' },
});
