//! The Dickey-Fuller regression with one lagged change, from three sums over the values.
//!
//! With f the level around its mean (or around 0 without a constant) and d its change, the normal equations of
//! d[t] on f[t-1] and d[t-1] need f f, f d, d d and d d[t-1]. As f[t] = f[t-1] + d[t], the two products of level and
//! change follow from the squares: 2 f[t-1] d[t] = f[t]^2 - f[t-1]^2 - d[t]^2, whose sum telescopes. The equations, their
//! t-statistic and the constant taken out beforehand (Frisch and Waugh) are any textbook's, for example Davidson and
//! MacKinnon, Econometric Theory and Methods (2004), 2.4 and 3.4.

use super::mackinnon::Trend;
use super::sums::sum;

/// Of a sum of squares at least this share must be left when others are taken out of it: so four digits are lost at most.
const ENOUGH: f64 = 1e-4;

/// The t-statistic of the level. `None` when there is a linear trend, too few values, or sums are not exact enough: values
/// that hardly vary, are an almost exact function of their past, or are not finite.
pub(super) fn level_statistic(values: &[f64], trend: Trend) -> Option<f64> {
    let [before_first, first, .., before_last, last] = *values else { return None };
    let count = values.len() - 2; // rows of the regression
    let levels = &values[1..=count];
    let (mean, terms) = match trend {
        Trend::None => (0.0, 0.0),
        Trend::Constant => (first + sum([levels], |[level]| level - first) / count as f64, 1.0),
        Trend::Linear => return None,
    };
    let square = |value: f64| (value - mean) * (value - mean);
    let after = &values[2..];
    let changes = sum([levels, after], |[level, after]| (after - level) * (after - level));
    let product = sum([values, levels, after], |[before, level, after]| (after - level) * (level - before));
    let levels = sum([levels], |[level]| square(level));
    let first_change = first - before_first;
    let last_change = last - before_last;
    let lagged = changes + first_change * first_change - last_change * last_change;
    let onto_change = 0.5 * (square(last) - square(first) - changes);
    let onto_lagged = 0.5 * (square(before_last) - square(before_first) + lagged);
    // Without their means; the levels have none.
    let (drift, lagged_drift) = (terms * (last - first), terms * (before_last - before_first));
    let rows = count as f64;
    let changes_left = left(changes, drift * drift / rows)?;
    let lagged_left = left(lagged, lagged_drift * lagged_drift / rows)?;
    let product = product - drift * lagged_drift / rows;
    // What the lagged changes leave of the levels, and then both of the changes.
    let levels_left = left(levels, onto_lagged * onto_lagged / lagged_left)?;
    let onto_change = onto_change - onto_lagged * product / lagged_left;
    let explained = product * product / lagged_left + onto_change * onto_change / levels_left;
    let unexplained = left(changes_left, explained)?;
    let freedom = rows - 2.0 - terms;
    (freedom > 0.0).then(|| onto_change / (levels_left * unexplained / freedom).sqrt())
}

/// A sum of squares less a part of it, when enough is left.
fn left(whole: f64, part: f64) -> Option<f64> {
    let rest = whole - part;
    (rest.is_finite() && rest > ENOUGH * whole).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::super::series::{Noise, autoregressive, walk};
    use super::super::unit_root::general_statistic;
    use super::*;

    #[test]
    fn agrees_with_the_regression_of_any_lags() {
        let mut noise = Noise::new(4);
        for count in [7, 8, 60, 251, 1_000] {
            for offset in [0.0, -3.0, 1e4] {
                let shocks = noise.normals(count);
                for values in [walk(&shocks), autoregressive(0.7, &shocks), autoregressive(-0.4, &shocks)] {
                    let moved: Vec<f64> = values.iter().map(|value| value + offset).collect();
                    for (trend, values) in [(Trend::None, &values), (Trend::Constant, &moved)] {
                        let found = level_statistic(values, trend).unwrap();
                        let wanted = general_statistic(values, trend, 1).unwrap();
                        let near = 1e-10 * wanted.abs().max(1.0);
                        assert!((found - wanted).abs() < near, "{count} {offset}: {found}, wanted {wanted}");
                    }
                }
            }
        }
    }

    #[test]
    fn leaves_to_the_general_regression_what_its_sums_cannot_tell() {
        let line: Vec<f64> = (0..50).map(f64::from).collect();
        let doubled: Vec<f64> = (0..50).map(|step| 2.0_f64.powi(step)).collect();
        let mut broken = Noise::new(1).normals(50);
        broken[20] = f64::NAN;
        for values in [&line[..], &doubled, &broken, &[5.0; 50], &line[..3]] {
            assert_eq!(level_statistic(values, Trend::Constant), None, "{values:?}");
        }
    }
}
