use super::test_bars::{MAX_POSITION, measure, params};
use super::*;
use crate::bars::Bar;
use crate::market::Random;

fn build_network(network: f64, more: &[(&str, f64)]) -> Neural {
    let mut given = params(&[("network", network), ("rate", 0.01), ("drawdownPct", 100.0), ("stopAtr", 0.0)]);
    given.extend(params(more));
    Neural::new(&given, MAX_POSITION).unwrap()
}

/// Returns of 1 % in size, of which a share `kept` of each comes back in the next: a market that can be learnt.
fn market(kept: f64, count: usize) -> Vec<Bar> {
    market_of(9, kept, count)
}

fn market_of(seed: u64, kept: f64, count: usize) -> Vec<Bar> {
    let mut random = Random::seeded(seed);
    let (mut close, mut last) = (10_000_000.0_f64, 0.0_f64);
    let next = |day: usize| {
        last = kept * last + 0.01 * random.normal();
        let open = close;
        close *= 1.0 + last;
        Bar {
            at_ms: day as i64,
            open_ticks: open as i64,
            high_ticks: open.max(close) as i64 + 100,
            low_ticks: open.min(close) as i64 - 100,
            close_ticks: close as i64,
            volume: 1_000,
        }
    };
    (0..count).map(next).collect()
}

fn run(strategy: &mut Neural, bars: &[Bar]) -> Vec<Decision> {
    bars.iter().map(|bar| strategy.decide(bar).unwrap()).collect()
}

#[test]
fn learns_what_can_be_learnt_and_trades_it_with_either_network() {
    let bars = market(-0.6, 3_000);
    for network in [0.0, 1.0] {
        let mut strategy = build_network(network, &[("maxWeight", 1.0), ("volTargetPct", 100.0)]);
        let made = run(&mut strategy, &bars);
        // 21 bars to see, 500 forecasts to be judged.
        assert!(made[..520].iter().all(|decision| decision.target_qty_nanos == 0));
        let (mut right, mut taken, mut gain) = (0.0, 0.0, 0.0);
        for (decision, pair) in made.iter().zip(bars.windows(2)) {
            let moved = (pair[1].close_ticks - pair[0].close_ticks) as f64;
            let worth = decision.target_qty_nanos as f64 * moved;
            taken += f64::from(u8::from(worth != 0.0));
            right += f64::from(u8::from(worth > 0.0));
            gain += worth;
        }
        assert!(taken > 500.0 && right / taken > 0.6 && gain > 0.0, "{network}: {right} of {taken}, {gain}");
        let reason = strategy.reason();
        assert!(measure(&reason, "mase") < 0.95 && measure(&reason, "hits") > 60.0, "{reason}");
    }
}

#[test]
fn trades_no_more_than_chance_lets_it_where_there_is_nothing_to_learn() {
    // The gate lets a coin pass at most 5 times in 100, and the smaller error that it asks for besides less often.
    let (mut decided, mut traded) = (0, 0);
    for seed in 0..24 {
        let made = run(&mut build_network(0.0, &[]), &market_of(seed, 0.0, 1_500));
        decided += made.len() - 521;
        traded += made.iter().filter(|decision| decision.target_qty_nanos != 0).count();
    }
    assert!(traded * 20 < decided, "{traded} of {decided}");
    let mut strategy = build_network(0.0, &[]);
    run(&mut strategy, &market(0.0, 100));
    assert_eq!(strategy.reason().rule, "no proven skill");
    assert_eq!(measure(&strategy.reason(), "forecasts"), 79.0);
}

#[test]
fn leaves_when_its_skill_is_gone() {
    let mut bars = market(-0.6, 1_500);
    let (last_ms, last) = (bars[1_499].at_ms, bars[1_499].close_ticks as f64);
    let noise = market_of(10, 0.0, 900);
    let by = last / noise[0].open_ticks as f64;
    bars.extend(noise.iter().map(|bar| Bar { at_ms: last_ms + 1 + bar.at_ms, ..scaled(bar, by) }));
    let mut strategy = build_network(0.0, &[]);
    let made = run(&mut strategy, &bars);
    let traded = |from: usize, to: usize| {
        made[from..to].iter().filter(|decision| decision.target_qty_nanos != 0).count()
    };
    assert!(traded(1_000, 1_500) > 300 && traded(2_200, 2_400) == 0, "{}", traded(1_000, 1_500));
    assert_eq!(strategy.reason().rule, "no proven skill");
}

#[test]
fn decides_the_same_on_dearer_prices_with_a_larger_limit() {
    let bars = market(-0.6, 1_500);
    let dearer: Vec<Bar> = bars.iter().map(|bar| scaled(bar, 8.0)).collect();
    let given = params(&[("rate", 0.01)]);
    let mut plain = Neural::new(&given, MAX_POSITION).unwrap();
    let mut large = Neural::new(&given, 8 * MAX_POSITION).unwrap();
    let made = run(&mut plain, &bars);
    assert!(made.iter().filter(|decision| decision.target_qty_nanos != 0).count() > 200);
    assert_eq!(run(&mut large, &dearer), made);
}

fn scaled(bar: &Bar, by: f64) -> Bar {
    let [open_ticks, high_ticks, low_ticks, close_ticks] =
        [bar.open_ticks, bar.high_ticks, bar.low_ticks, bar.close_ticks]
            .map(|ticks| (ticks as f64 * by) as i64);
    Bar { open_ticks, high_ticks, low_ticks, close_ticks, ..*bar }
}

