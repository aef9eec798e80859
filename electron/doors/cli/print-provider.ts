// Words for what the operations on the sandbox provider answer.
import type { OutputOf } from '../../contract/define-operation.ts';
import {
  cloudDomain,
  type forgetProviderKey,
  type KeySource,
  type ProviderChoice,
  type showProvider,
  type testProvider,
} from '../../contract/provider.ts';
import { count, milliseconds, span } from './format.ts';

const keyWords: Readonly<Record<KeySource, string>> = {
  environment: 'from E2B_API_KEY in the environment of the host; it wins over a stored one',
  stored: 'stored',
  none: 'none',
};

export function printProvider(provider: OutputOf<typeof showProvider>): string {
  const { choice, address, keySource, keyProtection, limits } = provider;
  return [
    `Provider   ${describeChoice(choice)}`,
    `Address    ${address ?? 'not known: the local services are down'}`,
    `Limits     ${count(limits.concurrent, 'sandbox')} at a time, ${count(limits.createsPerSecond, 'creation')} a second, sessions of ${span(limits.maxSessionMs)}`,
    `Key        ${choice.kind === 'local' && keySource === 'none' ? 'none is needed' : keyWords[keySource]}`,
    `Storage    ${keyProtection.detail}`,
  ].join('\n');
}

export function printProviderTest({ address, sandboxes, tookMs }: OutputOf<typeof testProvider>): string {
  return `Reached ${address} in ${milliseconds(tookMs)}: ${count(sandboxes, 'sandbox')} there. Nothing was created.`;
}

export function printForgotten({ forgotten, keySource }: OutputOf<typeof forgetProviderKey>): string {
  const done = forgotten ? 'The stored key was deleted.' : 'No key was stored.';
  return keySource === 'environment' ? `${done} E2B_API_KEY in the environment is still used.` : done;
}

function describeChoice(choice: ProviderChoice): string {
  if (choice.kind === 'local') return 'local, on this machine';
  const plan = choice.plan === 'custom' ? 'limits of the settings' : `${choice.plan} plan`;
  const isCloud = choice.apiUrl === undefined && choice.domain === cloudDomain;
  return `${isCloud ? 'E2B cloud' : 'self-hosted E2B'}, ${plan}`;
}
