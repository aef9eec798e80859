// A sandbox as one of its accounts sees it: which files its paths name, and what its commands start with.
import { type Account, inHome } from './account.ts';
import type { FileTree } from './files/file-tree.ts';
import type { CommandLine } from './isolation/enclosure.ts';
import type { ProcessConfig } from './proto/process_pb.ts';

/** What a client names of a command. */
export type CommandRequest = Pick<ProcessConfig, 'cmd' | 'args' | 'envs' | 'cwd'>;

export interface SandboxAccount {
  /** As seen inside. */
  readonly home: string;
  readonly files: FileTree;
  /** Completes a client's request with the sandbox's environment and directory. */
  commandLine(config: CommandRequest): CommandLine;
}

/** The environment is the user's; another account gets its own names in it. Commands start in the home, or in `workdir`. */
export function sandboxAccount(
  { name, home }: Account,
  files: FileTree,
  environment: Readonly<Record<string, string>>,
  workdir?: string,
): SandboxAccount {
  const itself = name === 'user' ? {} : { HOME: home, USER: name, LOGNAME: name };
  return {
    home,
    files,
    commandLine: ({ cmd, args, envs, cwd }) => ({
      file: cmd,
      args,
      env: { ...environment, ...itself, ...envs },
      cwd: inHome(cwd || workdir, home),
      account: name,
    }),
  };
}
