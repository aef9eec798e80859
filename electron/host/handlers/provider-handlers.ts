// Handlers of the sandbox provider's operations.
import type { DeskHandlers } from '../dispatch.ts';
import type { ProviderSwitch } from '../provider-switch.ts';

export interface ProviderHandlerParts {
  readonly provider: ProviderSwitch;
  readonly connected: () => Promise<boolean>;
}

/** Builds the handlers over the switch; what needs the local services waits for them. */
export function createProviderHandlers({
  provider,
  connected,
}: ProviderHandlerParts): Pick<
  DeskHandlers,
  'provider.show' | 'provider.use' | 'provider.test' | 'provider.forgetKey'
> {
  return {
    'provider.show': () => provider.show(),
    'provider.use': async (target) => {
      await connected();
      return provider.use(target);
    },
    'provider.test': async (target) => {
      await connected();
      return provider.test(target);
    },
    'provider.forgetKey': async () => {
      await connected();
      return provider.forgetKey();
    },
  };
}
