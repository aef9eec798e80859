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
    let mut random = Random::seeded(9);
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
fn stays_out_of_a_market_without_anything_to_learn() {
    let made = run(&mut build_network(0.0, &[]), &market(0.0, 3_000));
    let traded = made.iter().filter(|decision| decision.target_qty_nanos != 0).count();
    assert!(traded < 300, "{traded}"); // a coin passes the gate now and then
    let mut strategy = build_network(0.0, &[]);
    run(&mut strategy, &market(0.0, 100));
    assert_eq!(strategy.reason().rule, "no proven skill");
    assert_eq!(measure(&strategy.reason(), "forecasts"), 79.0);
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

#[test]
fn goes_on_bit_for_bit_from_what_was_saved() {
    let bars = market(-0.5, 900);
    for network in [0.0, 1.0] {
        let mut whole = build_network(network, &[]);
        run(&mut whole, &bars[..600]);
        let saved = whole.save();
        // Another seed and another past, but the same last bars.
        let mut restored = build_network(network, &[("seed", 77.0)]);
        for bar in &bars[550..600] {
            restored.observe(bar).unwrap();
        }
        assert_ne!(restored.save(), saved);
        restored.restore(&saved).unwrap();
        assert_eq!(restored.save(), saved);
        for bar in &bars[600..] {
            whole.observe(bar).unwrap();
            restored.observe(bar).unwrap();
        }
        assert_eq!(restored.save(), whole.save());
        assert_ne!(restored.save(), saved);
    }
}

#[test]
fn refuses_a_state_that_is_not_its_own() {
    let (mut perceptron, recurrent) = (build_network(0.0, &[]), build_network(1.0, &[]));
    let own = perceptron.save();
    let refusal = |strategy: &mut Neural, bytes: &[u8]| strategy.restore(bytes).unwrap_err();
    assert!(matches!(refusal(&mut perceptron, &recurrent.save()), StateRefused::Length { .. }));
    assert!(matches!(refusal(&mut perceptron, &own[..own.len() - 1]), StateRefused::Length { .. }));
    let mut strange = own.clone();
    strange[0] = b'X';
    assert_eq!(refusal(&mut perceptron, &strange), StateRefused::Unknown);
    let mut damaged = own.clone();
    damaged[8..16].copy_from_slice(&f64::NAN.to_bits().to_le_bytes());
    assert_eq!(refusal(&mut perceptron, &damaged), StateRefused::NotFinite(0));
    assert_eq!(perceptron.save(), own);
}

#[test]
fn starts_from_its_seed() {
    let saved = |seed: f64| build_network(0.0, &[("seed", seed)]).save();
    assert_eq!(saved(5.0), saved(5.0));
    assert_ne!(saved(5.0), saved(6.0));
}