#[test]
fn sizes_by_a_quarter_of_kelly_and_says_by_which_numbers() {
    let mut strategy = build_network(0.0, &[("maxWeight", 10.0), ("volTargetPct", 200.0)]);
    let bars = market(-0.6, 3_000);
    let mut checked = 0;
    for bar in &bars {
        strategy.decide(bar).unwrap();
        let reason = strategy.reason();
        if reason.rule == "forecast" {
            let [forecast, volatility] =
                ["forecast", "volatility"].map(|name| measure(&reason, name) / 100.0);
            let kelly = 0.25 * forecast / (measure(&reason, "error") * volatility).powi(2);
            let most = (2.0 / (volatility * 252.0_f64.sqrt())).min(10.0);
            let expected = kelly.clamp(-most, most);
            assert!((measure(&reason, "weight") - expected).abs() < 1e-9 * expected.abs().max(1.0));
            checked += 1;
        }
    }
    assert!(checked > 500, "{checked}");
}

fn learnt(strategy: &Neural) -> Vec<u8> {
    strategy.learnt().unwrap()
}

#[test]
fn goes_on_bit_for_bit_from_what_was_saved() {
    let bars = market(-0.5, 900);
    for network in [0.0, 1.0] {
        let mut whole = build_network(network, &[]);
        run(&mut whole, &bars[..600]);
        let saved = learnt(&whole);
        // Another seed and another past, but the same last bars.
        let mut restored = build_network(network, &[("seed", 77.0)]);
        for bar in &bars[550..600] {
            restored.observe(bar).unwrap();
        }
        assert_ne!(learnt(&restored), saved);
        restored.recall(&saved).unwrap();
        assert_eq!(learnt(&restored), saved);
        for bar in &bars[600..] {
            whole.observe(bar).unwrap();
            restored.observe(bar).unwrap();
        }
        assert_eq!(learnt(&restored), learnt(&whole));
        assert_ne!(learnt(&restored), saved);
    }
}

#[test]
fn judges_no_forecast_by_a_bar_that_did_not_follow_it() {
    let bars = market(-0.5, 300);
    let mut early = build_network(0.0, &[]);
    run(&mut early, &bars[..200]);
    let forecasts = |strategy: &Neural| measure(&strategy.reason(), "forecasts");
    let known = forecasts(&early);
    let mut late = build_network(0.0, &[]);
    run(&mut late, &bars[250..280]);
    late.recall(&learnt(&early)).unwrap();
    late.decide(&bars[280]).unwrap();
    assert_eq!(forecasts(&late), known);
    late.decide(&bars[281]).unwrap();
    assert_eq!(forecasts(&late), known + 1.0);
}

#[test]
fn refuses_a_state_that_is_not_its_own() {
    let one_bar = market(0.0, 1);
    let [mut perceptron, mut recurrent] = [0.0, 1.0].map(|network| build_network(network, &[]));
    assert_eq!(perceptron.learnt(), None);
    run(&mut perceptron, &one_bar);
    run(&mut recurrent, &one_bar);
    let own = learnt(&perceptron);
    let refusal = |strategy: &mut Neural, bytes: &[u8]| strategy.recall(bytes).unwrap_err();
    assert!(matches!(refusal(&mut perceptron, &learnt(&recurrent)), StateRefused::Length { .. }));
    assert!(matches!(refusal(&mut perceptron, &own[..own.len() - 1]), StateRefused::Length { .. }));
    assert_eq!(refusal(&mut perceptron, &own[..3]), StateRefused::Unknown);
    let mut strange = own.clone();
    strange[8] = b'X';
    assert_eq!(refusal(&mut perceptron, &strange), StateRefused::Unknown);
    let mut damaged = own.clone();
    damaged[16..24].copy_from_slice(&f64::NAN.to_bits().to_le_bytes());
    assert_eq!(refusal(&mut perceptron, &damaged), StateRefused::NotFinite(0));
    assert_eq!(learnt(&perceptron), own);
}

#[test]
fn goes_on_or_refuses_whatever_number_of_its_state_is_damaged() {
    let bars = market(-0.5, 140);
    for network in [0.0, 1.0] {
        let mut strategy = build_network(network, &[("judged", 100.0)]);
        run(&mut strategy, &bars[..130]);
        let own = learnt(&strategy);
        let mut refused = 0;
        for at in 2..own.len() / 8 {
            let mut damaged = own.clone();
            damaged[8 * at..8 * at + 8].copy_from_slice(&(-1e6_f64 - 0.5).to_bits().to_le_bytes());
            let mut other = strategy.clone();
            refused += usize::from(other.recall(&damaged) == Err(StateRefused::Contradictory));
            run(&mut other, &bars[130..]);
            assert!(other.reason().measures().iter().all(|measure| measure.value.is_finite()), "{at}");
        }
        // What counts and what divides: the scaler's 17, the skill's 2, the awaited 2 and the recurrent network's steps.
        assert_eq!(refused, 21 + network as usize);
    }
}

#[test]
fn starts_from_its_seed() {
    let one_bar = market(0.0, 1);
    let saved = |seed: f64| {
        let mut strategy = build_network(0.0, &[("seed", seed)]);
        run(&mut strategy, &one_bar);
        learnt(&strategy)
    };
    assert_eq!(saved(5.0), saved(5.0));
    assert_ne!(saved(5.0), saved(6.0));
}
