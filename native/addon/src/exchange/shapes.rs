//! The shapes of the demo exchange's answers in JavaScript.

use desk_core::bars::TradedBar;
use desk_core::book::Side;
use desk_core::exchange::FillProfile;
use desk_core::market::{Print, Quote, TradingStatus};
use desk_core::matching::{Fill, Lifetime, NewOrder, OrderEvent, OrderKind, Trail, Trigger};
use napi_derive::napi;

use crate::numbers::integer;

/// An instrument and its last price.
#[napi(object)]
pub struct ExchangeSymbol {
    pub symbol: String,
    pub name: String,
    pub exchange: String,
    pub last_ticks: i64,
    /// Whether trading is paused: orders wait.
    pub halted: bool,
}

/// The best prices. Quantities are whole shares; 0 in a replay, where they are not known.
#[napi(object)]
pub struct ExchangeQuote {
    pub symbol: String,
    pub bid_ticks: i64,
    pub ask_ticks: i64,
    pub bid_qty: i64,
    pub ask_qty: i64,
    pub last_ticks: i64,
    pub at_ms: i64,
}

/// One trade between others; `qty` is whole shares.
#[napi(object)]
pub struct ExchangeTrade {
    pub symbol: String,
    pub price_ticks: i64,
    pub qty: i64,
    pub at_ms: i64,
}

/// A pause of trading that began (`halted`) or ended.
#[napi(object)]
pub struct ExchangeStatus {
    pub symbol: String,
    pub halted: bool,
    pub at_ms: i64,
}

/// A completed bar. In a replay `tradeCount` is 0 and `vwapTicks` the close: the file does not tell.
#[napi(object)]
pub struct ExchangeBar {
    pub symbol: String,
    /// Start of the bar.
    pub at_ms: i64,
    pub open_ticks: i64,
    pub high_ticks: i64,
    pub low_ticks: i64,
    pub close_ticks: i64,
    pub volume: i64,
    pub trade_count: i64,
    pub vwap_ticks: i64,
}

/// One execution of one of our orders.
#[napi(object)]
pub struct ExchangeFill {
    pub order_id: String,
    pub symbol: String,
    #[napi(ts_type = "'buy' | 'sell'")]
    pub side: String,
    pub qty_nanos: i64,
    pub price_ticks: i64,
    pub at_ms: i64,
    pub leaves_nanos: i64,
}

/// What happened, each list in order of time.
#[napi(object)]
pub struct ExchangeStep {
    pub now_ms: i64,
    pub is_open: bool,
    pub quotes: Vec<ExchangeQuote>,
    pub trades: Vec<ExchangeTrade>,
    pub statuses: Vec<ExchangeStatus>,
    pub bars: Vec<ExchangeBar>,
    pub orders: Vec<ExchangeOrderEvent>,
}

/// Where a trailing stop is.
#[napi(object)]
pub struct ExchangeTrail {
    /// The best price traded since the order was placed.
    pub mark_ticks: i64,
    pub stop_ticks: i64,
}

/// What became of one of our orders: a part of it traded, its stop was set off, its trailing stop moved, or its moment
/// passed and what had not traded is cancelled.
#[napi(object)]
pub struct ExchangeOrderEvent {
    #[napi(ts_type = "'filled' | 'elected' | 'trailed' | 'ended'")]
    pub kind: String,
    pub order_id: String,
    pub at_ms: i64,
    /// Present when it is `filled`.
    pub fill: Option<ExchangeFill>,
    /// Present when it is `trailed`.
    pub trail: Option<ExchangeTrail>,
}

/// An order to submit.
#[napi(object)]
pub struct ExchangeOrder {
    pub order_id: String,
    pub symbol: String,
    #[napi(ts_type = "'buy' | 'sell'")]
    pub side: String,
    #[napi(ts_type = "'market' | 'limit'")]
    pub kind: String,
    pub qty_nanos: f64,
    /// Required for a limit order.
    pub limit_ticks: Option<f64>,
    /// Keeps the order out of the market until this price, or one beyond it, is traded.
    pub stop_ticks: Option<f64>,
    /// Distance of a trailing stop; needs `markTicks`.
    pub trail_ticks: Option<f64>,
    /// Distance of a trailing stop in millionths of the price; needs `markTicks`.
    pub trail_millionths: Option<f64>,
    /// The best price that a trailing stop has seen.
    pub mark_ticks: Option<f64>,
    /// Rests unless told otherwise; the others work for a moment, completely or not at all, or in an auction.
    #[napi(ts_type = "'rest' | 'immediate' | 'complete' | 'opening' | 'closing'")]
    pub lifetime: Option<String>,
    /// Orders of one group share their quantity, and a stop that is set off takes the others out.
    pub group: Option<String>,
    /// Whether it also trades before and after the session.
    pub extended: Option<bool>,
}

/// The answer to an order. A refusal's `reason` is DUPLICATE_ORDER_ID, UNKNOWN_SYMBOL, QTY_INVALID, LIMIT_INVALID,
/// TRIGGER_INVALID, MARKET_ENDED, SIDE_INVALID, KIND_INVALID or LIFETIME_INVALID.
#[napi(object)]
pub struct ExchangeAnswer {
    pub accepted: bool,
    pub reason: Option<String>,
    pub orders: Vec<ExchangeOrderEvent>,
}

/// The market's clock and hours. A replay never opens again, and has no close once the file has ended.
#[napi(object, use_nullable = true)]
pub struct ExchangeClock {
    pub now_ms: i64,
    pub is_open: bool,
    pub next_open_ms: Option<i64>,
    pub next_close_ms: Option<i64>,
    /// When the running hours before or after a session end.
    pub extended_until_ms: Option<i64>,
}

