//! Requests as JavaScript makes them.

use std::collections::BTreeMap;

use desk_lab::{self as lab, AgentRequest, AtEndRequest, Bars, FillRequest, SetupRequest, SymbolRequest};
use napi_derive::napi;

use crate::errors::{INVALID_INPUT, Result, coded};
use crate::numbers::require;

/// The bars of one symbol.
#[napi(object)]
pub struct BacktestSeries {
    pub symbol: String,
    /// A bar file of the desk.
    pub path: String,
}

/// One agent.
#[napi(object, use_nullable = true)]
pub struct BacktestAgent {
    /// Each once.
    pub id: String,
    pub strategy: String,
    pub params: BTreeMap<String, f64>,
    /// The symbols it follows; all when empty.
    pub symbols: Vec<String>,
    /// What a full position is worth; null for an even part of the cash.
    pub max_position_micros: Option<f64>,
}

/// What is run: agents that share an account.
#[napi(object, use_nullable = true)]
pub struct BacktestRequest {
    pub agents: Vec<BacktestAgent>,
    pub series: Vec<BacktestSeries>,
    /// First instant, inclusive; null from the first bar.
    pub from_ms: Option<f64>,
    /// Last instant, exclusive; null to the last bar.
    pub to_ms: Option<f64>,
    pub cash_micros: f64,
    pub commission_bps: f64,
    pub commission_per_share_micros: f64,
    pub half_spread_bps: f64,
    pub slippage_bps: f64,
    pub impact_bps: f64,
    pub borrow_bps: f64,
    #[napi(ts_type = "'next-open' | 'quote' | 'limit'")]
    pub fill: String,
    pub limit_offset_bps: f64,
    #[napi(ts_type = "'close-at-open' | 'close-at-close' | 'keep'")]
    pub at_end: String,
    pub leverage_pct: f64,
    pub order_notional_micros: f64,
    pub symbol_position_micros: f64,
    /// Most points of the curve.
    pub curve_points: u32,
    /// Most trades that are listed; all are counted.
    pub keep: u32,
    pub seed: u32,
}

/// One parameter of a grid and its values.
#[napi(object)]
pub struct GridAxis {
    pub param: String,
    pub values: Vec<f64>,
}

/// The stretches of a walk, in bars.
#[napi(object)]
pub struct WalkWindows {
    pub train_bars: u32,
    pub test_bars: u32,
    /// Each training begins with the first bar.
    pub anchored: bool,
}

/// Makes a request exact. Fails on numbers that are none and on unknown rules.
pub fn parse_request(request: BacktestRequest) -> Result<lab::BacktestRequest> {
    Ok(lab::BacktestRequest {
        setup: parse_setup(&request)?,
        agents: request.agents.into_iter().map(parse_agent).collect::<Result<_>>()?,
        symbols: request.series.into_iter().map(symbol).collect(),
        seed: u64::from(request.seed),
        from_ms: require_given("fromMs", request.from_ms)?,
        to_ms: require_given("toMs", request.to_ms)?,
    })
}

fn parse_agent(agent: BacktestAgent) -> Result<AgentRequest> {
    Ok(AgentRequest {
        agent_id: agent.id,
        strategy: agent.strategy,
        params: agent.params,
        symbols: agent.symbols,
        max_position_micros: require_given("maxPositionMicros", agent.max_position_micros)?,
    })
}

fn require_given(name: &'static str, value: Option<f64>) -> Result<Option<i64>> {
    value.map(|value| require(name, value)).transpose()
}

fn symbol(series: BacktestSeries) -> SymbolRequest {
    SymbolRequest { symbol: series.symbol, bars: Bars::File { path: series.path } }
}

fn parse_setup(request: &BacktestRequest) -> Result<SetupRequest> {
    let fill = match request.fill.as_str() {
        "next-open" => FillRequest::NextOpen,
        "quote" => FillRequest::Quote,
        "limit" => FillRequest::Limit { offset_bps: request.limit_offset_bps },
        other => return Err(unknown("fill", other, "next-open, quote or limit")),
    };
    let at_end = match request.at_end.as_str() {
        "close-at-open" => AtEndRequest::CloseAtOpen,
        "close-at-close" => AtEndRequest::CloseAtClose,
        "keep" => AtEndRequest::Keep,
        other => return Err(unknown("atEnd", other, "close-at-open, close-at-close or keep")),
    };
    let per_share = request.commission_per_share_micros;
    Ok(SetupRequest {
        cash_micros: require("cashMicros", request.cash_micros)?,
        commission_bps: request.commission_bps,
        commission_per_share_micros: require("commissionPerShareMicros", per_share)?,
        half_spread_bps: request.half_spread_bps,
        slippage_bps: request.slippage_bps,
        impact_bps: request.impact_bps,
        borrow_bps: request.borrow_bps,
        fill,
        order_notional_micros: Some(require("orderNotionalMicros", request.order_notional_micros)?),
        symbol_position_micros: Some(require("symbolPositionMicros", request.symbol_position_micros)?),
        leverage_pct: require("leveragePct", request.leverage_pct)?,
        at_end,
        curve_points: request.curve_points as usize,
        keep: request.keep as usize,
    })
}

fn unknown(name: &str, value: &str, choices: &str) -> napi::Error<&'static str> {
    coded(INVALID_INPUT, format!("{name} is \"{value}\"; give {choices}"))
}
