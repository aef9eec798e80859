// The channel to the process that started this one: Electron's parent port in a utility process, Node's own under fork.
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

export interface ParentChannel {
  /** Resolves when the message is on its way, after which the process may end. */
  send(message: unknown): Promise<void>;
  onMessage(listener: (message: unknown) => void): void;
  /** Called when nobody is left at the other end. */
  onGone(listener: () => void): void;
}

/** What Electron adds to `process` in a utility process; Node's types do not know it. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: unknown) => void): void;
  on(event: 'close', listener: () => void): void;
}

/** The port does not tell when a message has left. */
const PORT_FLUSH_MS = 100;

const PortMessage = z.object({ data: z.unknown() });

function isParentPort(value: unknown): value is ParentPort {
  return typeof value === 'object' && value !== null && 'postMessage' in value && 'on' in value;
}

/** Opens the channel. Throws when the process was started by neither. */
export function openParentChannel(): ParentChannel {
  const port: unknown = Reflect.get(process, 'parentPort');
  if (isParentPort(port)) return portChannel(port);
  const send = process.send?.bind(process);
  if (!send)
    throw new Error('This program is started by the desk, not by hand: it has no channel to a parent.');
  return {
    send: (message) => new Promise((resolve) => void send(message, () => resolve())),
    onMessage: (listener) => void process.on('message', listener),
    onGone: (listener) => void process.on('disconnect', listener),
  };
}

// Electron ends a utility process together with its parent; the port's close is all that can be heard before.
function portChannel(port: ParentPort): ParentChannel {
  return {
    async send(message) {
      port.postMessage(message);
      await sleep(PORT_FLUSH_MS);
    },
    onMessage: (listener) =>
      port.on('message', (event) => {
        const message = PortMessage.safeParse(event);
        if (message.success) listener(message.data.data);
      }),
    onGone: (listener) => port.on('close', listener),
  };
}
