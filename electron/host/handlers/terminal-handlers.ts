// Handlers of the operations on terminals.
import type { DeskHandlers } from '../dispatch.ts';
import type { Terminals } from '../sandboxes/terminals.ts';

type TerminalHandlers = Pick<
  DeskHandlers,
  | 'sandboxes.terminal.open'
  | 'sandboxes.terminal.read'
  | 'sandboxes.terminal.write'
  | 'sandboxes.terminal.resize'
  | 'sandboxes.terminal.close'
>;

/** Builds the handlers over the open terminals. */
export function createTerminalHandlers(terminals: Terminals): TerminalHandlers {
  return {
    'sandboxes.terminal.open': async ({ id, ...size }, { actor }) => ({
      terminalId: await terminals.open(id, size, actor),
    }),
    'sandboxes.terminal.read': async ({ terminalId, afterByte, waitMs }, { signal }) => {
      const { bytes, ...rest } = await terminals.read(terminalId, afterByte, waitMs, signal);
      return { data: Buffer.from(bytes).toString('base64'), ...rest };
    },
    'sandboxes.terminal.write': async ({ terminalId, data }) => {
      await terminals.write(terminalId, Buffer.from(data, 'base64'));
      return {};
    },
    'sandboxes.terminal.resize': async ({ terminalId, ...size }) => {
      await terminals.resize(terminalId, size);
      return {};
    },
    'sandboxes.terminal.close': ({ terminalId }, { actor }) => {
      terminals.end(terminalId, actor);
      return {};
    },
  };
}
