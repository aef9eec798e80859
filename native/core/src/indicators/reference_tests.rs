//! The indicators against TA-Lib 0.8.2 and pandas 3.1.1 on TA-Lib's own 252 daily bars.
//!
//! `reference/daily-bars.csv` holds the highs, lows and closes of TA-Lib's regression test (`test_data.c`, licence
//! BSD-3-Clause), in ticks. The wanted values were computed from them with the Python packages of both.

use std::fmt::Debug;

use super::*;
use crate::bars::Bar;
use crate::money::TICKS_PER_USD;

const TICKS: f64 = TICKS_PER_USD as f64;

fn bars() -> Vec<Bar> {
    let row = |line: &str| {
        let prices: Vec<i64> = line.split(',').map(|price| price.parse().unwrap()).collect();
        let (high_ticks, low_ticks, close_ticks) = (prices[0], prices[1], prices[2]);
        Bar { at_ms: 0, open_ticks: close_ticks, high_ticks, low_ticks, close_ticks, volume: 1 }
    };
    include_str!("reference/daily-bars.csv").lines().skip(1).map(row).collect()
}

fn closes() -> Vec<f64> {
    bars().iter().map(|bar| bar.close_ticks as f64 / TICKS).collect()
}

fn over_closes<T>(mut push: impl FnMut(f64) -> Option<T>) -> Vec<Option<T>> {
    closes().into_iter().map(&mut push).collect()
}

fn over_bars<T>(mut push: impl FnMut(&Bar) -> Option<T>) -> Vec<Option<T>> {
    bars().iter().map(&mut push).collect()
}

/// Checks where the first value stands and the values at the given places.
fn assert_values(found: &[Option<f64>], first: usize, wanted: &[(usize, f64)]) {
    assert_eq!(found.iter().position(Option::is_some), Some(first), "first value");
    for (at, value) in wanted {
        assert_near(found[*at].unwrap(), *value, &at);
    }
}

fn assert_near(found: f64, wanted: f64, of: &dyn Debug) {
    assert!((found - wanted).abs() <= 1e-10 * wanted.abs().max(1.0), "{of:?}: {found}, wanted {wanted}");
}

#[test]
fn averages_as_ta_lib() {
    let mut sma = Sma::new(30);
    assert_values(
        &over_closes(|close| sma.push(close)),
        29,
        &[(29, 90.42633333333333), (251, 108.42366666666662)],
    );
    let mut sma = Sma::new(2);
    assert_values(&over_closes(|close| sma.push(close)), 1, &[(1, 93.1575), (251, 108.31)]);
    let mut wma = Wma::new(30);
    let wanted = [(29, 88.56770967741936), (250, 109.34664516129047), (251, 109.34129032258079)];
    assert_values(&over_closes(|close| wma.push(close)), 29, &wanted);
    let mut ema = Average::exponential(10, Seed::Mean);
    let wanted = [(9, 93.2255), (10, 93.7526818181818), (29, 86.46365399497397), (251, 108.97521174143839)];
    assert_values(&over_closes(|close| ema.push(close)), 9, &wanted);
}

#[test]
fn finds_the_relative_strength_as_ta_lib() {
    let wanted = [
        (14, 49.14733969986358),
        (15, 52.325552795336584),
        (16, 46.07239657691365),
        (251, 49.63210207086757),
    ];
    let mut rsi = Rsi::new(14, RsiStart::Wilder);
    assert_values(&over_closes(|close| rsi.push(close)), 14, &wanted);
    let mut rsi = Rsi::new(14, RsiStart::Metastock);
    let found = over_closes(|close| rsi.push(close));
    assert_values(&found, 13, &wanted);
    // TA-Lib's test gives its Metastock form cut off after two decimals.
    assert_eq!((found[13].unwrap() * 100.0).floor(), 4711.0);
}

#[test]
fn draws_macd_and_bands_as_ta_lib() {
    let mut macd = Macd::new(12, 26, 9);
    let lines = over_closes(|close| macd.push(close));
    let pick =
        |part: fn(&MacdLines) -> f64| lines.iter().map(|lines| lines.as_ref().map(part)).collect::<Vec<_>>();
    let wanted = [(33, -1.9738314311425853), (100, 4.661017717622542), (251, 0.9040092995013111)];
    assert_values(&pick(|lines| lines.line), 33, &wanted);
    let wanted = [(33, -2.7071077420416256), (100, 5.409564695646459), (251, 1.4045942301721954)];
    assert_values(&pick(|lines| lines.signal), 33, &wanted);
    let wanted = [(33, 0.7332763108990403), (100, -0.7485469780239171), (251, -0.5005849306708843)];
    assert_values(&pick(|lines| lines.histogram), 33, &wanted);

    let mut bollinger = Bollinger::new(20, 2.0);
    let bands = over_closes(|close| bollinger.push(close));
    let pick =
        |part: fn(&Bands) -> f64| bands.iter().map(|bands| bands.as_ref().map(part)).collect::<Vec<_>>();
    let wanted = [(19, 98.07339481321135), (100, 123.92726362000916), (251, 116.59999170812043)];
    assert_values(&pick(|bands| bands.upper), 19, &wanted);
    assert_values(&pick(|bands| bands.middle), 19, &[(19, 92.891), (100, 112.7695), (251, 110.57)]);
    let wanted = [(19, 87.70860518678863), (100, 101.61173637999083), (251, 104.5400082918795)];
    assert_values(&pick(|bands| bands.lower), 19, &wanted);
}

