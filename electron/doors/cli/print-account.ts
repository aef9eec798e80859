// Words for what the operations on the account answer.
import type {
  acknowledgeAccount,
  armLive,
  disarmLive,
  forgetAccountKey,
  showAccount,
  testAccount,
} from '../../contract/account.ts';
import type { OutputOf } from '../../contract/define-operation.ts';
import { differenceLines } from '../../contract/difference-lines.ts';
import { isMoneySimulated } from '../../contract/simulated.ts';
import { milliseconds, span, usd } from './format.ts';
import { simulated, table, type View } from './view.ts';

type AccountView = OutputOf<typeof showAccount>;

export function printAccount(account: AccountView, view: View): string {
  const { inUse, connected, accountNumber, accounts, armed, limitsKey } = account;
  const number = accountNumber === null ? '' : `, number ${accountNumber}`;
  const storage = accounts.find((row) => row.keyProtection !== null)?.keyProtection;
  return [
    `Account    ${inUse.toUpperCase()}${number}, ${connected ? 'connected' : view.colors.red('not connected')}`,
    ...(inUse === 'live'
      ? [`Armed      ${armedWords(armed?.until ?? null, view, `account-arm NUMBER --limits ${limitsKey}`)}`]
      : []),
    `Limits     ${limitWords(account)}`,
    `Storage    ${storage?.detail ?? ''}`,
    '',
    table(
      accounts,
      [
        { title: 'account', cell: (row) => row.account.toUpperCase() },
        { title: 'trades at', cell: (row) => row.address },
        { title: 'key', cell: (row) => row.key },
      ],
      view,
      '',
    ),
  ].join('\n');
}

/** Whether LIVE may open positions, and for how long; "how" is what arms it. */
export function armedWords(
  until: number | null,
  { colors, now }: Pick<View, 'colors' | 'now'>,
  how = 'see account',
): string {
  if (until !== null) return `${colors.red('yes')}, for ${span(until - now)} more unless somebody acts`;
  return `${colors.yellow('no')}, opening orders are refused: ${how}`;
}

function limitWords({ limits, limitsKey }: AccountView): string {
  const { orderNotionalMicros, symbolPositionMicros, maxQuoteAgeMs } = limits;
  return `${usd(orderNotionalMicros)} an order, ${usd(symbolPositionMicros)} a symbol, quotes at most ${milliseconds(maxQuoteAgeMs)} old; limits lists all (key ${limitsKey})`;
}

export function printAccountTest({
  account,
  address,
  accountNumber,
  equityMicros,
  tookMs,
}: OutputOf<typeof testAccount>): string {
  const equity = simulated(usd(equityMicros), isMoneySimulated(account));
  return `Reached ${account.toUpperCase()} at ${address} in ${milliseconds(tookMs)}: account ${accountNumber}, equity ${equity}. The account was read, nothing else.`;
}

export function printKeyForgotten({ account, forgotten }: OutputOf<typeof forgetAccountKey>): string {
  return forgotten
    ? `The key of ${account.toUpperCase()} was deleted.`
    : `No key of ${account.toUpperCase()} was stored.`;
}

export function printArmed({ until }: OutputOf<typeof armLive>, { now, colors }: View): string {
  return `${colors.red('LIVE is armed')}: opening orders pass. It ends after ${span(until - now)} in which nobody acts.`;
}

export function printAcknowledged({ acknowledged }: OutputOf<typeof acknowledgeAccount>): string {
  const lines = differenceLines(acknowledged);
  return ["The broker's version is taken over:", ...lines, 'New risk is allowed again.'].join('\n');
}

export function printDisarmed({ disarmed }: OutputOf<typeof disarmLive>): string {
  return disarmed ? 'LIVE is no longer armed. Opening orders are refused.' : 'LIVE was not armed.';
}
