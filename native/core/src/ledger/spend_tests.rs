use super::*;
use crate::money::Micros;

const BUDGET: Micros = 5_000_000;
const EXIT_RESERVE: Micros = 250_000;

fn ledger() -> SpendLedger {
    SpendLedger::new(BUDGET, EXIT_RESERVE).unwrap()
}

fn codes(outcomes: [Result<(), SpendError>; 4]) -> [&'static str; 4] {
    outcomes.map(|outcome| outcome.map_or_else(|error| error.code(), |()| "OK"))
}

#[test]
fn posts_what_was_used_and_frees_the_rest() {
    let mut ledger = ledger();
    let answer = ledger.reserve("lease-1", 1_000_000, Purpose::Entry).unwrap();
    assert_eq!(answer, Reserved { accepted: true, available: 3_750_000 });
    assert_eq!(ledger.post("lease-1", 400_000), Ok(Posted { posted: 400_000, released: 600_000 }));
    let expected = Totals {
        budget: BUDGET,
        exit_reserve: EXIT_RESERVE,
        posted: 400_000,
        pending: 0,
        available: 4_350_000,
    };
    assert_eq!(ledger.totals(), expected);
}

#[test]
fn refuses_an_entry_that_would_need_the_exit_reserve_and_admits_the_exit() {
    let mut ledger = ledger();
    let whole = BUDGET - EXIT_RESERVE;
    let refused = ledger.reserve("swarm", whole + 1, Purpose::Entry).unwrap();
    assert_eq!(refused, Reserved { accepted: false, available: whole });
    assert!(ledger.reserve("swarm", whole, Purpose::Entry).unwrap().accepted);
    assert!(!ledger.reserve("one more", 1, Purpose::Entry).unwrap().accepted);
    assert!(ledger.reserve("wind down", EXIT_RESERVE, Purpose::Exit).unwrap().accepted);
    assert!(!ledger.reserve("wind down more", 1, Purpose::Exit).unwrap().accepted);
}

#[test]
fn leaves_the_exit_reserve_whole_while_an_exit_finds_free_money() {
    let mut ledger = ledger();
    ledger.reserve("wind down", 300_000, Purpose::Exit).unwrap();
    assert_eq!(ledger.totals().available, BUDGET - EXIT_RESERVE - 300_000);
    assert!(ledger.reserve("swarm", BUDGET - EXIT_RESERVE - 300_000, Purpose::Entry).unwrap().accepted);
    assert!(ledger.reserve("wind down more", EXIT_RESERVE, Purpose::Exit).unwrap().accepted);
    ledger.release("wind down more").unwrap();
    assert!(
        !ledger.reserve("swarm again", 1, Purpose::Entry).unwrap().accepted,
        "it went back to the reserve"
    );
}

#[test]
fn ends_each_reservation_once() {
    let mut ledger = ledger();
    ledger.reserve("a", 10, Purpose::Entry).unwrap();
    ledger.reserve("b", 10, Purpose::Entry).unwrap();
    ledger.post("a", 10).unwrap();
    assert_eq!(ledger.release("b"), Ok(10));
    let again = [
        ledger.post("a", 0).map(drop),
        ledger.release("a").map(drop),
        ledger.post("b", 0).map(drop),
        ledger.release("b").map(drop),
    ];
    assert_eq!(codes(again), ["RESERVATION_UNKNOWN"; 4]);
}

#[test]
fn changes_nothing_when_it_refuses_a_request() {
    let mut ledger = ledger();
    ledger.reserve("a", 10, Purpose::Entry).unwrap();
    let before = ledger.totals();
    let refused = [
        ledger.reserve("a", 10, Purpose::Entry).map(drop),
        ledger.post("a", 11).map(drop),
        ledger.reserve("b", -1, Purpose::Exit).map(drop),
        ledger.start_day(BUDGET, BUDGET + 1),
    ];
    let expected = ["RESERVATION_EXISTS", "POST_EXCEEDS_RESERVATION", "AMOUNT_INVALID", "AMOUNT_INVALID"];
    assert_eq!(codes(refused), expected);
    assert_eq!(ledger.totals(), before);
    assert_eq!(ledger.release("a"), Ok(10));
}

#[test]
fn adopts_more_than_the_budget_after_a_restart_and_still_lets_the_swarm_wind_down() {
    let mut ledger = ledger();
    ledger.restore_posted(4_900_000).unwrap();
    ledger.restore("old lease", 900_000).unwrap();
    let totals = ledger.totals();
    assert_eq!((totals.posted, totals.pending, totals.available), (4_900_000, 900_000, 0));
    assert!(!ledger.reserve("new lease", 1, Purpose::Entry).unwrap().accepted);
    assert!(ledger.reserve("wind down", EXIT_RESERVE, Purpose::Exit).unwrap().accepted);
}

#[test]
fn carries_open_reservations_into_the_next_day() {
    let mut ledger = ledger();
    ledger.reserve("overnight", 1_000_000, Purpose::Entry).unwrap();
    ledger.reserve("done", 500_000, Purpose::Entry).unwrap();
    ledger.post("done", 500_000).unwrap();
    ledger.start_day(2_000_000, 100_000).unwrap();
    let expected = Totals {
        budget: 2_000_000,
        exit_reserve: 100_000,
        posted: 0,
        pending: 1_000_000,
        available: 900_000,
    };
    assert_eq!(ledger.totals(), expected);
    ledger.post("overnight", 300_000).unwrap();
    assert_eq!((ledger.totals().posted, ledger.totals().available), (300_000, 1_600_000));
}
