//! What the gate is told. `None` is "not known" or "not set", and refuses new risk.

use crate::book::Side;
use crate::money::{Micros, PriceTicks, QtyNanos};

/// What the operator and the losses currently allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TradingState {
    /// Positions may grow.
    Active,
    /// Positions may only shrink.
    Reducing,
    /// The kill switch is latched: positions may only shrink.
    Halted,
}

/// At what price an order trades.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderPrice {
    /// At whatever the other side asks.
    Market,
    /// At this price or better; `None` when the caller's number was not one.
    Limit(Option<PriceTicks>),
}

/// How long an order stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeInForce {
    /// To the end of the session.
    Day,
    /// Until it is cancelled.
    GoodTillCancelled,
    /// What trades at once; the rest is cancelled.
    ImmediateOrCancel,
    /// All at once or nothing.
    FillOrKill,
    /// In the opening auction.
    Opening,
    /// In the closing auction.
    Closing,
}

/// What the market is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Session {
    /// Nothing trades.
    Closed,
    /// Before the opening or after the close: limit orders that ask for it trade.
    Extended,
    /// The regular session.
    Regular,
}

/// An order as it would be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// Which way it trades.
    pub side: Side,
    /// Positive; `None` when the caller's number was not one.
    pub qty: Option<QtyNanos>,
    /// Market or limit.
    pub price: OrderPrice,
    /// How long it stays.
    pub time_in_force: Option<TimeInForce>,
    /// It asks to trade outside the regular session too.
    pub extended_hours: bool,
}

impl Order {
    /// A market order for the day, as the desk sends them.
    pub fn market(side: Side, qty: Option<QtyNanos>) -> Self {
        let time_in_force = Some(TimeInForce::Day);
        Self { side, qty, price: OrderPrice::Market, time_in_force, extended_hours: false }
    }
}

/// What the broker says of the symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instrument {
    /// The broker trades it.
    pub tradable: bool,
    /// Its trading is halted or paused.
    pub halted: bool,
    /// The broker lends its shares.
    pub shortable: bool,
    /// Quantities are multiples of this.
    pub lot: Option<QtyNanos>,
}

/// The market at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Market {
    /// By the broker's clock.
    pub session: Option<Session>,
    /// Milliseconds since the clock was read. Negative when it is dated ahead of ours.
    pub clock_age_ms: Option<i64>,
    /// Best bid.
    pub bid: Option<PriceTicks>,
    /// Best ask.
    pub ask: Option<PriceTicks>,
    /// Milliseconds since the quote was made. Negative when it is dated ahead of our clock.
    pub quote_age_ms: Option<i64>,
}

/// The account's position in the symbol and what is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holding {
    /// Signed.
    pub position: Option<QtyNanos>,
    /// Ordered to buy and not yet filled; not negative.
    pub working_buy: Option<QtyNanos>,
    /// Ordered to sell and not yet filled; not negative.
    pub working_sell: Option<QtyNanos>,
    /// Best price of the account's own orders on the other side; `None` when one of them is a market order.
    pub opposite_limit: Option<PriceTicks>,
}

/// How fast orders follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Milliseconds since the last order of the symbol was approved, if it was the same; `i64::MAX` if not.
    pub same_order_age_ms: Option<i64>,
    /// Orders approved within the last minute.
    pub orders_last_minute: Option<i64>,
    /// Orders that the broker can still fill, in all symbols.
    pub open_orders: Option<i64>,
}

/// The whole account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    /// Milliseconds since it was read.
    pub age_ms: Option<i64>,
    /// Cash and positions at the market.
    pub equity: Option<Micros>,
    /// Equity at the start of the day.
    pub day_start_equity: Option<Micros>,
    /// Highest equity read so far.
    pub peak_equity: Option<Micros>,
    /// As the broker states it.
    pub buying_power: Option<Micros>,
    /// Cost of opening orders that the statement does not count yet.
    pub reserved: Option<Micros>,
    /// Worst case value of the positions in all other symbols, unsigned each.
    pub other_gross: Option<Micros>,
    /// Signed value of all other positions if everything that buys is filled.
    pub other_net_high: Option<Micros>,
    /// Signed value of all other positions if everything that sells is filled.
    pub other_net_low: Option<Micros>,
}

/// Everything that is known at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context {
    /// What the operator allows.
    pub state: TradingState,
    /// The symbol.
    pub instrument: Instrument,
    /// The market.
    pub market: Market,
    /// The position in the symbol.
    pub holding: Holding,
    /// The orders before this one.
    pub pace: Pace,
    /// The account.
    pub account: Account,
}

