// Stands where a provider should be that cannot be used: each call says why, so that the desk can run and be corrected.
import type { SandboxProvider } from './provider.ts';

/** Rejects everything with `reason`. */
export function createUnusableProvider(name: SandboxProvider['name'], reason: Error): SandboxProvider {
  const refuse = (): Promise<never> => Promise.reject(reason);
  const templates = { list: refuse, build: refuse };
  return { name, templates, create: refuse, connect: refuse, list: refuse, kill: refuse };
}
