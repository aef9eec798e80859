// What the steps of a template do to the sandbox it is built in, one after the other.
import { lstat } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { posix } from 'node:path';
import { z } from 'zod';
import { type AccountName, inHome } from '../account.ts';
import { writeFromStream } from '../files/file-transfer.ts';
import { requireWritable } from '../files/file-tree.ts';
import { runCommand } from '../run-command.ts';
import type { Sandbox } from '../sandbox.ts';
import type { SandboxDefaults } from '../sandbox-request.ts';
import type { SandboxAccount } from '../sandbox-account.ts';

export const TemplateStep = z.object({
  type: z.string(),
  args: z.array(z.string()).default([]),
  filesHash: z.string().optional(),
});
export type TemplateStep = z.infer<typeof TemplateStep>;

export interface StepTools {
  readonly sandbox: Sandbox;
  /** Finds an uploaded archive by the hash of a step. */
  readonly archive: (filesHash: string) => string | undefined;
  /** Hears what commands write, line by line. */
  readonly onLine: (line: string) => void;
}

/** Does one step. Resolves with what later steps, and the finished template, start with. Rejects with the reason. */
export async function applyStep(
  { type, args, filesHash }: TemplateStep,
  defaults: SandboxDefaults,
  tools: StepTools,
): Promise<SandboxDefaults> {
  const [first] = args;
  if (first === undefined) throw new Error(`${type} needs an argument`);
  switch (type) {
    case 'ENV':
      return {
        ...defaults,
        envs: {
          ...defaults.envs,
          ...readVariables(args, { ...tools.sandbox.environment, ...defaults.envs }),
        },
      };
    case 'USER':
      return { ...defaults, user: userOf(tools.sandbox, first) };
    case 'WORKDIR': {
      const account = tools.sandbox.as(defaults.user);
      const workdir = fromWorkdir(account, defaults, first);
      await makeDirectory(account, workdir);
      return { ...defaults, workdir };
    }
    case 'RUN':
      await runStep(first, args[1], defaults, tools);
      return defaults;
    case 'COPY':
      await copyStep(args, filesHash, defaults, tools);
      return defaults;
    default:
      throw new Error(`local sandboxes know no step ${type}: use COPY, RUN, ENV, WORKDIR or USER`);
  }
}

/** Values may name variables that were set before, as $NAME or ${NAME}. */
function readVariables(
  args: readonly string[],
  known: Readonly<Record<string, string>>,
): Record<string, string> {
  if (args.length % 2 !== 0) throw new Error('ENV needs a value for every name');
  const set: Record<string, string> = {};
  for (let index = 0; index < args.length; index += 2) {
    const [name = '', value = ''] = args.slice(index, index + 2);
    set[name] = value.replace(
      /\$(?:\{(\w+)\}|(\w+))/g,
      (_, braced: string | undefined, bare: string | undefined) => known[braced ?? bare ?? ''] ?? '',
    );
  }
  return set;
}

/** Throws for an account that the sandbox does not offer. */
function userOf(sandbox: Sandbox, name: string): AccountName {
  sandbox.as(name);
  return name === 'root' ? 'root' : 'user';
}

function fromWorkdir(account: SandboxAccount, { workdir }: SandboxDefaults, path: string): string {
  const home = account.home;
  return path.startsWith('~') ? inHome(path, home) : posix.resolve(workdir ?? home, path);
}

async function makeDirectory({ files }: SandboxAccount, path: string): Promise<void> {
  await files.at(path, { followLast: true, createParents: true, enter: true }, requireWritable);
}

async function runStep(
  command: string,
  user: string | undefined,
  defaults: SandboxDefaults,
  { sandbox, onLine }: StepTools,
): Promise<void> {
  const { exitCode, status, lastOutput } = await runCommand(
    sandbox,
    {
      cmd: '/bin/bash',
      args: ['-l', '-c', command],
      envs: { ...defaults.envs },
      cwd: defaults.workdir ?? '',
    },
    { user: user === undefined ? defaults.user : userOf(sandbox, user), onLine },
  );
  if (exitCode !== 0) throw new Error(`${status}: ${lastOutput || 'it wrote nothing'}`);
}

/** Where an archive is unpacked; in the shell it is below TMPDIR where there is one. */
const staging = '/tmp/.template-copy';
const stagingInShell = '"${TMPDIR:-/tmp}/.template-copy"';

/**
 * Unpacks an archive and puts what it holds of the source where it belongs: a file under the target's name, the contents
 * of a directory into the target. Archives are unpacked inside, where their links lead nowhere else. The owner needs no
 * change: all accounts of a local sandbox are one to the system.
 */
async function copyStep(
  args: readonly string[],
  filesHash: string | undefined,
  defaults: SandboxDefaults,
  { sandbox, archive }: StepTools,
): Promise<void> {
  const [source = '', target = '', owner = '', mode = ''] = args;
  const path = filesHash === undefined ? undefined : archive(filesHash);
  if (path === undefined) throw new Error(`the files of '${source}' were not uploaded`);
  if (mode !== '' && !/^[0-7]{3,4}$/.test(mode)) throw new Error(`mode '${mode}' is not octal, like 0755`);
  if (owner !== '') userOf(sandbox, owner.split(':')[0] ?? '');
  const account = sandbox.as(defaults.user);

  async function inShell(script: string, cwd: string, ...values: string[]): Promise<void> {
    const request = { cmd: '/bin/sh', args: ['-c', script, 'sh', ...values], envs: {}, cwd };
    const { exitCode, lastOutput } = await runCommand(sandbox, request, { user: defaults.user });
    if (exitCode !== 0) throw new Error(lastOutput);
  }

  await makeDirectory(account, `${staging}/files`);
  await writeFromStream(account.files, `${staging}/archive`, createReadStream(path), {
    metadata: {},
    takeRoom: sandbox.meter.takeRoom,
  });
  await inShell('exec tar -xf ../archive', `${staging}/files`);
  const { fixed, hasPattern } = fixedPart(source);
  const unpacked = posix.join(staging, 'files', fixed);
  const isDirectory = await account.files.at(unpacked, { followLast: false }, async ({ hostPath }) =>
    (await lstat(hostPath)).isDirectory(),
  );
  if (mode !== '') await inShell(`chmod -R -- "$1" ${stagingInShell}/files/"$2"`, '/tmp', mode, fixed);
  const to = fromWorkdir(account, defaults, target);
  const asDirectory = isDirectory || hasPattern || target.endsWith('/');
  const into = asDirectory ? to : posix.dirname(to);
  await makeDirectory(account, into);
  // From inside the target: without isolation its path would name a directory of the machine.
  if (isDirectory) await inShell(`exec cp -a -- ${stagingInShell}/files/"$1"/. .`, into, fixed);
  else {
    const name = asDirectory ? posix.basename(fixed) : posix.basename(to);
    await inShell(`exec cp -a -- ${stagingInShell}/files/"$1" ./"$2"`, into, fixed, name);
  }
  await inShell(`exec rm -rf -- ${stagingInShell}`, '/tmp');
}

/** The part of a source path before the first component with a pattern in it. */
function fixedPart(source: string): { fixed: string; hasPattern: boolean } {
  const names = posix.normalize(source.replaceAll('\\', '/')).split('/');
  const pattern = names.findIndex((name) => /[*?[\]{}()!]/.test(name));
  return pattern === -1
    ? { fixed: names.join('/'), hasPattern: false }
    : { fixed: names.slice(0, pattern).join('/') || '.', hasPattern: true };
}
