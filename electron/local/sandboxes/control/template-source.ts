// What a new sandbox can start from: the base, a snapshot, or a template.
import { baseDefaults, type CopiedFiles, type SandboxDefaults } from '../sandbox-request.ts';
import type { SandboxSize } from '../../../contract/local-services.ts';
import type { SnapshotStore } from '../snapshot-store.ts';
import type { StartProgram } from '../start-program.ts';
import type { TemplateStore } from '../template-store.ts';

/** The template that is always there: what the machine itself offers. */
export const base = 'base';

export interface TemplateSource {
  /** As the sandboxes made from it report it. */
  readonly templateId: string;
  readonly defaults: SandboxDefaults;
  /** Undefined for none. */
  readonly filesFrom?: CopiedFiles;
  /** Undefined for that of every sandbox. */
  readonly size?: SandboxSize;
  readonly program?: StartProgram;
}

/** Finds by id or name; a template's may carry a tag. */
export function findSource(
  reference: string,
  snapshots: SnapshotStore,
  templates: TemplateStore,
): TemplateSource | undefined {
  if (reference === base) return { templateId: base, defaults: baseDefaults };
  const snapshot = snapshots.find(reference);
  if (snapshot !== undefined) {
    const { files, defaults, size } = snapshot;
    return { templateId: reference, defaults, size, filesFrom: files };
  }
  const found = templates.find(reference);
  if (found === undefined) return undefined;
  const { template, build, files } = found;
  const { defaults, size } = build;
  return { templateId: template.id, defaults, size, filesFrom: files, program: build };
}
