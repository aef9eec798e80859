//! Why an order is refused: one code for programs, the value and the limit behind it, one sentence for people.

use std::fmt;

use super::words::{Unit, write_value};

/// The one reason for which an order is refused. Displays as a sentence that names the value and the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Denial {
    /// What was violated.
    pub code: Code,
    /// What was found, in the code's unit; `None` when it is not known.
    pub value: Option<i64>,
    /// What is allowed, in the code's unit; `None` when no limit is set, or none applies.
    pub limit: Option<i64>,
}

/// A reason to refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[rustfmt::skip]
#[expect(missing_docs, reason = "the table in the module's documentation says what each means")]
pub enum Code {
    QtyInvalid, PriceInvalid, TickSize, NotTradable,
    TradingHalted, StateReducing, AccountStale, DailyLoss, Drawdown,
    MarketClosed, ClockStale, TimeInForce, SymbolHalted, LotSize,
    QuoteMissing, QuoteCrossed, QuoteStale, PriceCollar, PositionUnknown,
    OrderQuantity, OrderNotional, DuplicateOrder, OrderRate, OpenOrders,
    WashTrade, ShortNotAllowed, ShortUnavailable,
    SymbolPosition, GrossExposure, NetExposure, Concentration, BuyingPower,
    AgentDailyLoss, AgentExposure, StrategyDailyLoss, StrategyExposure,
    Arithmetic,
}

