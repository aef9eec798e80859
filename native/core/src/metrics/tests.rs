use proptest::prelude::*;

use super::*;
use crate::bars::date::DAY_MS;
use crate::money::MICROS_PER_USD;
use crate::statistics::normal_cdf;

fn figure(metrics: &[Metric], name: &str) -> Metric {
    *metrics.iter().find(|metric| metric.name == name).unwrap_or_else(|| panic!("no metric {name}"))
}

fn close(value: f64, expected: f64, tolerance: f64) -> bool {
    (value - expected).abs() <= tolerance * expected.abs()
}

/// Equity of one dollar a share and a million shares, so that rounding to micro-dollars is 1e-12 of it.
fn recorded(returns: &[f64]) -> Recorder {
    let mut equity = 1e6 * MICROS_PER_USD as f64;
    let mut recorder = Recorder::new(equity as i64, 100);
    for (day, value) in [0.0].iter().chain(returns).enumerate() {
        equity *= 1.0 + value;
        let at_ms = (day as i64 / 5 * 7 + day as i64 % 5 + 4) * DAY_MS; // Mondays to Fridays
        recorder.push(at_ms, Some(at_ms + DAY_MS), equity.round() as i64, false, || None);
    }
    recorder
}

/// The published results of empyrical's own tests (Apache-2.0) on its "mixed returns".
#[test]
fn agrees_with_the_published_figures_on_mixed_returns() {
    let returns = [0.01, 0.10, -0.04, 0.02, 0.03, 0.02, 0.01, -0.10];
    let metrics = recorded(&returns).metrics(&Trials::default());
    let value = |name| figure(&metrics, name).value.unwrap();
    assert!(close(value("sharpe"), 1.723_861_396_170_686_6, 1e-8), "{}", value("sharpe"));
    assert!(close(value("sortino"), 2.605_531_251_673_693, 1e-8), "{}", value("sortino"));
    assert!(close(value("volatilityPct"), 91.364_653_970_463_7, 1e-8), "{}", value("volatilityPct"));
    assert!(close(value("maxDrawdownPct"), -10.0, 1e-8), "{}", value("maxDrawdownPct"));
    let downside = recorded(&returns).periods.downside_deviation().unwrap() * 252_f64.sqrt();
    assert!(close(downside, 0.604_483_250_388_296_5, 1e-8), "{downside}");
}

#[test]
fn agrees_with_the_published_drawdown_on_negative_returns() {
    let returns = [0.0, -0.06, -0.07, -0.01, -0.09, -0.02, -0.06, -0.08, -0.05];
    let metrics = recorded(&returns).metrics(&Trials::default());
    let drawdown = figure(&metrics, "maxDrawdownPct").value.unwrap();
    assert!(close(drawdown, -36.590_730_349_873_6, 1e-8), "{drawdown}");
    assert_eq!(figure(&metrics, "maxDrawdownBars").value, Some(8.0));
}

#[test]
fn says_why_a_figure_is_absent_and_never_gives_nan() {
    let flat = recorded(&[0.0; 4]).metrics(&Trials::default());
    assert_eq!(figure(&flat, "sharpe").absent, Some("the returns do not vary"));
    assert_eq!(figure(&flat, "hitRatePct").absent, Some("no trade was closed"));
    assert_eq!(figure(&flat, "calmar").absent, Some("the equity never fell below a peak"));
    for metrics in
        [flat, recorded(&[]).metrics(&Trials::default()), recorded(&[-1.0]).metrics(&Trials::default())]
    {
        for metric in metrics {
            assert_ne!(metric.value.is_some(), metric.absent.is_some(), "{}", metric.name);
            assert!(metric.value.is_none_or(f64::is_finite), "{}", metric.name);
        }
    }
}

#[test]
fn counts_periods_by_what_trades() {
    let a_year = |days: &[i64]| {
        let mut periods = Periods::default();
        days.iter().for_each(|day| periods.push(day * DAY_MS, 1, None));
        periods.a_year()
    };
    let weekdays: Vec<i64> = (0..50).map(|day| day / 5 * 7 + day % 5 + 4).collect();
    assert_eq!(a_year(&weekdays), 252.0);
    assert_eq!(a_year(&(0..50).collect::<Vec<i64>>()), 365.0);
    assert_eq!(a_year(&(0..50).map(|week| week * 7).collect::<Vec<i64>>()), 52.0);
    assert_eq!(a_year(&(0..50).map(|month| month * 30).collect::<Vec<i64>>()), 12.0);
}

#[test]
fn takes_the_last_close_of_a_day_as_the_end_of_its_period() {
    let mut recorder = Recorder::new(100, 0);
    let bars = [(0, 100), (1, 150), (DAY_MS, 200), (DAY_MS + 1, 300)];
    for (at, (at_ms, equity)) in bars.iter().enumerate() {
        recorder.push(*at_ms, bars.get(at + 1).map(|next| next.0), *equity, true, || None);
    }
    assert_eq!(recorder.periods.count(), 1);
    assert_eq!(recorder.periods.returns.mean, 1.0);
}

