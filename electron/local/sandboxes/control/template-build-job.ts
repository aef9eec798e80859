// What a build of a template is, what it works with, and within which limits.
import type { SandboxSize } from '../../../contract/local-services.ts';
import type { GroundOptions } from '../ground.ts';
import type { TemplateStore } from '../template-store.ts';
import type { BuildLog } from './build-log.ts';
import type { TemplateUploads } from './template-uploads.ts';

export interface TemplateLimits {
  /** Builds that run at the same time. */
  readonly builds: number;
  /** Longest time of one build. */
  readonly buildMs: number;
  /** Archives of one template together, in bytes. */
  readonly uploadBytes: number;
  /** How long a start command may take to become ready. */
  readonly readyMs: number;
}

export const templateLimits: TemplateLimits = {
  builds: 2,
  buildMs: 15 * 60_000,
  uploadBytes: 512 * 1024 * 1024,
  readyMs: 60_000,
};

/** Where a build stands: `waiting` for its files and its start. */
type BuildState =
  | { readonly kind: 'waiting' | 'building' | 'ready' }
  | { readonly kind: 'error'; readonly message: string; readonly step: string };

export interface TemplateBuildJob {
  readonly id: string;
  readonly templateId: string;
  readonly name: string;
  readonly tags: readonly string[];
  readonly size: SandboxSize;
  readonly requestedAt: number;
  readonly log: BuildLog;
  state: BuildState;
}

export interface TemplateBuildsOptions {
  readonly ground: GroundOptions;
  readonly templates: TemplateStore;
  readonly uploads: TemplateUploads;
  readonly limits: TemplateLimits;
  /** Hears of failures that are no answer to a caller. */
  readonly report: (bug: unknown) => void;
}
