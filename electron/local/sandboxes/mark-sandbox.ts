// The files by which programs inside learn where they are, besides the environment, which not all of them inherit.
import { rmSync, writeFileSync } from 'node:fs';
import type { FileTree } from './files/file-tree.ts';

/** Writes the marks; those that came with copied files are replaced, whatever they have become. */
export async function markSandbox(
  files: FileTree,
  { id, templateId }: { readonly id: string; readonly templateId: string },
): Promise<void> {
  const marks = {
    '.E2B_SANDBOX': 'true',
    '.E2B_SANDBOX_ID': id,
    '.E2B_TEMPLATE_ID': templateId,
  };
  for (const [name, text] of Object.entries(marks)) {
    await files.at(`/run/e2b/${name}`, { followLast: false, createParents: true }, ({ hostPath }) => {
      rmSync(hostPath, { recursive: true, force: true });
      // A creation is waiting: these few bytes are written sooner than a thread is free. Nothing runs inside yet.
      writeFileSync(hostPath, text, { flag: 'wx', mode: 0o644 });
    });
  }
}
