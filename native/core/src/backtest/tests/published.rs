//! The results that backtesting.py publishes for a 10/30 cross on ten years of GOOG. The data is not ours to ship: it
//! is looked for beside the repository, and its absence is said.

use super::*;

const EXPECTED: &[(&str, f64)] = &[
    ("finalEquity", 51_422.99),
    ("peakEquity", 75_787.44),
    ("tradeCount", 66.0),
    ("maxDrawdownPct", -47.980_127_050_075_89),
    ("returnPct", 414.229_899_999_999_6),
    ("buyAndHoldReturnPct", 522.060_185_185_185_2),
    ("cagrPct", 21.160_245_705_962_623),
    ("hitRatePct", 46.969_696_969_696_97),
    ("bestTradePct", 53.595_952_294_904_24),
    ("worstTradePct", -18.398_873_538_354_81),
    ("exposurePct", 96.741_154_562_383_61),
    ("sqn", 1.076_618_735_669_770_5),
    ("sharpeGeometric", 0.580_623_224_448_534_9),
    ("sortinoGeometric", 1.085_343_435_248_866_2),
    ("calmarGeometric", 0.441_664_092_029_946_05),
    ("beta", 0.038_033_907_091_92),
];

fn goog() -> Option<Panel> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/GOOG.csv");
    let Ok(file) = File::open(&path) else {
        eprintln!("skipped: {} is not there", path.display());
        return None;
    };
    Some(Panel::new(vec![("GOOG".to_owned(), read_bars(file).unwrap())]).unwrap())
}

fn cross(_: &Panel) -> Result<Vec<Agent<Each<SmaCross>>>, BacktestError> {
    let strategy = Each::build(1, || SmaCross::new(&BTreeMap::new(), Micros::MAX))?;
    Ok(vec![Agent { id: "cross".to_owned(), strategy, symbols: vec![0], sizing: Sizing::AllIn }])
}

#[test]
fn gives_every_published_statistic() {
    let Some(panel) = goog() else { return };
    let checked = run_checked(&panel, &cross, &Setup::frictionless(usd(10_000)), 7, &mut onward).unwrap();
    for (name, expected) in EXPECTED {
        let found = value(&checked.outcome, name);
        assert!((found - expected).abs() <= 1e-8 * expected.abs(), "{name} is {found}, not {expected}");
    }
    assert!(checked.checks.iter().all(|check| check.passed), "{:?}", checked.checks);
    assert_eq!(checked.outcome.equity, 51_422_990_000);
    assert_eq!(checked.outcome.trades.len(), 66);
}
