//! Results as JavaScript sees them: what is long comes in typed columns.

use std::collections::BTreeMap;

use desk_core::backtest::{Book, Check, Trade, TradeSide};
use desk_core::metrics::Metric;
use desk_lab as lab;
use napi::bindgen_prelude::{Float64Array, Int8Array};
use napi_derive::napi;

/// One figure.
#[napi(object, use_nullable = true)]
pub struct BacktestMetric {
    pub name: String,
    pub value: Option<f64>,
    pub unit: String,
    pub definition: String,
    /// Why there is no value.
    pub absent: Option<String>,
}

/// One check.
#[napi(object, use_nullable = true)]
pub struct BacktestCheck {
    pub name: String,
    pub passed: bool,
    pub detail: String,
    /// Start of the bar that betrays a failure.
    pub betrayed_at_ms: Option<f64>,
}

/// Closed trades, column by column.
#[napi(object)]
pub struct TradeColumns {
    pub agent_id: Vec<String>,
    pub symbol: Vec<String>,
    /// 1 long, -1 short.
    pub side: Int8Array,
    pub qty_nanos: Float64Array,
    pub entry_at_ms: Float64Array,
    pub entry_price_ticks: Float64Array,
    pub exit_at_ms: Float64Array,
    pub exit_price_ticks: Float64Array,
    pub pnl_micros: Float64Array,
    pub return_pct: Float64Array,
    pub fees_micros: Float64Array,
    pub slippage_micros: Float64Array,
    pub entry_reason: Vec<String>,
    pub exit_reason: Vec<String>,
}

/// The equity, down-sampled with its extremes.
#[napi(object)]
pub struct CurveColumns {
    pub at_ms: Float64Array,
    pub equity_micros: Float64Array,
}

/// How many orders were refused with one code.
#[napi(object)]
pub struct DenialCount {
    pub code: String,
    pub count: f64,
}

/// What one agent has in one symbol at the end.
#[napi(object)]
pub struct BacktestBook {
    pub agent_id: String,
    pub symbol: String,
    /// Its part of the cash at the start.
    pub initial_micros: f64,
    /// Before fees.
    pub realised_micros: f64,
    /// Commission and borrowing.
    pub fees_micros: f64,
    /// Still held.
    pub qty_nanos: f64,
}

/// Which bars of a symbol were used.
#[napi(object)]
pub struct BacktestData {
    pub symbol: String,
    /// Of all bars of the file, hex.
    pub bars_sha256: String,
    pub bars: f64,
    pub first_at_ms: f64,
    pub last_at_ms: f64,
}

/// What came of a backtest.
#[napi(object, use_nullable = true)]
pub struct BacktestResult {
    pub bars: f64,
    pub metrics: Vec<BacktestMetric>,
    pub checks: Vec<BacktestCheck>,
    pub trades: TradeColumns,
    pub curve: CurveColumns,
    pub denials: Vec<DenialCount>,
    /// Limit orders that were not reached.
    pub missed_orders: f64,
    /// The bar at which all was lost; null when it was not.
    pub ruined_at_ms: Option<f64>,
    /// All books sum to the account.
    pub books: Vec<BacktestBook>,
    pub data: Vec<BacktestData>,
    /// Digest of all fills and of the equity at every bar, hex.
    pub hash: String,
    /// With reading the data and all checks.
    pub took_ms: f64,
}

pub fn backtest_result(report: lab::Report) -> BacktestResult {
    BacktestResult {
        bars: report.bars as f64,
        metrics: report.metrics.iter().map(metric).collect(),
        checks: report.checks.into_iter().map(check).collect(),
        trades: trade_columns(&report.trades),
        curve: curve_columns(&report.curve),
        denials: denial_counts(report.denials),
        missed_orders: report.missed_orders as f64,
        ruined_at_ms: report.ruined_at_ms.map(|at| at as f64),
        books: report.books.into_iter().map(book).collect(),
        data: report.data.into_iter().map(data).collect(),
        hash: report.hash,
        took_ms: report.took_ms,
    }
}

pub fn denial_counts(denials: BTreeMap<String, u64>) -> Vec<DenialCount> {
    denials.into_iter().map(|(code, count)| DenialCount { code, count: count as f64 }).collect()
}

pub fn metric(metric: &Metric) -> BacktestMetric {
    BacktestMetric {
        name: metric.name.to_owned(),
        value: metric.value,
        unit: metric.unit.to_owned(),
        definition: metric.definition.to_owned(),
        absent: metric.absent.map(str::to_owned),
    }
}

pub fn check(check: Check) -> BacktestCheck {
    BacktestCheck {
        name: check.name.to_owned(),
        passed: check.passed,
        detail: check.detail,
        betrayed_at_ms: check.betrayed_at_ms.map(|at| at as f64),
    }
}

fn book(book: Book) -> BacktestBook {
    BacktestBook {
        agent_id: book.agent_id.to_string(),
        symbol: book.symbol.to_string(),
        initial_micros: book.initial as f64,
        realised_micros: book.realised as f64,
        fees_micros: book.fees as f64,
        qty_nanos: book.position.qty as f64,
    }
}

pub fn data(used: lab::DataUsed) -> BacktestData {
    BacktestData {
        symbol: used.symbol,
        bars_sha256: used.bars_sha256.unwrap_or_default(),
        bars: used.bars as f64,
        first_at_ms: used.first_at_ms as f64,
        last_at_ms: used.last_at_ms as f64,
    }
}

pub fn trade_columns(trades: &[Trade]) -> TradeColumns {
    let column = |read: fn(&Trade) -> f64| Float64Array::new(trades.iter().map(read).collect());
    let side = |trade: &Trade| if trade.side == TradeSide::Long { 1 } else { -1 };
    TradeColumns {
        agent_id: trades.iter().map(|trade| trade.agent_id.to_string()).collect(),
        symbol: trades.iter().map(|trade| trade.symbol.to_string()).collect(),
        side: Int8Array::new(trades.iter().map(side).collect()),
        qty_nanos: column(|trade| trade.qty_nanos as f64),
        entry_at_ms: column(|trade| trade.entry_at_ms as f64),
        entry_price_ticks: column(|trade| trade.entry_price_ticks as f64),
        exit_at_ms: column(|trade| trade.exit_at_ms as f64),
        exit_price_ticks: column(|trade| trade.exit_price_ticks as f64),
        pnl_micros: column(|trade| trade.pnl_micros as f64),
        return_pct: column(|trade| trade.return_pct),
        fees_micros: column(|trade| trade.fees_micros as f64),
        slippage_micros: column(|trade| trade.slippage_micros as f64),
        entry_reason: trades.iter().map(|trade| trade.entry_reason.to_string()).collect(),
        exit_reason: trades.iter().map(|trade| trade.exit_reason.to_string()).collect(),
    }
}

pub fn curve_columns(curve: &lab::CurveColumns) -> CurveColumns {
    let column = |values: &[i64]| Float64Array::new(values.iter().map(|value| *value as f64).collect());
    CurveColumns { at_ms: column(&curve.at_ms), equity_micros: column(&curve.equity_micros) }
}