impl Context {
    /// A position and a fresh quote in an open market, and nothing else that could be in the way.
    pub fn undisturbed(position: QtyNanos, bid: PriceTicks, ask: PriceTicks) -> Self {
        Self {
            state: TradingState::Active,
            instrument: Instrument { tradable: true, halted: false, shortable: true, lot: Some(1) },
            market: Market {
                session: Some(Session::Regular),
                clock_age_ms: Some(0),
                bid: Some(bid),
                ask: Some(ask),
                quote_age_ms: Some(0),
            },
            holding: Holding {
                position: Some(position),
                working_buy: Some(0),
                working_sell: Some(0),
                opposite_limit: None,
            },
            pace: Pace {
                same_order_age_ms: Some(i64::MAX),
                orders_last_minute: Some(0),
                open_orders: Some(0),
            },
            account: Account {
                age_ms: Some(0),
                equity: Some(Micros::MAX),
                day_start_equity: Some(Micros::MAX),
                peak_equity: Some(Micros::MAX),
                buying_power: Some(Micros::MAX),
                reserved: Some(0),
                other_gross: Some(0),
                other_net_high: Some(0),
                other_net_low: Some(0),
            },
        }
    }
}

/// One agent that wants to hold more, and the strategy it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agent {
    /// What it holds, signed.
    pub position: Option<QtyNanos>,
    /// What it wants to hold, signed.
    pub target: Option<QtyNanos>,
    /// Best ask.
    pub ask: Option<PriceTicks>,
    /// Worst case value of its positions in all other symbols, unsigned each.
    pub other_exposure: Option<Micros>,
    /// Realised today and unrealised; negative is a loss.
    pub day_result: Option<Micros>,
    /// Worst case value of all other positions of its strategy's agents, unsigned each.
    pub strategy_other_exposure: Option<Micros>,
    /// Realised today and unrealised, of all its strategy's agents.
    pub strategy_day_result: Option<Micros>,
}

/// The limits in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Largest quantity of one order.
    pub order_quantity: Option<QtyNanos>,
    /// Largest value of one order.
    pub order_notional: Option<Micros>,
    /// Furthest price from the middle of the quote, in hundredths of a percent of it.
    pub collar_bps: Option<i64>,
    /// Oldest usable quote.
    pub max_quote_age_ms: Option<i64>,
    /// Oldest usable reading of the market clock.
    pub max_clock_age_ms: Option<i64>,
    /// Oldest usable reading of the account.
    pub max_account_age_ms: Option<i64>,
    /// Shortest time between two equal orders; 0 allows them.
    pub duplicate_window_ms: Option<i64>,
    /// Most orders approved within a minute.
    pub orders_per_minute: Option<i64>,
    /// Most open orders.
    pub open_orders: Option<i64>,
    /// Largest value of the position in one symbol.
    pub symbol_position: Option<Micros>,
    /// Largest value of all positions, unsigned each.
    pub gross_exposure: Option<Micros>,
    /// Largest difference between long and short positions, either way.
    pub net_exposure: Option<Micros>,
    /// Largest part of the equity in one symbol, in hundredths of a percent.
    pub concentration_bps: Option<i64>,
    /// Positions may be short.
    pub shorting: bool,
    /// Loss of a day at which nothing is opened any more.
    pub daily_loss: Option<Micros>,
    /// Fall of the equity below its peak at which nothing is opened any more, in hundredths of a percent.
    pub drawdown_bps: Option<i64>,
    /// Largest value of one agent's positions.
    pub agent_exposure: Option<Micros>,
    /// Loss of a day at which an agent opens nothing any more.
    pub agent_daily_loss: Option<Micros>,
    /// Largest value of the positions of one strategy's agents.
    pub strategy_exposure: Option<Micros>,
    /// Loss of a day at which no agent of a strategy opens anything any more.
    pub strategy_daily_loss: Option<Micros>,
}

impl Limits {
    /// Limits that nothing representable exceeds, for readings of this very moment.
    pub fn boundless() -> Self {
        let most = Some(i64::MAX);
        Self {
            order_quantity: most,
            order_notional: most,
            collar_bps: most,
            max_quote_age_ms: Some(0),
            max_clock_age_ms: Some(0),
            max_account_age_ms: Some(0),
            duplicate_window_ms: Some(0),
            orders_per_minute: most,
            open_orders: most,
            symbol_position: most,
            gross_exposure: most,
            net_exposure: most,
            concentration_bps: most,
            shorting: true,
            daily_loss: most,
            drawdown_bps: most,
            agent_exposure: most,
            agent_daily_loss: most,
            strategy_exposure: most,
            strategy_daily_loss: most,
        }
    }
}
