// A display for tests: the one there is, or an Xvfb of our own on a free number.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const startMs = 10_000;

/** Whether a window can be opened here. */
export function hasDisplay(env, platform) {
  return platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/** Resolves with `{ name, close }`; `name` is null when the display that is there serves. */
export async function startDisplay(env, platform) {
  if (hasDisplay(env, platform)) return { name: null, close: async () => {} };
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise((resolve) => server.once('close', resolve));
  const name = await displayNumber(server);
  return {
    name: `:${name}`,
    async close() {
      server.kill('SIGTERM');
      await ended;
    },
  };
}

function displayNumber(server) {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      server.kill('SIGKILL');
      reject(new Error(`Xvfb named no display within ${startMs / 1_000} s.`));
    }, startMs);
    const settle = (finish, value) => {
      clearTimeout(late);
      finish(value);
    };
    server.once('error', (cause) =>
      settle(reject, new Error('Xvfb did not start. Install xvfb.', { cause })),
    );
    server.once('exit', (code) => settle(reject, new Error(`Xvfb ended with exit code ${code}.`)));
    createInterface({ input: server.stdio[3] }).once('line', (line) => settle(resolve, line.trim()));
  });
}
