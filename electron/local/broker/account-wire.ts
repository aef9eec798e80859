// The account and its positions as Alpaca writes them.
import { formatDecimal, notionalMicros } from '../../contract/money.ts';
import type { AccountBook } from './account-book.ts';
import { heldNanos, valueAccount } from './account-values.ts';
import { assetId } from './asset-id.ts';
import type { MarketView } from './market-view.ts';
import { isoTime, priceText, sharesText } from './order-wire.ts';
import { formatRatio } from './ratio.ts';
import { dayStartMs } from './session-day.ts';

const usd = (micros: number) => formatDecimal(micros, 6);

/** Names the market behind the account, so that nobody takes it for a real one. */
export interface DemoLabel {
  readonly marketId: string;
  readonly label: string;
}

/** Writes the account. Its number and the additional `demo` field say what it is. */
export function accountToWire(
  book: AccountBook,
  view: MarketView,
  demo: DemoLabel,
  pendingFeesMicros: number,
) {
  const account = book.account();
  if (!account) throw new Error('The demo account is not open');
  const values = valueAccount(book, view.lastTicks);
  const buyingPower = usd(values.buyingPowerMicros);
  const configuration = book.configuration();
  return {
    id: account.id,
    account_number: `DEMO-${demo.marketId.toUpperCase()}`,
    status: 'ACTIVE',
    crypto_status: 'INACTIVE',
    currency: 'USD',
    created_at: isoTime(account.openedAtMs),
    balance_asof: isoTime(view.nowMs()).slice(0, 10),
    cash: usd(book.cashMicros()),
    equity: usd(values.equityMicros),
    last_equity: usd(book.lastEquityMicros()),
    portfolio_value: usd(values.equityMicros),
    buying_power: buyingPower,
    regt_buying_power: buyingPower,
    non_marginable_buying_power: usd(Math.floor(values.buyingPowerMicros / values.multiplier)),
    options_buying_power: '0',
    options_approved_level: 0,
    options_trading_level: 0,
    multiplier: String(values.multiplier),
    long_market_value: usd(values.longMicros),
    short_market_value: usd(values.shortMicros),
    initial_margin: usd(values.initialMarginMicros),
    maintenance_margin: usd(values.maintenanceMarginMicros),
    last_maintenance_margin: usd(book.lastMaintenanceMicros()),
    sma: '0',
    position_market_value: usd(values.longMicros - values.shortMicros),
    intraday_adjustments: '0',
    accrued_fees: '0',
    pending_reg_taf_fees: usd(pendingFeesMicros),
    pending_transfer_in: '0',
    pending_transfer_out: '0',
    shorting_enabled: !configuration.no_shorting && values.multiplier > 1,
    trading_blocked: false,
    transfers_blocked: true,
    account_blocked: false,
    trade_suspended_by_user: configuration.suspend_trade,
    demo: { market_id: demo.marketId, market: demo.label },
  };
}

/** Writes the position in a symbol that is held. */
export function positionToWire(book: AccountBook, view: MarketView, symbol: string) {
  const { qtyNanos, costMicros } = book.position(symbol);
  const lastTicks = view.lastTicks(symbol);
  const valueMicros = notionalMicros(qtyNanos, lastTicks);
  const profitMicros = valueMicros - costMicros;
  const lastdayTicks = view.previousDayBar(symbol)?.closeTicks ?? lastTicks;
  const intraday = intradayProfit(book, view, symbol, lastdayTicks);
  const cost = BigInt(Math.abs(costMicros));
  return {
    asset_id: assetId(symbol),
    symbol,
    exchange: view.find(symbol)?.exchange ?? '',
    asset_class: 'us_equity',
    asset_marginable: true,
    qty: sharesText(qtyNanos),
    qty_available: sharesText(Math.sign(qtyNanos) * (Math.abs(qtyNanos) - heldNanos(book, symbol))),
    side: qtyNanos > 0 ? 'long' : 'short',
    // One micro-dollar a nano-share is 1,000 dollars a share.
    avg_entry_price: formatRatio(BigInt(costMicros) * 1_000n, BigInt(qtyNanos), 6),
    market_value: usd(valueMicros),
    cost_basis: usd(costMicros),
    unrealized_pl: usd(profitMicros),
    unrealized_plpc: formatRatio(BigInt(profitMicros), cost, 6),
    unrealized_intraday_pl: usd(intraday.profitMicros),
    unrealized_intraday_plpc: formatRatio(BigInt(intraday.profitMicros), BigInt(intraday.basisMicros), 6),
    current_price: priceText(lastTicks),
    lastday_price: priceText(lastdayTicks),
    change_today: formatRatio(BigInt(lastTicks - lastdayTicks), BigInt(lastdayTicks), 6),
  };
}

/** Values shares carried over from the last day against its close, and the rest against their average cost. */
function intradayProfit(book: AccountBook, view: MarketView, symbol: string, lastdayTicks: number) {
  const { qtyNanos, costMicros } = book.position(symbol);
  const before = positionBefore(book, symbol, dayStartMs(view.nowMs()));
  const carriedNanos =
    Math.sign(before) === Math.sign(qtyNanos)
      ? Math.sign(qtyNanos) * Math.min(Math.abs(before), Math.abs(qtyNanos))
      : 0;
  const addedNanos = qtyNanos - carriedNanos;
  const addedCost = Number((BigInt(costMicros) * BigInt(addedNanos)) / BigInt(qtyNanos));
  const basisMicros = notionalMicros(carriedNanos, lastdayTicks) + addedCost;
  return {
    profitMicros: notionalMicros(qtyNanos, view.lastTicks(symbol)) - basisMicros,
    basisMicros: Math.abs(basisMicros),
  };
}

/** Quantity held just before a time, nanos. */
function positionBefore(book: AccountBook, symbol: string, atMs: number): number {
  const execution = book
    .executions()
    .findLast((entry) => entry.order.terms.symbol === symbol && entry.atMs < atMs);
  return execution?.positionNanos ?? 0;
}
