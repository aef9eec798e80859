//! What can be asked for. Everything but the data and the agents has a default.

use std::collections::BTreeMap;

use desk_core::backtest::{Agent, AtEnd, Axis, BacktestError, Costs, FillRule, Setup, Sizing};
use desk_core::money::{MICROS_PER_USD, Micros};
use desk_core::risk::Limits;
use desk_core::strategy::{self, STRATEGIES, Strategy};
use serde::{Deserialize, Serialize};

use crate::{Bars, LabError};

/// A backtest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BacktestRequest {
    /// The data.
    pub symbols: Vec<SymbolRequest>,
    /// Who trades; several share the account.
    pub agents: Vec<AgentRequest>,
    /// What is assumed.
    #[serde(default)]
    pub setup: SetupRequest,
    /// Chooses the samples of the look-ahead check.
    #[serde(default)]
    pub seed: u64,
    /// The first instant that is used, inclusive; from the first bar when left out.
    #[serde(default)]
    pub from_ms: Option<i64>,
    /// The last instant that is used, exclusive; to the last bar when left out.
    #[serde(default)]
    pub to_ms: Option<i64>,
}

/// A symbol and its bars.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SymbolRequest {
    /// Its name.
    pub symbol: String,
    /// Its bars.
    pub bars: Bars,
}

/// An agent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentRequest {
    /// Its name; each once.
    pub agent_id: String,
    /// Its strategy, by the name under which it is deployed.
    pub strategy: String,
    /// The strategy's parameters; those left out take their defaults.
    #[serde(default)]
    pub params: BTreeMap<String, f64>,
    /// The symbols it follows; all when empty.
    #[serde(default)]
    pub symbols: Vec<String>,
    /// The largest position in a symbol, in micro-dollars; its even part of the cash when left out. A strategy that
    /// goes all in has no use for it.
    #[serde(default)]
    pub max_position_micros: Option<Micros>,
}

/// How orders are filled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum FillRequest {
    /// Market orders at the next open.
    #[default]
    NextOpen,
    /// Market orders at the next open and half the spread.
    Quote,
    /// Limit orders better than the last close.
    Limit {
        /// By this many basis points, 0 to 1,000.
        #[serde(rename = "offsetBps")]
        offset_bps: f64,
    },
}

/// What becomes of positions at the end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AtEndRequest {
    /// They stay open.
    Keep,
    /// They are closed at the last bar's open.
    #[default]
    CloseAtOpen,
    /// They are closed at the last close.
    CloseAtClose,
}

/// What is assumed. Rates are basis points of a value, 0 to 1,000.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SetupRequest {
    /// Cash at the start.
    pub cash_micros: Micros,
    /// Commission on value.
    pub commission_bps: f64,
    /// Commission on each share, in micro-dollars.
    pub commission_per_share_micros: Micros,
    /// Half the spread, where fills are by quote.
    pub half_spread_bps: f64,
    /// Slippage of market orders.
    pub slippage_bps: f64,
    /// Impact of an order as large as a bar's volume; goes with the square root.
    pub impact_bps: f64,
    /// Borrowing for a year, up to 10,000.
    pub borrow_bps: f64,
    /// How orders are filled.
    pub fill: FillRequest,
    /// Largest value of an order; none when left out.
    pub order_notional_micros: Option<Micros>,
    /// Largest value of a position; none when left out.
    pub symbol_position_micros: Option<Micros>,
    /// Largest value of all positions over the equity, in percent.
    pub leverage_pct: i64,
    /// What becomes of positions at the end.
    pub at_end: AtEndRequest,
    /// Most points of the equity curve.
    pub curve_points: usize,
    /// Most trades and most denials that are listed.
    pub keep: usize,
}

impl Default for SetupRequest {
    fn default() -> Self {
        Self {
            cash_micros: 100_000 * MICROS_PER_USD,
            commission_bps: 0.0,
            commission_per_share_micros: 0,
            half_spread_bps: 0.0,
            slippage_bps: 0.0,
            impact_bps: 0.0,
            borrow_bps: 0.0,
            fill: FillRequest::NextOpen,
            order_notional_micros: None,
            symbol_position_micros: None,
            leverage_pct: 200,
            at_end: AtEndRequest::CloseAtOpen,
            curve_points: 2_000,
            keep: 10_000,
        }
    }
}

/// One parameter and the values it is given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GridAxis {
    /// The parameter.
    pub param: String,
    /// Its values.
    pub values: Vec<f64>,
}

/// A sweep: one backtest for each combination, with the same parameters given to every agent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SweepRequest {
    /// What is run.
    pub backtest: BacktestRequest,
    /// What is varied.
    pub grid: Vec<GridAxis>,
    /// The metric by which the best is chosen; the highest wins.
    pub metric: String,
    /// Threads; one for each core when left out.
    #[serde(default)]
    pub threads: Option<usize>,
}