#[test]
fn measures_range_trend_and_place_as_ta_lib() {
    let mut atr = Atr::new(14);
    let ranges = over_bars(|bar| atr.push(bar).map(|range| range / TICKS));
    assert_values(&ranges, 14, &[(14, 3.5782142857142856), (251, 3.2608094811681356)]);
    let mut roc = Roc::new(10);
    let wanted = [(10, 5.054644808743158), (251, -1.2089019140946955)];
    assert_values(&over_closes(|close| roc.push(close)), 10, &wanted);

    let mut slow = Stochastic::new(14, 3, 3);
    let lines = over_bars(|bar| slow.push(bar));
    let ks: Vec<_> = lines.iter().map(|lines| lines.map(|lines| lines.k)).collect();
    let ds: Vec<_> = lines.iter().map(|lines| lines.map(|lines| lines.d)).collect();
    let wanted = [(17, 28.6472491909385), (100, 53.634635668623986), (251, 39.30093213634649)];
    assert_values(&ks, 17, &wanted);
    let wanted = [(17, 30.51778937357734), (100, 49.67011002987215), (251, 34.507152493531606)];
    assert_values(&ds, 17, &wanted);
    let mut fast = Stochastic::new(5, 1, 3);
    let ks = over_bars(|bar| fast.push(bar).map(|lines| lines.k));
    assert_values(&ks, 6, &[(6, 12.11428571428574), (251, 30.266343825665892)]);
}

#[test]
fn finds_direction_and_its_strength_as_ta_lib() {
    let mut adx = Adx::new(14);
    let wanted = [
        (27, 22.999310364894765),
        (28, 22.0802628018422),
        (100, 34.290020706441375),
        (251, 15.52605835470341),
    ];
    assert_values(&over_bars(|bar| adx.push(bar)), 27, &wanted);
    let directions = |part: fn(&Directions) -> f64| {
        let mut adx = Adx::new(14);
        over_bars(|bar| {
            adx.push(bar);
            adx.directions().as_ref().map(part)
        })
    };
    let wanted = [
        (14, 20.378164074412933),
        (28, 20.374652418120537),
        (100, 31.96756734283052),
        (251, 20.99955113609582),
    ];
    assert_values(&directions(|directions| directions.plus), 14, &wanted);
    let wanted = [
        (14, 30.168496492833185),
        (28, 24.96918194913334),
        (100, 17.683995669243455),
        (251, 21.198823355925374),
    ];
    assert_values(&directions(|directions| directions.minus), 14, &wanted);
}

#[test]
fn relates_and_spreads_as_ta_lib_and_pandas() {
    let mut pair = RollingPair::new(30);
    let correlations = over_bars(|bar| pair.push(bar.high_ticks as f64, bar.low_ticks as f64)?.correlation());
    assert_values(&correlations, 29, &[(29, 0.9790564092132795), (251, 0.9322133813675092)]);
    let (mut line, mut at) = (RollingPair::new(14), 0.0);
    let slopes = over_closes(|close| {
        at += 1.0;
        Some(line.push(at, close)?.line()?.slope)
    });
    assert_values(&slopes, 13, &[(13, 0.07304395604394819), (251, -0.02650549450531577)]);

    let last = |divisor| {
        let mut score = ZScore::new(20, divisor);
        over_closes(|close| score.push(close)).pop().flatten().unwrap()
    };
    assert_near(last(Divisor::Population), -0.8955236194981144, &"z, ddof 0");
    assert_near(last(Divisor::Sample), -0.8728484550167077, &"z, ddof 1");

    let volatility = |bias| {
        let (mut volatility, closes) = (EwmaVolatility::new(60.0, 2, bias), closes());
        closes.windows(2).map(|pair| volatility.push(pair[1] / pair[0] - 1.0)).collect::<Vec<_>>()
    };
    assert_values(&volatility(Bias::Kept), 1, &[(1, 0.020434364183474656), (250, 0.026182148437444725)]);
    assert_values(&volatility(Bias::Adjusted), 1, &[(1, 0.028899541922393107), (250, 0.02629452835323578)]);
}
