//! The standard normal distribution.

use std::f64::consts::{PI, SQRT_2};

/// Beyond this distance from 0 the continued fraction is used, below it the series.
const FAR: f64 = 3.0;

/// The probability of a value below `z`, to about 1e-15.
pub fn cdf(z: f64) -> f64 {
    let upper = |z: f64| if z < FAR { 0.5 - series(z) } else { tail(z) };
    if z >= 0.0 { 1.0 - upper(z) } else { upper(-z) }
}

/// Phi(z) - 1/2 = phi(z) (z + z^3/3 + z^5/15 + ...): all terms positive, nothing cancels.
fn series(z: f64) -> f64 {
    let (mut term, mut sum, mut odd) = (z, z, 1.0);
    while term > sum * 1e-17 {
        odd += 2.0;
        term *= z * z / odd;
        sum += term;
    }
    sum * density(z)
}

/// The upper tail by Laplace's continued fraction, from its far end.
fn tail(z: f64) -> f64 {
    let below = (1..=100).rev().fold(z, |below, at| z + f64::from(at) / below);
    density(z) / below
}

fn density(z: f64) -> f64 {
    (-z * z / 2.0).exp() / (SQRT_2 * PI.sqrt())
}

/// The value below which the probability is `p`; infinite at 0 and 1. Newton's steps inside a bracket.
pub fn inverse(p: f64) -> f64 {
    if p <= 0.0 {
        return f64::NEG_INFINITY;
    }
    if p >= 1.0 {
        return f64::INFINITY;
    }
    let (mut low, mut high, mut z) = (-40.0, 40.0, 0.0);
    for _ in 0..200 {
        let above = cdf(z) - p;
        if above > 0.0 {
            high = z
        } else {
            low = z
        }
        let step = z - above / density(z);
        let next = if step > low && step < high { step } else { (low + high) / 2.0 };
        if (next - z).abs() <= 1e-15 * z.abs().max(1.0) {
            return next;
        }
        z = next;
    }
    z
}
