// The files by which programs inside learn where they are, besides the environment, which not all of them inherit.
import { Readable } from 'node:stream';
import { writeFromStream } from './files/file-transfer.ts';
import type { Sandbox } from './sandbox.ts';

/** Writes the marks; those that came with copied files are replaced. */
export async function markSandbox(sandbox: Sandbox): Promise<void> {
  const { files } = sandbox.as('user');
  const marks = {
    '.E2B_SANDBOX': 'true',
    '.E2B_SANDBOX_ID': sandbox.id,
    '.E2B_TEMPLATE_ID': sandbox.templateId,
  };
  for (const [name, text] of Object.entries(marks)) {
    const content = Readable.from([Buffer.from(text)]);
    await writeFromStream(files, `/run/e2b/${name}`, content, { metadata: {}, takeRoom: () => undefined });
  }
}
