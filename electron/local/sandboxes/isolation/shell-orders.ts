// What a shell inside is told in order to become a command. It announces itself on descriptor 3 and names the directory
// or the program that is missing, since only it sees what the command will see.
import { Code, ConnectError } from '@connectrpc/connect';
import type { CommandLine } from './enclosure.ts';

// What a shell cannot be told to export, or goes by itself: a program sets these, as it does names of other letters.
const ownNames = /^(__\w*|IFS|PPID|UID|EUID|OPTIND|PS\d|SHELLOPTS|BASH\w*)$/;

// The unit in which a shell limits files.
const blocksPerMb = 2_048;

/** Becomes root in a namespace below the sandbox's own: free to change what is the sandbox's, and nothing else. */
export const asRoot = '/usr/bin/unshare --user --map-root-user --';

/** Defines what orders take for granted. */
export const beforeOrders = `__line='\n'`;

/** Returns the script as one line; it closes descriptors 3 and 4. Throws `invalid_argument` for text with a zero byte. */
export function shellOrders(command: CommandLine, withInput: boolean): string {
  const variables = Object.entries(command.env).map(([name, value]) => ({ name, text: `${name}=${value}` }));
  const exported = variables.filter(({ name }) => /^[A-Za-z_]\w*$/.test(name) && !ownNames.test(name));
  const others = variables.filter((variable) => !exported.includes(variable));
  const steps = [
    ...(withInput ? [] : ['exec </dev/null']),
    ...exported.map(({ text }) => `export ${quoted(text)}`),
    ...(command.longestFileMb === undefined ? [] : [`ulimit -f ${command.longestFileMb * blocksPerMb}`]),
    `cd -- ${quoted(command.cwd)} 2>/dev/null || { echo cwd >&3; exit 126; }`,
    `command -v ${quoted(command.file)} >/dev/null || { echo cmd >&3; exit 127; }`,
    'echo "$$" >&3',
    [
      'exec',
      ...(command.account === 'root' ? [asRoot] : []),
      ...(others.length > 0 ? ['/usr/bin/env', ...others.map(({ text }) => quoted(text))] : []),
      ...[command.file, ...command.args].map(quoted),
      '3>&- 4<&-',
    ].join(' '),
  ];
  return steps.join('; ');
}

function quoted(text: string): string {
  if (text.includes('\0'))
    throw new ConnectError('a command cannot contain a zero byte', Code.InvalidArgument);
  return `'${text.replaceAll("'", "'\\''")}'`.replaceAll('\n', `'"$__line"'`);
}
