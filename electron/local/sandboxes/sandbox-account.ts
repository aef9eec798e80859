// A sandbox as one of its accounts sees it: which files its paths name, and what its commands start with.
import { type Account, inHome } from './account.ts';
import type { FileTree } from './files/file-tree.ts';
import type { CommandLine } from './isolation/enclosure.ts';
import type { ProcessConfig } from './proto/process_pb.ts';

export interface SandboxAccount {
  readonly files: FileTree;
  /** Completes a client's request with the sandbox's environment and directory. */
  commandLine(config: ProcessConfig): CommandLine;
}

/** The environment is the user's; another account gets its own names in it. */
export function sandboxAccount(
  { name, home }: Account,
  files: FileTree,
  environment: Readonly<Record<string, string>>,
): SandboxAccount {
  const itself = name === 'user' ? {} : { HOME: home, USER: name, LOGNAME: name };
  return {
    files,
    commandLine: ({ cmd, args, envs, cwd }) => ({
      file: cmd,
      args,
      env: { ...environment, ...itself, ...envs },
      cwd: inHome(cwd, home),
      account: name,
    }),
  };
}
