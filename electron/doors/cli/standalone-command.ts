// Makes a command of an operation that needs no running host: the host does it where one runs, else this process.
import { BacktestReport } from '../../contract/backtest-report.ts';
import { sweepBacktest } from '../../contract/backtest-sweep.ts';
import { runBacktest } from '../../contract/backtest.ts';
import type { CliForm, Operation } from '../../contract/define-operation.ts';
import { DeskError } from '../../contract/errors.ts';
import { connectDesk, type DeskClient } from '../control-client.ts';
import { absolutePaths } from './absolute-paths.ts';
import { askHost } from './ask-host.ts';
import { type CliCommand, type CommandContext, defineCommand, promisedForm } from './command.ts';
import { printerOf } from './print-answer.ts';
import { createProgressLine, drawingWork, followOwnWork, type ProgressLine } from './show-progress.ts';

const connectMs = 5_000;

/** Derives the command that `cli` promises for `operation`. */
export function standaloneCommand(operation: Operation, cli: CliForm): CliCommand {
  const print = printerOf(operation);
  return defineCommand({
    ...promisedForm(operation, cli),
    async run(_, context, raw) {
      const { io, colors } = context;
      const input = absolutePaths(raw, io.cwd);
      const line = io.stderr.isTTY && !context.json ? createProgressLine(io.stderr) : null;
      const client = await findHost(context);
      const value = client
        ? await askClient(client, operation, input, context, line)
        : await askOwn(operation, input, context, line);
      context.answer(value, () =>
        print(value, { colors, mode: 'demo', spendSimulated: true, now: io.now() }),
      );
      refuseFailed(operation, value);
    },
  });
}

async function findHost({ paths }: CommandContext): Promise<DeskClient | null> {
  try {
    return await connectDesk(paths.controlSocket, connectMs);
  } catch (error) {
    if (error instanceof DeskError && error.code === 'HOST_NOT_RUNNING') return null;
    throw error;
  }
}

async function askClient(
  client: DeskClient,
  operation: Operation,
  input: unknown,
  { io }: CommandContext,
  line: ProgressLine | null,
): Promise<unknown> {
  try {
    const ask = () => askHost(client, operation, input, io.interrupt);
    return await (line ? drawingWork(client, line, ask) : ask());
  } finally {
    client.close();
  }
}

async function askOwn(
  operation: Operation,
  input: unknown,
  { io, paths }: CommandContext,
  line: ProgressLine | null,
): Promise<unknown> {
  const research = await io.openResearch(paths);
  const stop = line ? followOwnWork(research.work, line) : null;
  try {
    return await research.call(operation.name, input, io.interrupt);
  } finally {
    stop?.();
    await research.close();
  }
}

/** After the answer, which shows what failed: a script must not take it for a success. */
function refuseFailed(operation: Operation, value: unknown): void {
  const failed = failedChecks(operation, value);
  if (failed.length === 0) return;
  const names = failed.map(({ name, betrayedAt }) =>
    betrayedAt === null ? name : `${name} at the bar of ${new Date(betrayedAt).toISOString()}`,
  );
  throw new DeskError(
    'BACKTEST_FAILED',
    `The backtest failed its checks: ${names.join(', ')}. Its figures are not to be believed.`,
  );
}

function failedChecks({ name }: Operation, value: unknown): BacktestReport['checks'] {
  if (name !== runBacktest.name && name !== sweepBacktest.name) return [];
  return BacktestReport.parse(value).checks.filter((check) => !check.passed);
}
