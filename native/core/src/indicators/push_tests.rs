//! What every indicator keeps to: a value that is no number changes nothing, and the warm-up is as long as it says.

use super::window_tests::noise;
use super::*;

#[test]
fn a_value_that_is_no_number_changes_nothing() {
    let check = |name: &str, push: &mut dyn FnMut(f64) -> (bool, String)| {
        let mut last = String::new();
        for value in [3.0, 4.5, 4.0, 6.0, 5.0, 5.5, 7.0, 6.5] {
            last = push(value).1;
        }
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300] {
            let (answered, state) = push(bad);
            assert!(!answered, "{name} answered {bad}");
            assert_eq!(state, last, "{name} took in {bad}");
        }
        assert!(push(6.0).0, "{name} goes on");
    };
    macro_rules! check_all {
        ($($make:expr),+ $(,)?) => {
            $({
                let mut indicator = $make;
                check(stringify!($make), &mut |value| (indicator.push(value).is_some(), format!("{indicator:?}")));
            })+
        };
    }
    check_all!(
        Average::exponential(3, Seed::Mean),
        Average::wilder(3),
        Sma::new(3),
        Wma::new(3),
        Rsi::new(3, RsiStart::Wilder),
        Macd::new(2, 3, 2),
        Bollinger::new(3, 2.0),
        ZScore::new(3, Divisor::Sample),
        Roc::new(3),
        RollingMoments::new(3),
        EwmaVolatility::new(5.0, 2, Bias::Adjusted),
    );
    let (mut pair, mut extremes) = (RollingPair::new(2), RollingExtremes::new(2));
    check("x", &mut |value| (pair.push(value, 1.0).is_some(), format!("{pair:?}")));
    check("y", &mut |value| (pair.push(1.0, value).is_some(), format!("{pair:?}")));
    check("low", &mut |value| (extremes.push(value, 9.0).is_some(), format!("{extremes:?}")));
    check("high", &mut |value| (extremes.push(1.0, value).is_some(), format!("{extremes:?}")));
}

#[test]
fn the_warm_up_is_the_number_of_silent_values() {
    macro_rules! check_all {
        ($($make:expr),+ $(,)?) => {
            $({
                let mut indicator = $make;
                let mut noise = noise();
                let silent = (0..200).take_while(|_| indicator.push(noise()).is_none()).count();
                assert_eq!(silent, indicator.warm_up(), stringify!($make));
            })+
        };
    }
    check_all!(
        Average::exponential(12, Seed::First),
        Average::wilder(1),
        Sma::new(7),
        Wma::new(1),
        Rsi::new(14, RsiStart::Wilder),
        Rsi::new(14, RsiStart::Metastock),
        Macd::new(12, 26, 9),
        Macd::new(3, 2, 1),
        Bollinger::new(20, 2.0),
        ZScore::new(9, Divisor::Population),
        Roc::new(10),
        EwmaVolatility::new(60.0, 20, Bias::Kept),
    );
}
