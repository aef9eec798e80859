// Connects to a port inside a sandbox. Its network is its own, so a program inside makes the connection and passes the
// bytes on.
import { Duplex, type Readable } from 'node:stream';
import type { CommandLine } from '../isolation/enclosure.ts';
import type { LaunchedCommand } from './launched-command.ts';

// Says that it is connected before anything that comes from there.
const greeting = 'open\n';
const pass = 'exec 3<>"/dev/tcp/127.0.0.1/$0" || exit 1; echo open; cat <&0 >&3 & exec cat <&3';

/** Resolves with the connection, or with undefined when nothing listens. */
export async function connectToPort(
  launch: (command: CommandLine) => Promise<LaunchedCommand>,
  port: number,
): Promise<Duplex | undefined> {
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin' };
  const command = await launch({ file: '/bin/bash', args: ['-c', pass, String(port)], env, cwd: '/' });
  const [output, complaints] = command.outputs.map(({ source }) => source);
  complaints?.resume();
  if (output === undefined || !(await isGreeted(output))) {
    command.signal('SIGKILL');
    return undefined;
  }
  const connection = new Duplex({
    read: () => output.resume(),
    write(chunk: Buffer, _encoding, done) {
      (command.input?.write(chunk) ?? Promise.resolve()).then(() => done(), done);
    },
    final(done) {
      command.input?.end?.();
      done();
    },
    destroy(error, done) {
      command.signal('SIGKILL');
      output.destroy();
      done(error);
    },
  });
  output.on('data', (chunk) => {
    if (!connection.push(chunk)) output.pause();
  });
  output.once('end', () => connection.push(null)).on('error', () => connection.destroy());
  return connection;
}

/** Takes the greeting off the output; resolves with false when the output ends without one. */
function isGreeted(output: Readable): Promise<boolean> {
  return new Promise((resolve) => {
    const take = () => {
      const greeted: unknown = output.read(greeting.length);
      if (!(greeted instanceof Buffer)) return;
      output.off('readable', take);
      resolve(greeted.toString() === greeting);
    };
    output.on('readable', take).once('end', () => resolve(false));
  });
}
