// Loaded into a host's process before it: tells its parent where the local services are, and keeps the event loop busy
// from one message until a file appears.
import childProcess from 'node:child_process';
import { existsSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { isMainThread } from 'node:worker_threads';

if (isMainThread && process.send && process.argv[1]?.endsWith('daemon.js')) {
  const { fork } = childProcess;
  childProcess.fork = (...args) => {
    const child = fork(...args);
    child.on('message', (message) => message.kind === 'ready' && process.send(message));
    return child;
  };
  syncBuiltinESMExports();
  process.on('message', ({ hangUntil }) => {
    while (!existsSync(hangUntil)) Math.hypot(3, 4);
  });
}