/// Bailey and Lopez de Prado 2014, the worked example: 5 years of daily returns, annual SR 2.5, skew -3,
/// kurtosis 10, 100 trials whose annual SRs vary by 0.5: DSR about 0.90.
#[test]
fn deflates_the_published_example() {
    let benchmark = Trials { count: 100, sharpe_variance: 0.5 / 250.0 }.expected_best();
    assert!(close(benchmark, 0.1132, 1e-3), "{benchmark}");
    let sharpe = 2.5 / 250_f64.sqrt();
    let z = (sharpe - benchmark) * 1249_f64.sqrt()
        / (1.0 + 3.0 * sharpe + (10.0 - 1.0) / 4.0 * sharpe * sharpe).sqrt();
    assert!(close(normal_cdf(z), 0.9004, 1e-3), "{}", normal_cdf(z));
    assert_eq!(Trials { count: 1, sharpe_variance: 3.0 }.expected_best(), 0.0);
}

#[test]
fn doubts_the_same_returns_more_the_more_was_tried() {
    let returns: Vec<f64> = (0..250).map(|at| 0.001 + 0.01 * f64::from(at % 7 - 3)).collect();
    let doubt = |count| deflated_sharpe(&returns, &Trials { count, sharpe_variance: 0.002 }).unwrap();
    assert!(doubt(1) > doubt(10) && doubt(10) > doubt(1_000));
    assert_eq!(Some(doubt(1)), probabilistic_sharpe(&returns, 0.0));
}

/// The ends of instants that are so many milliseconds apart.
fn ends(values: &[i64], apart_ms: i64) -> Vec<CurvePoint> {
    let end = |(at, value): (usize, &i64)| CurvePoint { at_ms: at as i64 * apart_ms, equity_micros: *value };
    values.iter().enumerate().map(end).collect()
}

proptest! {
    #[test]
    fn keeps_the_extremes_and_ends_of_a_curve_of_any_length(
        values in prop::collection::vec(-1_000_i64..1_000, 1..500), piece in 1..60_usize,
    ) {
        let mut curve = Curve::new(40);
        ends(&values, 1).chunks(piece).for_each(|piece| curve.push_all(piece));
        let points = curve.points();
        prop_assert!(points.len() <= 44, "{}", points.len());
        prop_assert!(points.is_sorted_by(|a, b| a.at_ms < b.at_ms));
        prop_assert!(points.iter().all(|point| values[point.at_ms as usize] == point.equity_micros));
        let extreme = |of: fn(i64, i64) -> i64| points.iter().map(|point| point.equity_micros).reduce(of);
        prop_assert_eq!(extreme(i64::min), values.iter().copied().min());
        prop_assert_eq!(extreme(i64::max), values.iter().copied().max());
        prop_assert_eq!(points[0].equity_micros, values[0]);
        prop_assert_eq!(points[points.len() - 1].equity_micros, values[values.len() - 1]);
    }

    #[test]
    fn gives_the_moments_of_the_plain_sums(values in prop::collection::vec(-1.0..1.0_f64, 3..100)) {
        let mut moments = moments::Moments::default();
        values.iter().for_each(|value| moments.push(*value));
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let central = |power: i32| values.iter().map(|value| (value - mean).powi(power)).sum::<f64>();
        let deviation = (central(2) / n).sqrt();
        prop_assert!((moments.variance().unwrap() - central(2) / (n - 1.0)).abs() < 1e-12);
        prop_assert!((moments.skew().unwrap() - central(3) / n / deviation.powi(3)).abs() < 1e-8);
        prop_assert!((moments.kurtosis().unwrap() - central(4) / n / deviation.powi(4)).abs() < 1e-8);
    }

    #[test]
    fn finds_the_deepest_and_longest_fall(
        values in prop::collection::vec(1_i64..100, 1..60), piece in 1..60_usize,
    ) {
        let mut drawdown = drawdown::Drawdown::new(values[0]);
        for (number, ends) in ends(&values, 7).chunks(piece).enumerate() {
            drawdown.push_all(ends, (number * piece) as u64);
        }
        let (mut deepest, mut longest) = (0.0_f64, 0);
        for (from, peak) in values.iter().enumerate() {
            if values[..from].iter().any(|before| before > peak) {
                continue;
            }
            let below = values[from + 1..].iter().take_while(|value| *value < peak).count();
            let back = from + below + usize::from(from + below + 1 < values.len());
            if below > 0 {
                longest = longest.max(back - from);
            }
            for value in &values[from..] {
                deepest = deepest.min((value - peak) as f64 / *peak as f64);
            }
        }
        let end = (values.len() as i64 - 1) * 7;
        let (ms, bars) = drawdown.longest(end, values.len() as u64 - 1);
        prop_assert_eq!(drawdown.deepest(), deepest);
        prop_assert_eq!((ms, bars), (longest as i64 * 7, longest as u64));
    }
}