/// How the sentence of a code is made from its value and its limit.
enum Form {
    /// A sentence that needs neither.
    Plain(&'static str),
    /// "<subject> <value>, above the limit of <limit>".
    Above(&'static str, Unit),
    /// "<subject> <value>; nothing is opened from <limit> on".
    Reached(&'static str, Unit),
    /// "<subject> <value> ms old; at most <limit> ms is allowed".
    Old(&'static str),
    /// A sentence with both in it.
    Both(&'static str, &'static str, &'static str, Unit),
}

impl Code {
    /// Every code, in the order of the checks.
    #[rustfmt::skip]
    pub const ALL: [Self; 37] = [
        Self::QtyInvalid, Self::PriceInvalid, Self::TickSize, Self::NotTradable,
        Self::TradingHalted, Self::StateReducing, Self::AccountStale, Self::DailyLoss, Self::Drawdown,
        Self::MarketClosed, Self::ClockStale, Self::TimeInForce, Self::SymbolHalted, Self::LotSize,
        Self::QuoteMissing, Self::QuoteCrossed, Self::QuoteStale, Self::PriceCollar, Self::PositionUnknown,
        Self::OrderQuantity, Self::OrderNotional, Self::DuplicateOrder, Self::OrderRate, Self::OpenOrders,
        Self::WashTrade, Self::ShortNotAllowed, Self::ShortUnavailable,
        Self::SymbolPosition, Self::GrossExposure, Self::NetExposure, Self::Concentration, Self::BuyingPower,
        Self::AgentDailyLoss, Self::AgentExposure, Self::StrategyDailyLoss, Self::StrategyExposure,
        Self::Arithmetic,
    ];

    /// The code that programs, events and tests go by.
    pub fn name(self) -> &'static str {
        self.entry().0
    }

    /// What the operator can do, as a sentence.
    pub fn remedy(self) -> &'static str {
        self.entry().2
    }

    #[rustfmt::skip]
    fn entry(self) -> (&'static str, Form, &'static str) {
        use Form::{Above, Both, Old, Plain, Reached};
        use Unit::{BasisPoints, Count, Micros, Milliseconds, Nanos, Ticks};
        match self {
            Self::QtyInvalid => ("QTY_INVALID", Plain("the quantity must be a whole, positive number of billionths of a share"), "Correct the quantity."),
            Self::PriceInvalid => ("PRICE_INVALID", Plain("the limit price must be a whole, positive number of hundredths of a cent"), "Correct the price."),
            Self::TickSize => ("TICK_SIZE", Both("the limit price ", " is not a multiple of ", "", Ticks), "Round the price: to cents from $1 on, to hundredths of a cent below."),
            Self::NotTradable => ("NOT_TRADABLE", Plain("the broker does not trade this symbol"), "Choose another symbol."),
            Self::TradingHalted => ("TRADING_HALTED", Plain("trading is halted: only orders that reduce a position pass until the desk is re-armed"), "Re-arm with a reason when it is safe."),
            Self::StateReducing => ("STATE_REDUCING", Plain("entries are blocked: only orders that reduce a position pass"), "Unblock entries when it is safe."),
            Self::AccountStale => ("ACCOUNT_STALE", Old("the reading of the account is"), "It is read again every few seconds; see health if it is not."),
            Self::DailyLoss => ("DAILY_LOSS", Reached("the account has lost", Micros), "Wait for the next day, or raise account.dailyLoss."),
            Self::Drawdown => ("DRAWDOWN", Reached("the equity is below its peak by", BasisPoints), "Review the positions, or raise account.drawdown."),
            Self::MarketClosed => ("MARKET_CLOSED", Plain("the market is closed, or not known to be open"), "Wait for the opening."),
            Self::ClockStale => ("CLOCK_STALE", Old("the market clock is"), "It is read again every second; see health if it is not."),
            Self::TimeInForce => ("TIME_IN_FORCE", Plain("an order of this kind and time in force does not trade in the present session"), "Use a limit order for extended hours, or wait for the regular session."),
            Self::SymbolHalted => ("SYMBOL_HALTED", Plain("trading in this symbol is halted"), "Wait until the exchange resumes it."),
            Self::LotSize => ("LOT_SIZE", Both("the quantity ", " is not a multiple of ", "", Nanos), "Round the quantity."),
            Self::QuoteMissing => ("QUOTE_MISSING", Plain("there is no quote with a bid and an ask"), "Wait for one; see health if none comes."),
            Self::QuoteCrossed => ("QUOTE_CROSSED", Both("the bid ", " is above the ask ", "", Ticks), "Wait for the next quote."),
            Self::QuoteStale => ("QUOTE_STALE", Old("the quote is"), "Wait for a fresh one, or raise order.quoteAge."),
            Self::PriceCollar => ("PRICE_COLLAR", Above("the order would trade away from the middle of the quote by", BasisPoints), "Wait for a narrower quote, or raise order.collar."),
            Self::PositionUnknown => ("POSITION_UNKNOWN", Plain("the account's position or its working orders are not known"), "The desk reads them again by itself; see health."),
            Self::OrderQuantity => ("ORDER_QUANTITY", Above("the order is for", Nanos), "Make it smaller, or raise order.quantity."),
            Self::OrderNotional => ("ORDER_NOTIONAL", Above("the order is worth", Micros), "Make it smaller, or raise order.notional."),
            Self::DuplicateOrder => ("DUPLICATE_ORDER", Both("the same order was approved ", " ago; at least ", " must lie between", Milliseconds), "Wait, or shorten order.duplicateWindow."),
            Self::OrderRate => ("ORDER_RATE", Above("the orders of this minute would be", Count), "Wait, or raise account.ordersPerMinute."),
            Self::OpenOrders => ("OPEN_ORDERS", Above("the open orders would be", Count), "Wait until some are done, or raise account.openOrders."),
            Self::WashTrade => ("WASH_TRADE", Plain("an own order on the other side would trade with it, which the broker refuses"), "Cancel that order, or wait until it is done."),
            Self::ShortNotAllowed => ("SHORT_NOT_ALLOWED", Plain("the order could make the position short, which the limits do not allow"), "Allow it with account.shorting."),
            Self::ShortUnavailable => ("SHORT_UNAVAILABLE", Plain("the broker lends no shares of this symbol"), "Choose another symbol."),
            Self::SymbolPosition => ("SYMBOL_POSITION", Above("the position could reach", Micros), "Make it smaller, or raise account.symbolPosition."),
            Self::GrossExposure => ("GROSS_EXPOSURE", Above("all positions together could reach", Micros), "Close something, or raise account.grossExposure."),
            Self::NetExposure => ("NET_EXPOSURE", Above("the difference between long and short positions could reach", Micros), "Close something on this side, or raise account.netExposure."),
            Self::Concentration => ("CONCENTRATION", Above("the position could reach, of the equity,", BasisPoints), "Make it smaller, or raise account.concentration."),
            Self::BuyingPower => ("BUYING_POWER", Both("the order and what is on its way need ", ", above the buying power of ", "", Micros), "Make it smaller, or close something."),
            Self::AgentDailyLoss => ("AGENT_DAILY_LOSS", Reached("the agent has lost", Micros), "Wait for the next day, or raise agent.dailyLoss."),
            Self::AgentExposure => ("AGENT_EXPOSURE", Above("the agent's positions could reach", Micros), "Deploy it smaller, or raise agent.exposure."),
            Self::StrategyDailyLoss => ("STRATEGY_DAILY_LOSS", Reached("the agents of the strategy have lost", Micros), "Wait for the next day, or raise strategy.dailyLoss."),
            Self::StrategyExposure => ("STRATEGY_EXPOSURE", Above("the positions of the strategy's agents could reach", Micros), "Deploy fewer of them, or raise strategy.exposure."),
            Self::Arithmetic => ("ARITHMETIC", Plain("the order's value is too large to compute"), "Make it smaller."),
        }
    }
}

impl Denial {
    /// A denial that needs no figures.
    pub fn plain(code: Code) -> Self {
        Self { code, value: None, limit: None }
    }
}

impl std::error::Error for Denial {}

impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (value, limit) = (self.value, self.limit);
        match self.code.entry().1 {
            Form::Plain(sentence) => f.write_str(sentence),
            Form::Above(subject, unit) => {
                write!(f, "{subject} ")?;
                write_value(f, value, unit)?;
                bounded(f, ", above the limit of ", limit, unit, "")
            }
            Form::Reached(subject, unit) => {
                write!(f, "{subject} ")?;
                write_value(f, value, unit)?;
                bounded(f, "; nothing is opened from ", limit, unit, " on")
            }
            Form::Old(subject) => write_age(f, subject, value, limit),
            Form::Both(before, between, after, unit) => {
                f.write_str(before)?;
                write_value(f, value, unit)?;
                f.write_str(between)?;
                write_value(f, limit, unit)?;
                f.write_str(after)
            }
        }
    }
}

fn bounded(
    f: &mut fmt::Formatter<'_>,
    before: &str,
    limit: Option<i64>,
    unit: Unit,
    after: &str,
) -> fmt::Result {
    if limit.is_none() {
        return f.write_str(", and no limit is set");
    }
    f.write_str(before)?;
    write_value(f, limit, unit)?;
    f.write_str(after)
}

fn write_age(
    f: &mut fmt::Formatter<'_>,
    subject: &str,
    age_ms: Option<i64>,
    limit_ms: Option<i64>,
) -> fmt::Result {
    let Some(limit) = limit_ms else {
        return write!(f, "{subject} not checkable: no age limit is set");
    };
    match age_ms {
        None => write!(f, "{subject} undated; at most {limit} ms old is allowed"),
        Some(age) if age < 0 => {
            write!(f, "{subject} dated {} ms ahead; at most {limit} ms is allowed", age.unsigned_abs())
        }
        Some(age) => write!(f, "{subject} {age} ms old; at most {limit} ms is allowed"),
    }
}
