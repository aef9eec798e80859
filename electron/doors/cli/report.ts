// What a run prints and what it exits with: one JSON document with --json, words otherwise.
import { DeskError, type ErrorEnvelope, errorKind, toEnvelope } from '../../contract/errors.ts';
import type { CliIo } from './cli-io.ts';
import { createColors } from './view.ts';

/** 0 done, 1 refused or failed, 2 wrong usage, 3 no host is running. */
export type ExitCode = 0 | 1 | 2 | 3;

interface Report {
  readonly json: boolean;
  /** Prints the command's one answer. */
  answer(value: unknown, words: () => string): void;
  help(text: string): void;
  /** Prints why the run failed and returns its exit code. */
  failure(error: unknown): ExitCode;
}

/** Creates the report of one run. `--json` counts wherever it stands, so that a bad line is still answered in JSON. */
export function createReport(argv: readonly string[], io: CliIo): Report {
  const json = (argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv).includes('--json');
  // A command that goes on after its answer may still fail; the one document is spent by then.
  let answered = false;

  function answer(document: unknown, words: () => string): void {
    answered = true;
    io.stdout.write(`${json ? JSON.stringify(document) : words()}\n`);
  }

  return {
    json,
    answer: (value, words) => answer({ ok: true, value }, words),
    help(text) {
      const words = text.trimEnd();
      answer({ ok: true, value: words === io.version ? { version: words } : { help: words } }, () => words);
    },
    failure(error) {
      const envelope = describeFailure(error, io);
      if (json && !answered) answer({ ok: false, error: envelope }, () => '');
      else
        io.stderr.write(
          `${createColors({ stdout: io.stderr, env: io.env }).red('error')} ${envelope.message} (${envelope.code})\n`,
        );
      return exitCode(envelope);
    },
  };
}

function exitCode({ code }: ErrorEnvelope): ExitCode {
  if (code === 'HOST_NOT_RUNNING') return 3;
  return errorKind(code) === 'usage' ? 2 : 1;
}

/** An error without a code is a bug on this side of the socket: its stack goes to stderr. */
function describeFailure(error: unknown, io: CliIo): ErrorEnvelope {
  if (error instanceof DeskError) {
    const { code, message, detail } = toEnvelope(error);
    return detail && Object.keys(detail).length > 0 ? { code, message, detail } : { code, message };
  }
  io.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return { code: 'INTERNAL', message: 'The command line failed; what is above on stderr says where.' };
}
