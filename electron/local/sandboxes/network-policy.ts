// What the creator of a sandbox asks of its network, and what it gets: what the machine reaches, or nothing.
import { z } from 'zod';
import { ApiFault } from './control/api-fault.ts';

const everywhere = '0.0.0.0/0';

/** What a sandbox may reach. */
export const NetworkPolicy = z.looseObject({
  allow_internet_access: z.boolean().optional(),
  allowOut: z.array(z.string()).default([]),
  denyOut: z.array(z.string()).default([]),
  rules: z.record(z.string(), z.unknown()).default({}),
  egressProxy: z.unknown().optional(),
});
export type NetworkPolicy = z.infer<typeof NetworkPolicy>;

/** Whose programs reach what the machine reaches; `always` where nothing can hold them apart. */
export type NetworkOffer = 'never' | 'as-asked' | 'always';

/** Returns whether a sandbox reaches what the machine reaches. Throws an ApiFault 400 for a choice of destinations, which nobody here would enforce. */
export function isReached(policy: NetworkPolicy, offer: NetworkOffer): boolean {
  // Less than nothing cannot be asked for, so that what is denied is denied.
  if (offer === 'never') return false;
  const { allowOut, denyOut, rules, egressProxy } = policy;
  const isDenied = policy.allow_internet_access === false || denyOut.includes(everywhere);
  const choosesDestinations =
    allowOut.some((destination) => destination !== everywhere) || (!isDenied && denyOut.length > 0);
  if (choosesDestinations || Object.keys(rules).length > 0 || egressProxy != null)
    throw new ApiFault(
      400,
      'local sandboxes reach all that this machine reaches, or nothing: allowOut, denyOut, rules and egressProxy are not enforced; leave them out and set allowInternetAccess',
    );
  return offer === 'always' || !isDenied;
}

/** Returns the policy that is in force, as the protocol writes it; none where nothing is held back. */
export function policyInForce(isNetworkReached: boolean) {
  return isNetworkReached ? undefined : { allowOut: [], denyOut: [everywhere] };
}
