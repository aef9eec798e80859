//! The functions that squash a sum, from basic arithmetic alone: the last digit of a library's exponential differs
//! between platforms.

use std::f64::consts::{LN_2, LOG2_E};

/// 1, 1/2, 1/3 and so on: a product costs a tenth of a division.
const SHARES: [f64; 14] = {
    let mut shares = [1.0; 14];
    let mut at = 1;
    while at < shares.len() {
        shares[at] = 1.0 / (at as f64 + 1.0);
        at += 1;
    }
    shares
};

/// 1 / (1 + e^-x).
pub fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + exp(-x))
}

/// (e^x - e^-x) / (e^x + e^-x).
pub fn tanh(x: f64) -> f64 {
    2.0 * sigmoid(2.0 * x) - 1.0
}

/// e^x for |x| up to 40, beyond which it is taken at 40.
fn exp(x: f64) -> f64 {
    let x = x.clamp(-40.0, 40.0);
    let twos = (x * LOG2_E).round();
    let rest = x - twos * LN_2; // at most ln 2 / 2 in size
    let series = SHARES.iter().rev().fold(1.0, |sum, share| 1.0 + sum * rest * share);
    series * f64::from_bits(((twos as i64 + 1_023) as u64) << 52)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_library() {
        for at in -400..=400 {
            let x = f64::from(at) / 10.0;
            assert!((exp(x) / x.exp() - 1.0).abs() < 1e-14, "{x}");
            assert!((tanh(x) - x.tanh()).abs() < 1e-15 * 4.0, "{x}");
        }
    }
}
