// Decides where the sandbox client may go. What the mode may not reach throws before a client exists.
import { DeskError } from '../../contract/errors.ts';
import type { Mode } from '../../contract/names.ts';
import type { ProviderChoice } from '../../contract/provider.ts';

export type CloudChoice = Extract<ProviderChoice, { kind: 'e2b' }>;

const loopbackHosts = ['127.0.0.1', '[::1]', 'localhost'];

/** Address of the API that a choice stands for. */
export function apiAddress({ apiUrl, domain }: CloudChoice): string {
  return apiUrl ?? `https://api.${domain}`;
}

/** Throws FORBIDDEN_ADDRESS when the mode may not reach every address of the choice. */
export function assertCloudAllowed(mode: Mode, choice: CloudChoice): void {
  assertAddressAllowed(mode, apiAddress(choice));
  if (choice.sandboxUrl !== undefined) assertAddressAllowed(mode, choice.sandboxUrl);
}

/** DEMO reaches this machine alone. Throws FORBIDDEN_ADDRESS. */
export function assertAddressAllowed(mode: Mode, address: string): void {
  if (mode !== 'demo' || loopbackHosts.includes(new URL(address).hostname)) return;
  throw new DeskError(
    'FORBIDDEN_ADDRESS',
    `DEMO reaches this machine only, not ${address}; a cloud provider needs an account in PAPER or LIVE mode. Nothing was sent.`,
    { mode, address },
  );
}
