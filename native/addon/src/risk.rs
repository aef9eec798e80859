//! Bindings of the order gate. Facts and limits cross as rows of numbers, in the order that `riskLayout` names: a gate
//! that is asked for every order cannot afford an object of forty fields. A number that is not a safe integer, NaN
//! above all, counts as unknown, so it refuses new risk.

mod rows;

use desk_core::risk::{self, Code, Denial};
use napi_derive::napi;

use crate::errors::Result;

/// The names of the numbers in each row, in order, and every code that a denial can have.
#[napi(object)]
pub struct RiskLayout {
    /// Of an order: enumerations by number, flags 1 or 0, ages in ms.
    pub order: Vec<String>,
    /// Of an agent's wish.
    pub agent: Vec<String>,
    /// Of the limits.
    pub limits: Vec<String>,
    pub codes: Vec<String>,
}

/// Why an order or a wish is refused.
#[napi(object, use_nullable = true)]
pub struct RiskDenial {
    pub code: String,
    /// Value, rule and remedy, for people.
    pub detail: String,
    /// What was found, in the unit of the code; null when it is not known.
    pub value: Option<f64>,
    /// What is allowed, in the unit of the code; null when no limit is set or none applies.
    pub limit: Option<f64>,
}

/// Tells how the rows of `checkOrder` and `checkAgent` are laid out.
#[napi]
pub fn risk_layout() -> RiskLayout {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    RiskLayout {
        order: owned(&rows::ORDER),
        agent: owned(&rows::AGENT),
        limits: owned(&rows::LIMITS),
        codes: Code::ALL.iter().map(|code| code.name().to_owned()).collect(),
    }
}

/// Decides whether an order may be sent; null approves. Pure; refuses new risk on anything that is missing or stale.
/// Orders that only reduce the position pass, unless they are malformed or the symbol is not traded.
#[napi(catch_unwind)]
pub fn check_order(facts: &[f64], limits: &[f64]) -> Result<Option<RiskDenial>> {
    let (order, context) = rows::order(facts)?;
    let limits = rows::limits(limits)?;
    Ok(risk::check_order(&order, &context, &limits).err().map(denial))
}

/// Decides whether an agent may come to hold what it wants; null approves. A wish that only shrinks its position passes.
#[napi(catch_unwind)]
pub fn check_agent(facts: &[f64], limits: &[f64]) -> Result<Option<RiskDenial>> {
    let agent = rows::agent(facts)?;
    let limits = rows::limits(limits)?;
    Ok(risk::check_agent(&agent, &limits).err().map(denial))
}

/// Tells whether the account of an order's row has lost what it may: null, ACCOUNT_STALE, DAILY_LOSS or DRAWDOWN.
#[napi(catch_unwind)]
pub fn check_losses(facts: &[f64], limits: &[f64]) -> Result<Option<RiskDenial>> {
    let (_, context) = rows::order(facts)?;
    let limits = rows::limits(limits)?;
    Ok(risk::check_losses(&context.account, &limits).err().map(denial))
}

fn denial(denial: Denial) -> RiskDenial {
    RiskDenial {
        code: denial.code.name().to_owned(),
        detail: format!("{denial}. {}", denial.code.remedy()),
        // Shown to people: beyond 2^53 the last digits do not matter.
        value: denial.value.map(|value| value as f64),
        limit: denial.limit.map(|limit| limit as f64),
    }
}
