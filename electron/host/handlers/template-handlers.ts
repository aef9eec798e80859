// Handlers of the templates' operations.
import { DeskError } from '../../contract/errors.ts';
import type { DeskHandlers } from '../dispatch.ts';
import type { Fleet } from '../sandboxes/fleet.ts';
import type { SandboxProvider } from '../sandboxes/provider.ts';
import type { RunnerTemplates } from '../sandboxes/runner-templates.ts';

export interface TemplateHandlerParts {
  readonly fleet: Fleet;
  readonly templates: RunnerTemplates;
  readonly connected: () => Promise<boolean>;
}

/** Builds the handlers over what the provider has. */
export function createTemplateHandlers({
  fleet,
  templates,
  connected,
}: TemplateHandlerParts): Pick<DeskHandlers, 'templates.list' | 'templates.build'> {
  async function provider(): Promise<SandboxProvider> {
    await connected();
    const current = fleet.provider();
    if (current) return current;
    throw new DeskError(
      'SANDBOX_UNAVAILABLE',
      'No sandbox provider is connected. It reconnects by itself; see health.',
    );
  }
  return {
    'templates.list': async () => templates.list(await provider()),
    'templates.build': async (_input, { signal }) => templates.build(await provider(), signal),
  };
}
