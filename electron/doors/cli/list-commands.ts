// Every command, in the order of the help: the catalogue's, then the command line's own.
import { operations } from '../../contract/operations.ts';
import { hostShutdown } from '../../contract/watch.ts';
import type { CliCommand } from './command.ts';
import { downCommand } from './down-command.ts';
import { localCommand } from './local-command.ts';
import { monitorCommand } from './monitor-command.ts';
import { operationCommand } from './operation-command.ts';
import { standaloneCommand } from './standalone-command.ts';
import { terminalCommand } from './terminal-command.ts';
import { upCommand } from './up-command.ts';

/** Lists the commands; each operation that promises one has exactly one. */
export function listCommands(): CliCommand[] {
  const promised = operations.flatMap((operation) => {
    if (!operation.cli) return [];
    const isDown = operation.name === hostShutdown.name;
    if (isDown) return [downCommand(operation.cli.command)];
    const make = operation.cli.standalone ? standaloneCommand : operationCommand;
    return [make(operation, operation.cli)];
  });
  return [...promised, terminalCommand(), monitorCommand(), upCommand(), localCommand()];
}
