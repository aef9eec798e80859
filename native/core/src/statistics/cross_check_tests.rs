//! The statistics against statsmodels 0.15.0, SciPy, scikit-learn 1.9.1, pykalman 0.11.2 and Stata.
//!
//! `reference/macrodata.csv` holds United States quarterly series 1959-2009 (real GDP, real consumption, inflation),
//! public domain; `reference/pair.csv` two random series with a common trend, for which statsmodels' own test knows the
//! answer of Stata's egranger. The wanted values were computed with the Python packages.

use super::series::{Noise, autoregressive, column, walk};
use super::*;
use crate::money::TICKS_PER_USD;

const MACRODATA: &str = include_str!("reference/macrodata.csv");
/// TA-Lib's 252 daily bars in ticks; see the indicators' own reference tests.
const DAILY_BARS: &str = include_str!("../indicators/reference/daily-bars.csv");
const PAIR: &str = include_str!("reference/pair.csv");

fn assert_near(found: f64, wanted: f64, relative: f64) {
    assert!((found - wanted).abs() <= relative * wanted.abs(), "{found}, wanted {wanted}");
}

fn assert_unit_root(values: &[f64], trend: Trend, lags: Lags, wanted: (f64, f64, usize)) {
    let found = augmented_dickey_fuller(values, trend, lags).unwrap();
    assert_near(found.statistic, wanted.0, 1e-8);
    assert_near(found.p_value, wanted.1, 1e-7);
    assert_eq!(found.lags, wanted.2);
    assert_eq!(found.count, values.len() - 1 - wanted.2);
}

#[test]
fn tests_the_national_accounts_as_statsmodels() {
    let (gdp, inflation) = (column(MACRODATA, "realgdp"), column(MACRODATA, "infl"));
    let (constant, linear, none) = (Trend::Constant, Trend::Linear, Trend::None);
    let four = Lags::Fixed(4);
    assert_unit_root(&gdp, constant, four, (0.9750516118294814, 0.993995613328423, 4));
    assert_unit_root(&gdp, linear, four, (-1.8566384063254426, 0.6768291751043972, 4));
    let one = Lags::Fixed(1);
    assert_unit_root(&inflation, constant, one, (-4.33469899428842, 0.00038660872028122126, 1));
    assert_unit_root(&inflation, linear, one, (-4.425093105186976, 0.0019963240195169513, 1));
    assert_unit_root(&inflation, none, one, (-2.451159656614519, 0.013747990345131918, 1));
    let chosen = |trend| Lags::schwert(inflation.len(), trend);
    assert_unit_root(&inflation, constant, chosen(constant), (-3.054514496257237, 0.030107620863485812, 2));
    assert_unit_root(&inflation, linear, chosen(linear), (-3.1485770502826815, 0.09514374813298421, 2));
    assert_unit_root(&inflation, none, chosen(none), (-1.6994166081903026, 0.08452095077129262, 2));
    assert_unit_root(
        &gdp,
        none,
        Lags::schwert(gdp.len(), none),
        (3.2879609591902548, 0.9999647382198602, 12),
    );
}

#[test]
fn tests_random_series_as_statsmodels() {
    let shocks = Noise::new(7).normals(400);
    let (wandering, returning) = (walk(&shocks), autoregressive(0.8, &shocks));
    let wanted = [
        (
            Trend::Constant,
            (-2.02872559106514, 0.27412166113513414, 0),
            (-6.014669376396769, 1.5438592296918796e-7, 3),
        ),
        (
            Trend::Linear,
            (-3.083726288074344, 0.11015484588219637, 0),
            (-6.254005610697564, 6.327782455101567e-7, 3),
        ),
        (
            Trend::None,
            (-1.0673239225502638, 0.257938248343609, 0),
            (-6.021129605795488, 8.480602169111664e-9, 3),
        ),
    ];
    for (trend, walk, returned) in wanted {
        assert_unit_root(&wandering, trend, Lags::schwert(400, trend), walk);
        assert_unit_root(&returning, trend, Lags::Fixed(3), returned);
    }
}

