// The whole command line as one function: arguments in, exit code out.
import { type Command, CommanderError } from 'commander';
import { DeskError } from '../../contract/errors.ts';
import { resolvePaths } from '../../host/paths.ts';
import { buildProgram } from './build-program.ts';
import type { CliIo } from './cli-io.ts';
import { listCommands } from './list-commands.ts';
import { createReport, type ExitCode } from './report.ts';
import { createColors } from './view.ts';

/** Runs the arguments that follow the program's name. Never rejects. */
export async function runCli(argv: readonly string[], io: CliIo): Promise<ExitCode> {
  const { json, answer, help, failure } = createReport(argv, io);
  let helpText = '';
  try {
    const paths = resolvePaths(io.env, io.platform);
    const program = buildProgram({
      version: io.version,
      commands: listCommands(),
      writeOut: (text) => {
        helpText += text;
      },
      run: (command, input, yes) =>
        command.run(input, { io, paths, colors: createColors(io), json, yes, answer }),
    });
    if (argv.every((argument) => argument === '--json')) {
      throw new DeskError('INVALID_INPUT', 'No command was given. For the list: neural-trader help');
    }
    await program.parseAsync(joinFamily(argv, program), { from: 'user' });
    return 0;
  } catch (error) {
    if (!(error instanceof CommanderError)) return failure(error);
    if (error.exitCode !== 0) return failure(usageError(error, argv));
    help(helpText);
    return 0;
  }
}

/** A command of a family may be given as two words: `orders list` is `orders-list`. */
function joinFamily(argv: readonly string[], { commands }: Command): string[] {
  const [family = '', member = '', ...rest] = argv;
  const isCommand = (name: string): boolean => commands.some((command) => command.name() === name);
  const joined = `${family}-${member}`;
  return !isCommand(family) && isCommand(joined) ? [joined, ...rest] : [...argv];
}

/** Commander's complaints in the desk's form: "error: unknown option '--cuont'\n(Did you mean --count?)". */
function usageError(error: CommanderError, argv: readonly string[]): DeskError {
  if (error.code === 'commander.help') {
    const name = argv.find((argument) => !argument.startsWith('-') && argument !== 'help');
    return new DeskError(
      'UNKNOWN_OPERATION',
      `There is no command "${name}". For the list: neural-trader help`,
    );
  }
  const [complaint = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
  const remedy = suggestion
    ? suggestion.replace(/^\((.*)\)$/, '$1')
    : 'For what it takes: neural-trader help';
  const code = error.code === 'commander.unknownCommand' ? 'UNKNOWN_OPERATION' : 'INVALID_INPUT';
  // A value behind an unknown option may be a secret that was meant for another one.
  const words = complaint.replace(/'(--[^'=]+)=[^']*'/, "'$1'").replace(/\.$/, '');
  return new DeskError(code, `${words}. ${remedy}`);
}
