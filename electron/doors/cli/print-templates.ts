// Words for what the templates' operations answer.
import type { OutputOf } from '../../contract/define-operation.ts';
import type { buildTemplate, listTemplates } from '../../contract/templates.ts';
import { span } from './format.ts';
import { table, type View } from './view.ts';

export function printTemplates({ templates, inUse }: OutputOf<typeof listTemplates>, view: View): string {
  const listed = table(
    templates,
    [
      { title: 'template', cell: (template) => template.templateId },
      { title: 'name', cell: (template) => template.name || 'none' },
      { title: 'size', cell: ({ cpuCount, memoryMb }) => `${cpuCount} vCPU, ${memoryMb} MB` },
      { title: 'disk', cell: (template) => `${template.diskMb} MB` },
      { title: 'created', cell: (template) => `${span(view.now - template.createdAt)} ago` },
      { title: 'runner', cell: (template) => (template.carriesRunner ? 'this version' : 'no') },
    ],
    view,
    'The provider has no templates of this account.',
  );
  return `${listed}\n\nThe next deployment starts from ${inUse}.`;
}

export function printTemplateBuild(built: OutputOf<typeof buildTemplate>): string {
  const { name, templateId, cpuCount, memoryMb, existed, tookMs } = built;
  const done = existed ? 'The provider had' : `Built in ${(tookMs / 1_000).toFixed(1)} s:`;
  return `${done} ${name} (${templateId}, ${cpuCount} vCPU, ${memoryMb} MB). Deployments start from it.`;
}
