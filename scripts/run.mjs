// Runs a program to its end within a time limit.
import { spawn } from 'node:child_process';

/**
 * Resolves with what the program wrote to stdout, which also goes to ours with `show`. Rejects when the program cannot
 * start, fails, or is still running after `timeoutMs`; the error then carries its `stdout`.
 */
export function run(command, args, { cwd, env, timeoutMs, show = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env,
      timeout: timeoutMs,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
      if (show) process.stdout.write(text);
    });
    child.once('error', (error) => reject(Object.assign(error, { stdout })));
    child.once('close', (code, signal) => {
      if (code === 0) return resolve(stdout);
      const how = signal === null ? `exit code ${code}` : signal;
      reject(Object.assign(new Error(`${command} ${args.join(' ')} ended with ${how}.`), { stdout }));
    });
  });
}
