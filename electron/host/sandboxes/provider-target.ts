// What a choice of provider becomes when some of its fields are given anew.
import type { ParsedInputOf } from '../../contract/define-operation.ts';
import { DeskError } from '../../contract/errors.ts';
import { ProviderChoice, type useProvider } from '../../contract/provider.ts';

export type ProviderTarget = ParsedInputOf<typeof useProvider>;

/** Keeps what is not given, except that a domain takes the place of addresses. Throws INVALID_INPUT. */
export function applyTarget(current: ProviderChoice, target: ProviderTarget): ProviderChoice {
  const { kind, plan, domain, apiUrl, sandboxUrl } = target;
  const given = Object.entries({ plan, domain, apiUrl, sandboxUrl }).filter(
    ([, value]) => value !== undefined,
  );
  if (kind === 'local' && given.length > 0)
    throw new DeskError(
      'INVALID_INPUT',
      `${given.map(([name]) => name).join(', ')}: the local provider has none of it. Choose e2b, or leave it out.`,
    );
  if (kind === 'local' || (kind === undefined && given.length === 0 && current.kind === 'local'))
    return { kind: 'local' };
  const before = current.kind === 'e2b' ? current : { plan: undefined };
  const base = domain === undefined ? before : { plan: before.plan };
  const choice = ProviderChoice.safeParse({ ...base, ...Object.fromEntries(given), kind: 'e2b' });
  if (choice.success) return choice.data;
  throw new DeskError(
    'INVALID_INPUT',
    choice.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
  );
}