#[test]
fn gives_mackinnons_critical_values_for_the_length() {
    let gdp = column(MACRODATA, "realgdp");
    let found = augmented_dickey_fuller(&gdp, Trend::Linear, Lags::Fixed(4)).unwrap().critical;
    assert_near(found.percent1, -4.005235140049614, 1e-13);
    assert_near(found.percent5, -3.4329000694219, 1e-13);
    assert_near(found.percent10, -3.1402115863254525, 1e-13);
}

#[test]
fn finds_cointegration_as_statsmodels_and_stata() {
    let (y, x) = (column(PAIR, "y"), column(PAIR, "x"));
    let four = Lags::Fixed(4);
    let stata = cointegration(&y, &x, false, four).unwrap();
    assert_near(stata.statistic, -5.760696844656, 1e-11);
    assert!((stata.critical.percent1 - -3.952321293401682).abs() < 6e-7, "{stata:?}");
    assert!((stata.critical.percent5 - -3.367006313729).abs() < 6e-7);
    let stata = cointegration(&y, &x, true, four).unwrap();
    assert_near(stata.statistic, -5.615251442239, 1e-11);
    assert!((stata.critical.percent10 - -3.532082997903).abs() < 6e-7);

    let (consumption, gdp) = (column(MACRODATA, "realcons"), column(MACRODATA, "realgdp"));
    let found = cointegration(&consumption, &gdp, false, Lags::Fixed(0)).unwrap();
    assert_near(found.statistic, -1.830170986148, 1e-10);
    assert_near(found.p_value, 0.6149545601930599, 1e-9);
    let found = cointegration(&consumption, &gdp, true, Lags::schwert(gdp.len(), Trend::None)).unwrap();
    assert_near(found.statistic, -2.483349590838533, 1e-9);
    assert_near(found.p_value, 0.5294919529385476, 1e-9);
    assert_eq!(found.lags, 0);
}

fn daily(name: &str) -> Vec<f64> {
    column(DAILY_BARS, &format!("{name}_ticks"))
        .into_iter()
        .map(|ticks| ticks / TICKS_PER_USD as f64)
        .collect()
}

#[test]
fn chooses_lags_for_a_series_that_is_barely_long_enough_as_statsmodels() {
    let closes = &daily("close")[..15];
    let chosen = |trend| Lags::schwert(closes.len(), trend);
    let (none, constant) = (Trend::None, Trend::Constant);
    assert_unit_root(closes, none, chosen(none), (0.14040958846962115, 0.7289944644293783, 6));
    assert_unit_root(closes, constant, chosen(constant), (-3.002874992569618, 0.034626783039942294, 5));
}

#[test]
fn follows_a_hedge_as_pykalman() {
    // Transition and observation as in the filter, initial covariance one step of drift: pykalman's `filter`.
    let mut filter = KalmanHedge::new(1e-4, 1e-3).unwrap();
    let wanted = [
        (0, 1.0261776984261866, 0.011307743233346407, 1.3339014096966774e-7),
        (100, 1.037592178266168, 0.019100523629407607, 8.748718674258361e-7),
        (251, 1.0266798532957035, 0.03453868816705433, 2.301472341862377e-6),
    ];
    let mut found = Vec::new();
    for (low, high) in daily("low").into_iter().zip(daily("high")) {
        filter.push(low, high).unwrap();
        found.push((filter.slope(), filter.intercept(), filter.slope_variance()));
    }
    for (at, slope, intercept, variance) in wanted {
        assert_near(found[at].0, slope, 1e-9);
        assert_near(found[at].1, intercept, 1e-9);
        assert_near(found[at].2, variance, 1e-9);
    }
}

