// Entry of the child process that runs the local services. Starts them when told, reports where they are, and
// ends them when told, when the parent is gone, or on a signal.
import { DeskError, toEnvelope } from './contract/errors.ts';
import {
  type FromLocalServices,
  type LocalServicesConfig,
  ToLocalServices,
} from './contract/local-services.ts';
import { type LocalServices, startLocalServices } from './local/local-services.ts';
import { openParentChannel } from './local/parent-channel.ts';

/** A close that hangs must not keep the process: its files are safe whenever it ends. */
const CLOSE_WITHIN_MS = 5_000;

const parent = openParentChannel();
let starting: Promise<LocalServices> | undefined;
let stopping = false;

function report(error: unknown): void {
  console.error(error);
}

function send(message: FromLocalServices): Promise<void> {
  return parent.send(message);
}

async function fail(error: unknown): Promise<void> {
  report(error);
  const { code, message } = toEnvelope(error);
  process.exitCode = 1;
  await send({ kind: 'failed', code, message });
  await stop();
}

async function start(config: LocalServicesConfig): Promise<void> {
  starting = startLocalServices(config, { clock: { now: Date.now }, report });
  try {
    const services = await starting;
    if (!stopping) await send({ kind: 'ready', ready: services.ready });
  } catch (error) {
    starting = undefined;
    await fail(error);
  }
}

async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  setTimeout(() => process.exit(1), CLOSE_WITHIN_MS).unref();
  try {
    await (await starting)?.close();
  } catch (error) {
    report(error);
    process.exitCode = 1;
  }
  process.exit();
}

parent.onMessage((input) => {
  const parsed = ToLocalServices.safeParse(input);
  if (!parsed.success) {
    const reason = new DeskError(
      'INVALID_INPUT',
      `The local services were sent what they do not know: ${parsed.error.message}`,
    );
    if (starting) report(reason);
    else void fail(reason);
    return;
  }
  if (parsed.data.kind === 'stop') void stop();
  else if (!starting && !stopping) void start(parsed.data.config);
});
parent.onGone(() => void stop());
process.once('SIGTERM', () => void stop());
process.once('SIGINT', () => void stop());
