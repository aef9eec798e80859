// Makes a command of an operation: ask the host, print the answer.
import { isAbsolute, resolve } from 'node:path';
import type { CliForm, Operation } from '../../contract/define-operation.ts';
import { DeskError } from '../../contract/errors.ts';
import { isSpendSimulated } from '../../contract/simulated.ts';
import { useAccount } from '../../contract/account.ts';
import { importDataset } from '../../contract/datasets.ts';
import { chooseMarket } from '../../contract/market.ts';
import { askHost, readState, withHost } from './ask-host.ts';
import {
  type CliCommand,
  type CommandContext,
  defineCommand,
  promisedForm,
  type RawInput,
} from './command.ts';
import { printerOf } from './print-answer.ts';
import { createProgressLine, drawingWork } from './show-progress.ts';
import { modeLine } from './view.ts';

/** Derives the command that `cli` promises for `operation`. */
export function operationCommand(operation: Operation, cli: CliForm): CliCommand {
  const print = printerOf(operation);
  return defineCommand({
    ...promisedForm(operation, cli),
    async run(_, context, raw) {
      const { io, colors } = context;
      if (cli.confirm === 'needed') refuseUnconfirmed(cli.command, context);
      await withHost(context, async (client) => {
        // Also with --json, where nobody reads the mode: a host that hangs is found out before it is asked.
        const before = await readState(client);
        if (cli.confirm) await confirm(operation, before.mode, context);
        const ask = () => askHost(client, operation, hostInput(operation, raw, io.cwd), io.interrupt);
        const isDrawn = (cli.lasting ?? false) && io.stderr.isTTY && !context.json;
        const value = isDrawn ? await drawingWork(client, createProgressLine(io.stderr), ask) : await ask();
        const after = operation.name === useAccount.name ? await readState(client) : before;
        const spendSimulated = isSpendSimulated(after);
        const view = { colors, mode: after.mode, spendSimulated, now: io.now() };
        context.answer(value, () => `${modeLine(view)}\n${print(value, view)}`);
      });
    },
  });
}

/** Before connecting: a script that forgot --yes has made a usage error, whether or not a host runs. */
function refuseUnconfirmed(command: string, { io, yes }: CommandContext): void {
  if (yes || io.confirm) return;
  throw new DeskError(
    'CONFIRMATION_REQUIRED',
    `${command} cannot be undone and nobody is at a terminal to confirm it. Add --yes.`,
  );
}

async function confirm(operation: Operation, mode: string, { io, yes }: CommandContext): Promise<void> {
  if (yes || !io.confirm) return;
  if (await io.confirm(`${mode.toUpperCase()}: ${operation.summary} Continue?`)) return;
  throw new DeskError('CANCELLED', 'Not confirmed; nothing was done.');
}

/** Operations whose `file` is on the caller's machine. */
const readsFiles: ReadonlySet<string> = new Set([chooseMarket.name, importDataset.name]);

/** The host has another working directory, so a file's name leaves here absolute. */
function hostInput(operation: Operation, raw: RawInput, cwd: string): RawInput {
  const { file } = raw;
  const isSample = operation.name === chooseMarket.name && file === 'sp500';
  if (!readsFiles.has(operation.name) || isSample || typeof file !== 'string' || isAbsolute(file)) return raw;
  return { ...raw, file: resolve(cwd, file) };
}