#[test]
fn finds_components_as_scikit_learn() {
    // Of log returns divided by their sample deviations: PCA().fit(); the signs are those of the largest part.
    let returns =
        |name| -> Vec<f64> { daily(name).windows(2).map(|pair| pair[1].ln() - pair[0].ln()).collect() };
    let series = ["high", "low", "close"].map(returns);
    let found = principal_components(&correlation_matrix(&series).unwrap()).unwrap();
    let wanted = [
        (2.6010526128697613, [0.5800145685551066, 0.5852725456023681, 0.5666031659176969]),
        (0.24499035241552694, [-0.5004428076490329, -0.2928134990414669, 0.8147498088686156]),
        (0.15395703471471084, [-0.6427597502459111, 0.7561192380459688, -0.1230593406474983]),
    ];
    for ((value, vector), (wanted, parts)) in found.values.iter().zip(&found.vectors).zip(wanted) {
        assert_near(*value, wanted, 1e-12);
        for (part, wanted) in vector.iter().zip(parts) {
            assert_near(*part, wanted, 1e-10);
        }
    }
}

#[test]
fn fits_a_return_to_the_mean_as_statsmodels() {
    // AutoReg(log(high / low), 1).fit()
    let ranges: Vec<f64> =
        daily("high").iter().zip(daily("low")).map(|(high, low)| high.ln() - low.ln()).collect();
    let found = mean_reversion(&ranges).unwrap();
    assert_near(found.kept, 0.23618894, 1e-7);
    assert_near(found.half_life, 0.4803104667906248, 1e-10);
}

#[test]
fn shapes_samples_as_scipy() {
    let shocks = Noise::new(7).normals(400);
    let wandering = walk(&shocks);
    assert_near(skewness(&wandering).unwrap(), 0.35166771097619054, 1e-11);
    assert_near(kurtosis(&wandering).unwrap(), 2.464992887837446, 1e-11);
    assert_near(skewness(&shocks).unwrap(), -0.004889839685228061, 1e-10);
    assert_near(kurtosis(&shocks).unwrap(), 2.8442971418667997, 1e-11);
}

#[test]
fn gives_the_normal_distribution_to_the_last_digits() {
    let errors = [
        (0.1, 0.1124629160182849, 0.8875370839817152),
        (0.46875, 0.492613473217938, 0.507386526782062),
        (0.5, 0.5204998778130465, 0.4795001221869535),
        (1.0, 0.8427007929497148, 0.15729920705028516),
        (2.0, 0.9953222650189527, 0.004677734981047266),
        (4.0, 0.9999999845827421, 1.541725790028002e-8),
        (4.5, 0.9999999998033839, 1.9661604415428878e-10),
        (6.0, 1.0, 2.1519736712498913e-17),
        (20.0, 1.0, 5.395865611607901e-176),
        (26.5, 1.0, 2.2109076642637343e-307),
    ];
    for (x, inside, outside) in errors {
        assert_near(erf(x), inside, 5e-16);
        assert_near(erfc(x), outside, 2e-15);
        assert_near(erf(-x), -inside, 5e-16);
        assert_near(erfc(-x), 1.0 + inside, 5e-16);
    }
    let below = [
        (-8.5, 9.47953482220325e-18),
        (-5.0, 2.866515718791933e-7),
        (-2.0, 0.022750131948179195),
        (-0.5, 0.3085375387259869),
        (0.3, 0.6179114221889526),
        (1.0, 0.8413447460685429),
        (3.7, 0.9998922002665226),
        (6.0, 0.9999999990134123),
    ];
    for (x, probability) in below {
        assert_near(normal_cdf(x), probability, 1e-14);
    }
    let quantiles = [
        (1e-300, -37.0470962993612),
        (1e-12, -7.034483825301131),
        (0.0013, -3.0114537584997843),
        (0.02425, -1.972961051311885),
        (0.3, -0.5244005127080409),
        (0.92, 1.4050715603096329),
        (0.999999, 4.753424308817087),
    ];
    for (probability, x) in quantiles {
        assert_near(normal_quantile(probability), x, 2e-15);
    }
    assert_eq!(normal_quantile(0.5), 0.0);
    assert_eq!((normal_quantile(0.0), normal_quantile(1.0)), (f64::NEG_INFINITY, f64::INFINITY));
    assert!(
        normal_quantile(1.1).is_nan() && normal_quantile(f64::NAN).is_nan() && normal_cdf(f64::NAN).is_nan()
    );
    assert_eq!((erf(f64::INFINITY), erf(f64::NEG_INFINITY)), (1.0, -1.0));
}
