// What a new sandbox is made of: what its template says, and what its caller asks.
import type { SandboxSize } from '../../contract/local-services.ts';
import type { AccountName } from './account.ts';
import type { Metadata } from './files/file-metadata.ts';
import type { NetworkPolicy } from './network-policy.ts';

/** The files of a sandbox, kept in a directory. */
export interface CopiedFiles {
  readonly root: string;
  readonly metadata: ReadonlyMap<string, Metadata>;
}

/** What a template says of the sandboxes that are made from it. */
export interface SandboxDefaults {
  readonly envs: Readonly<Record<string, string>>;
  /** Whom commands run as that name nobody. */
  readonly user: AccountName;
  /** Where commands start that name no directory; the home unless given. */
  readonly workdir?: string | undefined;
}

/** What is so without a template. */
export const baseDefaults: SandboxDefaults = { envs: {}, user: 'user' };

/** What a caller asks of a new sandbox. */
export interface SandboxRequest {
  readonly templateId: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly envs: Readonly<Record<string, string>>;
  /** Files that are copied to the new sandbox; undefined for none. */
  readonly filesFrom?: CopiedFiles | undefined;
  /** Those of no template unless given. */
  readonly defaults?: SandboxDefaults | undefined;
  /** That of every sandbox unless given. */
  readonly size?: SandboxSize | undefined;
  readonly network: NetworkPolicy;
}
