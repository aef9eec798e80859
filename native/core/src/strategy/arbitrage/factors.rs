//! What common factors leave of each symbol's return, and how it reverts.

use crate::statistics::{correlation_matrix, least_squares, mean_reversion, principal_components};

/// What the factors are made of.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// Returns whose correlation counts.
    pub window: usize,
    /// Returns that are regressed.
    pub regression: usize,
    /// The share of the variance that the factors explain.
    pub explained: f64,
}

/// What is left of one symbol.
#[derive(Debug, Clone)]
pub struct Residual {
    /// Eigenportfolios in the regression.
    pub factors: usize,
    /// Dollars of each symbol in the eigenportfolios that hedge a dollar of this one.
    pub hedge: Vec<f64>,
    /// How the sum of what is left reverts; `None` when it does not.
    pub process: Option<Process>,
    /// Where it stands, in deviations from its level; `None` when it does not revert fast enough.
    pub score: Option<f64>,
}

/// An Ornstein-Uhlenbeck process.
#[derive(Debug, Clone, Copy)]
pub struct Process {
    /// Its speed: -ln of what a step keeps.
    pub kappa: f64,
    /// The level that it returns to, over the sum of the residuals, which ends at 0.
    pub level: f64,
    /// Its deviation in the long run, above 0.
    pub deviation: f64,
}

/// Explains the returns, by symbol and oldest first, by their factors. `None` when a symbol does not move or the factors
/// cannot be told apart.
pub fn residuals(returns: &[Vec<f64>], rules: &Rules) -> Option<Vec<Residual>> {
    let components = principal_components(&correlation_matrix(returns).ok()?).ok()?;
    let count = components.explaining(rules.explained);
    let portfolios: Vec<Vec<f64>> = components.vectors[..count]
        .iter()
        .map(|vector| vector.iter().zip(returns).map(|(part, past)| part / deviation(past)).collect())
        .collect();
    let recent: Vec<&[f64]> = returns.iter().map(|past| &past[past.len() - rules.regression..]).collect();
    let mut columns: Vec<Vec<f64>> =
        portfolios.iter().map(|portfolio| returns_of(portfolio, &recent)).collect();
    columns.push(vec![1.0; rules.regression]);
    let mut found = Vec::with_capacity(returns.len());
    for past in &recent {
        let fit = least_squares(&columns, past).ok()?;
        let hedge = (0..returns.len())
            .map(|symbol| {
                portfolios
                    .iter()
                    .zip(&fit.coefficients)
                    .map(|(portfolio, beta)| beta * portfolio[symbol])
                    .sum()
            })
            .collect();
        let process = process(&fit.residuals(&columns, past));
        found.push(Residual { factors: count, hedge, process, score: None });
    }
    score(&mut found, rules.regression);
    Some(found)
}

fn returns_of(portfolio: &[f64], recent: &[&[f64]]) -> Vec<f64> {
    let at = |time: usize| portfolio.iter().zip(recent).map(|(part, past)| part * past[time]).sum();
    (0..recent[0].len()).map(at).collect()
}

/// Fits the running sum of the residuals.
fn process(residuals: &[f64]) -> Option<Process> {
    let sums: Vec<f64> = residuals
        .iter()
        .scan(0.0, |sum, residual| {
            *sum += residual;
            Some(*sum)
        })
        .collect();
    let reversion = mean_reversion(&sums).ok().filter(|reversion| reversion.deviation > 0.0)?;
    Some(Process { kappa: -reversion.kept.ln(), level: reversion.level, deviation: reversion.deviation })
}

/// Centres the levels over all processes and scores those that revert within half of the window.
fn score(found: &mut [Residual], regression: usize) {
    let levels: Vec<f64> = found.iter().filter_map(|residual| Some(residual.process?.level)).collect();
    let mean = levels.iter().sum::<f64>() / levels.len().max(1) as f64;
    for residual in found {
        let fast = residual.process.filter(|process| process.kappa > 2.0 / regression as f64);
        residual.score = fast.map(|process| -(process.level - mean) / process.deviation);
    }
}

fn deviation(values: &[f64]) -> f64 {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0)).sqrt()
}