/// A session of regular hours.
#[napi(object)]
pub struct TradingSession {
    pub open_ms: i64,
    pub close_ms: i64,
}

/// Reads an order; the error is the refusal's reason.
pub fn parse_order(order: ExchangeOrder) -> std::result::Result<NewOrder, String> {
    let side = match order.side.as_str() {
        "buy" => Side::Buy,
        "sell" => Side::Sell,
        _ => return Err("SIDE_INVALID".to_owned()),
    };
    let kind = match order.kind.as_str() {
        "market" => OrderKind::Market,
        "limit" => OrderKind::Limit(order.limit_ticks.and_then(integer).ok_or("LIMIT_INVALID")?),
        _ => return Err("KIND_INVALID".to_owned()),
    };
    let qty = integer(order.qty_nanos).ok_or("QTY_INVALID")?;
    let trigger = parse_trigger(&order)?;
    let lifetime = match order.lifetime.as_deref() {
        None | Some("rest") => Lifetime::Rest,
        Some("immediate") => Lifetime::Immediate,
        Some("complete") => Lifetime::Complete,
        Some("opening") => Lifetime::Opening,
        Some("closing") => Lifetime::Closing,
        Some(_) => return Err("LIFETIME_INVALID".to_owned()),
    };
    let ExchangeOrder { order_id, symbol, group, extended, .. } = order;
    let extended = extended.unwrap_or(false);
    Ok(NewOrder { trigger, lifetime, group, extended, ..NewOrder::plain(order_id, symbol, side, kind, qty) })
}

fn parse_trigger(order: &ExchangeOrder) -> std::result::Result<Option<Trigger>, String> {
    let whole = |value: f64| integer(value).ok_or("TRIGGER_INVALID");
    let by = match (order.trail_ticks, order.trail_millionths) {
        (None, None) => return Ok(order.stop_ticks.map(whole).transpose()?.map(Trigger::Stop)),
        (Some(ticks), _) => Trail::Ticks(whole(ticks)?),
        (None, Some(millionths)) => Trail::Millionths(whole(millionths)?),
    };
    let mark = order.mark_ticks.ok_or("TRIGGER_INVALID").and_then(whole)?;
    Ok(Some(Trigger::Trail { by, mark }))
}

/// Reads the name of a fill profile.
pub fn parse_profile(name: &str) -> Option<FillProfile> {
    match name {
        "alpaca-paper" => Some(FillProfile::AlpacaPaper),
        "realistic" => Some(FillProfile::Realistic),
        _ => None,
    }
}

/// Names a quote's instrument.
pub fn exchange_quote(symbol: &str, quote: &Quote) -> ExchangeQuote {
    ExchangeQuote {
        symbol: symbol.to_owned(),
        bid_ticks: quote.bid_ticks,
        ask_ticks: quote.ask_ticks,
        bid_qty: quote.bid_shares,
        ask_qty: quote.ask_shares,
        last_ticks: quote.last_ticks,
        at_ms: quote.at_ms,
    }
}

/// Names a trade's instrument.
pub fn exchange_trade(symbol: &str, print: &Print) -> ExchangeTrade {
    let Print { price_ticks, shares, at_ms, .. } = *print;
    ExchangeTrade { symbol: symbol.to_owned(), price_ticks, qty: shares, at_ms }
}

/// Names the instrument of a pause.
pub fn exchange_status(symbol: &str, status: &TradingStatus) -> ExchangeStatus {
    ExchangeStatus { symbol: symbol.to_owned(), halted: status.halted, at_ms: status.at_ms }
}

/// Names a bar's instrument.
pub fn exchange_bar(symbol: &str, traded: &TradedBar) -> ExchangeBar {
    let bar = traded.bar;
    ExchangeBar {
        symbol: symbol.to_owned(),
        at_ms: bar.at_ms,
        open_ticks: bar.open_ticks,
        high_ticks: bar.high_ticks,
        low_ticks: bar.low_ticks,
        close_ticks: bar.close_ticks,
        volume: bar.volume,
        trade_count: traded.trade_count,
        vwap_ticks: traded.vwap_ticks,
    }
}

/// Names what became of an order; `name` gives the instrument of an index.
pub fn exchange_order_event<'a>(event: OrderEvent, name: impl Fn(usize) -> &'a str) -> ExchangeOrderEvent {
    let (kind, order_id, at_ms, fill, trail) = match event {
        OrderEvent::Filled(fill) => {
            let (order_id, at_ms) = (fill.order_id.clone(), fill.at_ms);
            ("filled", order_id, at_ms, Some(exchange_fill(name(fill.symbol), fill)), None)
        }
        OrderEvent::Elected { order_id, at_ms } => ("elected", order_id, at_ms, None, None),
        OrderEvent::Trailed { order_id, mark_ticks, stop_ticks, at_ms } => {
            ("trailed", order_id, at_ms, None, Some(ExchangeTrail { mark_ticks, stop_ticks }))
        }
        OrderEvent::Ended { order_id, at_ms } => ("ended", order_id, at_ms, None, None),
    };
    ExchangeOrderEvent { kind: kind.to_owned(), order_id, at_ms, fill, trail }
}

fn exchange_fill(symbol: &str, fill: Fill) -> ExchangeFill {
    let side = if fill.side == Side::Buy { "buy" } else { "sell" };
    ExchangeFill {
        order_id: fill.order_id,
        symbol: symbol.to_owned(),
        side: side.to_owned(),
        qty_nanos: fill.qty,
        price_ticks: fill.price_ticks,
        at_ms: fill.at_ms,
        leaves_nanos: fill.leaves,
    }
}
