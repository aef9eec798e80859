// The terminals this process holds. Their descriptors are inherited by every program it starts, since the library that
// opens them does not say otherwise: each program closes them first, or one sandbox could type into another's terminal.
import type { HostCommandLine } from './enclosure.ts';

const open = new Set<{ readonly descriptor: number }>();

/** Remembers a terminal's descriptor until the returned function is called. */
export function rememberTerminal(descriptor: number): () => void {
  // The system may have given the number to the next one before the end of the last is heard of.
  const terminal = { descriptor };
  open.add(terminal);
  return () => open.delete(terminal);
}

/** Returns the command with the terminals closed before it starts. */
export function withoutTerminals(line: HostCommandLine): HostCommandLine {
  if (open.size === 0) return line;
  // Bash, because sh need not know descriptors of two digits.
  const close = [...open].map(({ descriptor }) => `${descriptor}>&-`).join(' ');
  return {
    file: '/bin/bash',
    args: ['-c', `exec "$0" "$@" ${close}`, line.file, ...line.args],
    env: line.env,
  };
}