/// A walk-forward test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WalkRequest {
    /// What is swept on each training stretch.
    pub sweep: SweepRequest,
    /// Bars of training, by the symbol that has most.
    pub train_bars: usize,
    /// Bars of each test.
    pub test_bars: usize,
    /// Whether each training begins with the first bar.
    #[serde(default)]
    pub anchored: bool,
}

/// A strategy of any kind.
pub type AnyStrategy = Box<dyn Strategy>;

impl BacktestRequest {
    /// Numbers the symbols that each agent follows.
    ///
    /// # Errors
    /// A symbol that the request does not hold.
    pub fn followed(&self) -> Result<Vec<Vec<usize>>, LabError> {
        self.agents.iter().map(|agent| self.followed_by(agent)).collect()
    }

    fn followed_by(&self, agent: &AgentRequest) -> Result<Vec<usize>, LabError> {
        if agent.symbols.is_empty() {
            return Ok((0..self.symbols.len()).collect());
        }
        let number = |symbol: &String| {
            self.symbols.iter().position(|own| own.symbol == *symbol).ok_or_else(|| LabError::SymbolUnknown {
                agent_id: agent.agent_id.clone(),
                symbol: symbol.clone(),
            })
        };
        agent.symbols.iter().map(number).collect()
    }

    /// Builds the agents, cold; `varied` replaces parameters of every one.
    ///
    /// # Errors
    /// An unknown strategy, or a parameter that it does not allow.
    pub fn agents(
        &self,
        followed: &[Vec<usize>],
        varied: &BTreeMap<String, f64>,
    ) -> Result<Vec<Agent<AnyStrategy>>, BacktestError> {
        let places: usize = followed.iter().map(Vec::len).sum();
        let part = self.setup.cash_micros / (places.max(1) as i64);
        let build = |(agent, symbols): (&AgentRequest, &Vec<usize>)| {
            let all_in = STRATEGIES.iter().any(|spec| spec.id == agent.strategy && spec.all_in);
            let limit = if all_in { Micros::MAX } else { agent.max_position_micros.unwrap_or(part) };
            let mut params = agent.params.clone();
            params.extend(varied.iter().map(|(name, value)| (name.clone(), *value)));
            Ok(Agent {
                id: agent.agent_id.clone(),
                strategy: strategy::build(&agent.strategy, symbols.len(), &params, limit)?,
                symbols: symbols.clone(),
                sizing: if all_in { Sizing::AllIn } else { Sizing::Targets },
            })
        };
        self.agents.iter().zip(followed).map(build).collect()
    }
}

impl SetupRequest {
    /// The setup in the core's units.
    ///
    /// # Errors
    /// A rate that is no number or outside its range; the core checks the rest.
    pub fn setup(&self) -> Result<Setup, LabError> {
        let costs = Costs {
            commission_e9: rate("commissionBps", self.commission_bps, 1_000.0)?,
            per_share: self.commission_per_share_micros,
            half_spread_e9: rate("halfSpreadBps", self.half_spread_bps, 1_000.0)?,
            slippage_e9: rate("slippageBps", self.slippage_bps, 1_000.0)?,
            impact_e9: rate("impactBps", self.impact_bps, 1_000.0)?,
            borrow_e9: rate("borrowBps", self.borrow_bps, 10_000.0)?,
        };
        let fill = match self.fill {
            FillRequest::NextOpen => FillRule::NextOpen,
            FillRequest::Quote => FillRule::Quote,
            FillRequest::Limit { offset_bps } => {
                FillRule::Limit { offset_e9: rate("offsetBps", offset_bps, 1_000.0)? }
            }
        };
        let plain = Setup::frictionless(self.cash_micros);
        let limits = Limits {
            order_notional: self.order_notional_micros.or(plain.limits.order_notional),
            symbol_position: self.symbol_position_micros.or(plain.limits.symbol_position),
            ..plain.limits
        };
        let at_end = match self.at_end {
            AtEndRequest::Keep => AtEnd::Keep,
            AtEndRequest::CloseAtOpen => AtEnd::CloseAtOpen,
            AtEndRequest::CloseAtClose => AtEnd::CloseAtClose,
        };
        let (leverage_pct, curve_points, keep) = (self.leverage_pct, self.curve_points, self.keep);
        Ok(Setup { costs, fill, limits, leverage_pct, at_end, curve_points, keep, ..plain })
    }
}

impl GridAxis {
    /// The axis as the core has it.
    pub fn axis(&self) -> Axis {
        Axis { param: self.param.clone(), values: self.values.clone() }
    }
}

/// Basis points to billionths.
fn rate(name: &'static str, bps: f64, most: f64) -> Result<i64, LabError> {
    if (0.0..=most).contains(&bps) {
        Ok((bps * 100_000.0).round() as i64)
    } else {
        Err(LabError::OutOfRange { name, value: bps, from: 0.0, to: most })
    }
}
