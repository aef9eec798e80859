// Dresses the commands for commander: options from fields, values as the schemas want them.
import { Argument, Command, Option } from 'commander';
import type { CliCommand, RawInput } from './command.ts';
import type { InputField } from './input-fields.ts';

interface ProgramOptions {
  readonly version: string;
  readonly commands: readonly CliCommand[];
  writeOut(text: string): void;
  /** Runs the chosen command; `yes` is true when it was confirmed on the line. */
  run(command: CliCommand, input: RawInput, yes: boolean): Promise<void>;
}

/** Builds the program. It never ends the process: what commander would exit with is thrown as a CommanderError. */
export function buildProgram({ version, commands, writeOut, run }: ProgramOptions): Command {
  const program = new Command('neural-trader')
    .description('Run a swarm of trading agents: the command line of Neural Trader Desk.')
    .version(version, '-V, --version', 'Print the version')
    .helpOption('-h, --help', 'Print this help')
    .helpCommand('help [command]', 'Print the help of a command')
    .option('--json', 'Answer with one JSON document')
    .exitOverride()
    .configureOutput({ writeOut, writeErr: () => {}, outputError: () => {} })
    .addHelpText('after', exitCodes);
  for (const command of commands) addCommand(program, command, run);
  return program;
}

const exitCodes = `
Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 no host is running.
The data directory can be named in NEURAL_TRADER_HOME.`;

function addCommand(program: Command, command: CliCommand, run: ProgramOptions['run']): void {
  const built = program
    .command(command.name)
    .description(command.summary)
    .option('--json', 'Answer with one JSON document');
  if (command.confirm) built.option('--yes', 'Do it without asking');
  const positional = command.positional.flatMap((name) =>
    command.fields.filter((field) => field.name === name),
  );
  const optional = command.fields.filter((field) => !positional.includes(field));
  for (const field of positional) built.addArgument(argument(field));
  for (const field of optional) built.addOption(option(field));
  if (command.examples.length > 0) built.addHelpText('after', examples(command.examples));
  built.action(async () => {
    const given = built.opts();
    const input: Record<string, unknown> = {};
    for (const field of optional)
      assign(
        input,
        field,
        given[built.options.find((it) => it.long === longFlag(field))?.attributeName() ?? ''],
      );
    for (const [index, field] of positional.entries())
      assign(input, field, positionalValue(built.args, index, field));
    await run(command, input, given['yes'] === true);
  });
}

function examples(lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  neural-trader ${line}`).join('\n')}`;
}

/** A secret is never on the line, where other users and the shell's history see it: the option asks for it to be read. */
function longFlag(field: InputField): string {
  return field.fromStdin ? `--${field.flag}-stdin` : `--${field.flag}`;
}

/** A record takes all that is left of the line, an entry a word. */
function positionalValue(args: readonly string[], index: number, field: InputField): string | undefined {
  if (field.kind !== 'record') return args[index];
  return args.length > index ? args.slice(index).join(',') : undefined;
}

function argument(field: InputField): Argument {
  const name = field.kind === 'record' ? `${field.flag}...` : field.flag;
  return new Argument(field.required ? `<${name}>` : `[${name}]`, describe(field));
}

function option(field: InputField): Option {
  if (field.fromStdin) return new Option(longFlag(field), `${describe(field)}, read from standard input`);
  if (field.kind === 'record')
    return new Option(`${longFlag(field)} <entry>`, describe(field)).argParser(joinEntries);
  return new Option(
    field.kind === 'boolean' ? longFlag(field) : `${longFlag(field)} <${field.kind}>`,
    describe(field),
  );
}

/** A repeated option adds an entry; the schema reads the whole. */
function joinEntries(entry: string, before: string | undefined): string {
  return before === undefined ? entry : `${before},${entry}`;
}

function describe(field: InputField): string {
  const notes = [
    field.choices.length > 0 && !field.choices.every((choice) => field.description.includes(choice))
      ? field.choices.join(', ')
      : '',
    field.required ? 'required' : '',
    field.defaultText === null || field.kind === 'boolean' ? '' : `default: ${field.defaultText}`,
  ].filter((note) => note !== '');
  return notes.length > 0 ? `${field.description} (${notes.join('; ')})` : field.description;
}

function assign(input: Record<string, unknown>, field: InputField, given: unknown): void {
  if (given !== undefined) input[field.name] = typeof given === 'string' ? fieldValue(field, given) : given;
}

/** Text that is no number stays text, so that the refusal can show it. */
function fieldValue(field: InputField, text: string): unknown {
  switch (field.kind) {
    case 'number':
      return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
    case 'list':
      return field.readsText ? text : text.split(',').map((part) => part.trim());
    default:
      return text;
  }
}
