//! Several agents in one account, and several symbols.

use proptest::prelude::*;

use super::*;

fn on(id: &str, symbols: Vec<usize>, wishes: &[Vec<i64>]) -> Agent<Each<Script>> {
    let next = std::cell::Cell::new(0);
    let make = || {
        let own = wishes[next.get()].clone();
        next.set(next.get() + 1);
        Ok(Script { wishes: own, at: 0, wanted: 0 })
    };
    let strategy = Each::build(symbols.len(), make).unwrap();
    Agent { id: id.to_owned(), strategy, symbols, sizing: Sizing::Targets }
}

#[test]
fn crosses_opposite_wishes_inside_and_sends_only_the_rest() {
    let costs = Costs { per_share: usd(1), ..Costs::default() };
    let agents = vec![agent("buyer", &[10], Sizing::Targets), agent("seller", &[-4], Sizing::Targets)];
    let setup = Setup { costs, ..keep(10_000) };
    let outcome = run(&panel(&[(100, 100), (100, 110)]), agents, &setup, &mut onward).unwrap();
    assert_eq!(outcome.account.positions[0].qty, 6 * NANOS_PER_SHARE);
    assert_eq!(outcome.account.commission, usd(6));
    assert_eq!(outcome.books[0].position.qty, 10 * NANOS_PER_SHARE);
    assert_eq!(outcome.books[0].cash, usd(5_000 - 1_000 - 6));
    assert_eq!((outcome.books[1].cash, outcome.books[1].fees), (usd(5_000 + 400), 0));
}

#[test]
fn fills_what_is_decided_on_another_symbol_only_at_a_later_instant() {
    /// Decides on the second symbol when the first one's bar comes.
    struct Across(i64);
    impl crate::strategy::Strategy for Across {
        fn observe(&mut self, _: usize, _: &Bar) -> Result<(), BarRefused> {
            Ok(())
        }
        fn decide(
            &mut self,
            symbol: usize,
            _: &Bar,
            decisions: &mut Vec<(usize, Decision)>,
        ) -> Result<(), BarRefused> {
            if symbol == 0 {
                self.0 = NANOS_PER_SHARE;
                decisions.push((1, Decision { action: Action::Enter, target_qty_nanos: self.0 }));
            }
            Ok(())
        }
        fn is_warm(&self) -> bool {
            true
        }
        fn target_qty_nanos(&self, _: usize) -> i64 {
            self.0
        }
        fn reason(&self, _: usize) -> Reason {
            Reason::new("across", &[])
        }
    }
    let columns = [("A", [(10, 10), (10, 10)]), ("B", [(20, 20), (30, 30)])];
    let panel = Panel::new(columns.map(|(name, prices)| (name.to_owned(), bars(&prices))).to_vec()).unwrap();
    let agents = vec![Agent {
        id: "one".to_owned(),
        strategy: Across(0),
        symbols: vec![0, 1],
        sizing: Sizing::Targets,
    }];
    let outcome = run(&panel, agents, &keep(100), &mut onward).unwrap();
    assert_eq!(outcome.account.cash, usd(100 - 30));
}

#[test]
fn merges_symbols_that_miss_bars_in_the_order_of_time() {
    let all = bars(&[(10, 10), (11, 11), (12, 12), (13, 13)]);
    let panel =
        Panel::new(vec![("A".to_owned(), all.clone()), ("B".to_owned(), all[1..3].to_vec())]).unwrap();
    let order: Vec<(usize, i64)> =
        panel.instants().map(|(symbol, bar)| (symbol, bar.at_ms / 86_400_000)).collect();
    assert_eq!(order, [(0, 0), (0, 1), (1, 1), (0, 2), (1, 2), (0, 3)]);
}

/// Opens and closes by symbol; wishes by agent and symbol.
type Swarm = (Vec<Vec<(i64, i64)>>, Vec<Vec<Vec<i64>>>);

fn any_swarm() -> impl proptest::strategy::Strategy<Value = Swarm> {
    (3_usize..20).prop_flat_map(|length| {
        let prices = prop::collection::vec(prop::collection::vec((20_i64..60, 20_i64..60), length), 3);
        let wishes = prop::collection::vec(-20_i64..20, length);
        (prices, prop::collection::vec(prop::collection::vec(wishes, 3), 1..4))
    })
}

fn swarm(prices: &[Vec<(i64, i64)>], wishes: &[Vec<Vec<i64>>], order: [usize; 3], setup: &Setup) -> Outcome {
    let names = ["A", "B", "C"];
    let columns = order.map(|symbol| (names[symbol].to_owned(), bars(&prices[symbol]))).to_vec();
    let agents = wishes.iter().enumerate().map(|(at, own)| {
        let own: Vec<Vec<i64>> = order.iter().map(|symbol| own[*symbol].clone()).collect();
        on(&format!("agent-{at}"), vec![0, 1, 2], &own)
    });
    run(&Panel::new(columns).unwrap(), agents.collect(), setup, &mut onward).unwrap()
}

proptest! {
    #[test]
    fn gives_the_same_totals_in_any_order_of_the_symbols((prices, wishes) in any_swarm()) {
        let costs = Costs { commission_e9: 700_000, borrow_e9: 30_000_000, ..Costs::default() };
        let setup = Setup { costs, ..keep(500_000) };
        let plain = swarm(&prices, &wishes, [0, 1, 2], &setup);
        let mixed = swarm(&prices, &wishes, [2, 0, 1], &setup);
        prop_assert_eq!(mixed.equity, plain.equity);
        prop_assert_eq!(mixed.account.realised, plain.account.realised);
        prop_assert_eq!(mixed.account.commission, plain.account.commission);
        prop_assert_eq!(mixed.account.borrowing, plain.account.borrowing);
    }

    #[test]
    fn keeps_books_that_sum_to_the_account((prices, wishes) in any_swarm()) {
        let costs = Costs { commission_e9: 700_000, slippage_e9: 300_000, borrow_e9: 900_000_000, ..Costs::default() };
        let outcome = swarm(&prices, &wishes, [0, 1, 2], &Setup { costs, ..keep(500_001) });
        prop_assert_eq!(outcome.unbalanced_at_ms, None);
        let parts = (wishes.len() * 3) as i64;
        let left = usd(500_001) % parts;
        let cash: i64 = outcome.books.iter().map(|book| book.cash).sum();
        prop_assert_eq!(cash + left, outcome.account.cash);
        let fees: i64 = outcome.books.iter().map(|book| book.fees).sum();
        prop_assert_eq!(fees, outcome.account.commission + outcome.account.borrowing);
    }
}
