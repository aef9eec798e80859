// What has been chosen and typed for the sandbox provider, and the operation's input that it stands for.
import {
  cloudDomain,
  type ProviderChoice,
  type ProviderPlan,
  testProvider,
} from '../../electron/contract/provider.ts';
import type { OperationInput } from '../bridge.ts';

export interface ProviderDraft {
  readonly id: 'local' | 'cloud' | 'self-hosted';
  readonly plan: ProviderPlan;
  /** How a self-hosted E2B is reached. */
  readonly by: 'domain' | 'addresses';
  readonly domain: string;
  readonly apiUrl: string;
  readonly sandboxUrl: string;
  /** Empty keeps the key there is. */
  readonly key: string;
}

/** The provider in use, as a draft. */
export function draftOf(choice: ProviderChoice): ProviderDraft {
  const empty = { by: 'domain', domain: '', apiUrl: '', sandboxUrl: '', key: '' } as const;
  if (choice.kind === 'local') return { ...empty, id: 'local', plan: 'hobby' };
  const { plan, domain, apiUrl, sandboxUrl } = choice;
  if (apiUrl !== undefined && sandboxUrl !== undefined)
    return { ...empty, id: 'self-hosted', plan, by: 'addresses', apiUrl, sandboxUrl };
  if (domain === cloudDomain) return { ...empty, id: 'cloud', plan };
  return { ...empty, id: 'self-hosted', plan, domain };
}

/** The input for `provider.use` and `provider.test`, or null while a field cannot be used. */
export function inputOf(draft: ProviderDraft): OperationInput<'provider.use'> | null {
  const parsed = testProvider.input.safeParse(candidate(draft));
  return parsed.success ? parsed.data : null;
}

function candidate(draft: ProviderDraft): OperationInput<'provider.use'> {
  if (draft.id === 'local') return { kind: 'local' };
  const key = draft.key.trim();
  const base = { kind: 'e2b', plan: draft.plan, ...(key === '' ? {} : { key }) } as const;
  if (draft.id === 'cloud') return { ...base, domain: cloudDomain };
  if (draft.by === 'domain') return { ...base, domain: draft.domain.trim() };
  return { ...base, apiUrl: draft.apiUrl.trim(), sandboxUrl: draft.sandboxUrl.trim() };
}
