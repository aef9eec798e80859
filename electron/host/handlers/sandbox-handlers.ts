// Handlers of the operations that look into one sandbox.
import { DeskError } from '../../contract/errors.ts';
import { fileLimitBytes, outputLimitChars } from '../../contract/inspect.ts';
import type { Clock } from '../clock.ts';
import type { DeskHandlers } from '../dispatch.ts';
import { createAnswerCache } from '../sandboxes/answer-cache.ts';
import type { Fleet } from '../sandboxes/fleet.ts';
import type { MessageRings } from '../sandboxes/message-ring.ts';
import { sandboxPath } from '../sandboxes/sandbox-path.ts';

const listLimit = 1_000;
/** Providers sample every five seconds. */
const metricsLifeMs = 5_000;

type InspectHandlers = Pick<
  DeskHandlers,
  | 'sandboxes.exec'
  | 'sandboxes.files.list'
  | 'sandboxes.files.read'
  | 'sandboxes.files.write'
  | 'sandboxes.logs'
  | 'sandboxes.metrics'
>;

export interface InspectParts {
  readonly clock: Clock;
  readonly fleet: Fleet;
  readonly messages: MessageRings;
}

/** Builds the handlers over the fleet. */
export function createSandboxHandlers({ clock, fleet, messages }: InspectParts): InspectHandlers {
  const load = createAnswerCache(clock, metricsLifeMs, (sandboxId) =>
    fleet.find(sandboxId).sandbox.metrics(),
  );
  return {
    'sandboxes.exec': async ({ id, command, timeoutMs }) => {
      const { sandbox } = fleet.find(id);
      return sandbox.run(command, { timeoutMs, outputChars: outputLimitChars });
    },
    'sandboxes.files.list': async ({ id, path }) => {
      const absolute = sandboxPath(path);
      const entries = await fleet.find(id).sandbox.listFiles(absolute);
      return {
        path: absolute,
        entries: entries.slice(0, listLimit),
        truncated: entries.length > listLimit,
      };
    },
    'sandboxes.files.read': async ({ id, path }) => {
      const absolute = sandboxPath(path);
      const { sandbox } = fleet.find(id);
      assertSize(absolute, await sandbox.fileSize(absolute));
      const bytes = await sandbox.readFile(absolute);
      // It may have grown since it was looked at.
      assertSize(absolute, bytes.byteLength);
      return { path: absolute, sizeBytes: bytes.byteLength, ...encode(bytes) };
    },
    'sandboxes.files.write': async ({ id, path, content, encoding }) => {
      const absolute = sandboxPath(path);
      const bytes = decode(content, encoding);
      assertSize(absolute, bytes.byteLength);
      const { sandbox } = fleet.find(id);
      const copy = new ArrayBuffer(bytes.byteLength);
      new Uint8Array(copy).set(bytes);
      await sandbox.upload(absolute, copy);
      return { path: absolute, sizeBytes: bytes.byteLength };
    },
    'sandboxes.logs': ({ id, lines }) => messages.last(fleet.find(id).slot.slotId, lines),
    'sandboxes.metrics': async ({ id }) => {
      fleet.find(id);
      return { samples: await load.get(id) };
    },
  };
}

function assertSize(path: string, sizeBytes: number): void {
  if (sizeBytes <= fileLimitBytes) return;
  throw new DeskError(
    'FILE_TOO_LARGE',
    `${path} has ${sizeBytes} bytes; ${fileLimitBytes} at most pass through the desk. Cut it with exec first.`,
    { path, sizeBytes, limitBytes: fileLimitBytes },
  );
}

function encode(bytes: Uint8Array): { encoding: 'utf8' | 'base64'; content: string } {
  try {
    return {
      encoding: 'utf8',
      content: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes),
    };
  } catch {
    return { encoding: 'base64', content: Buffer.from(bytes).toString('base64') };
  }
}

function decode(content: string, encoding: 'utf8' | 'base64'): Uint8Array {
  if (encoding === 'utf8') return Buffer.from(content, 'utf8');
  const isBase64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(content);
  if (isBase64) return Buffer.from(content, 'base64');
  throw new DeskError('INVALID_INPUT', 'content is not base64. Encode it, or give encoding utf8.', {});
}
