use proptest::prelude::*;

use super::*;
use crate::money::NANOS_PER_SHARE;

const DOLLAR: i64 = 10_000;

/// So many shares at so many dollars, traded in whole shares.
fn leg(shares: i64, dollars: i64) -> Leg {
    Leg { qty: shares * NANOS_PER_SHARE, price: dollars * DOLLAR, lot: NANOS_PER_SHARE }
}

fn kept_shares(legs: &[Leg]) -> Vec<i64> {
    keep_hedged(legs).unwrap().into_iter().map(|qty| qty / NANOS_PER_SHARE).collect()
}

#[test]
fn keeps_an_exactly_hedged_pair() {
    assert_eq!(kept_shares(&[leg(10, 60), leg(-20, 30)]), [10, -20]);
}

#[test]
fn trims_the_heavier_side_to_the_lighter() {
    assert_eq!(kept_shares(&[leg(30, 60), leg(-20, 30)]), [10, -20]);
    assert_eq!(kept_shares(&[leg(10, 60), leg(-50, 30)]), [10, -20]);
}

#[test]
fn gives_up_a_book_that_is_long_only_or_short_only() {
    assert_eq!(kept_shares(&[leg(10, 60), leg(4, 30)]), [0, 0]);
    assert_eq!(kept_shares(&[leg(-4, 30)]), [0]);
    assert_eq!(kept_shares(&[]), [0; 0]);
}

#[test]
fn gives_up_a_book_whose_hedge_is_worth_less_than_a_share() {
    assert_eq!(kept_shares(&[leg(10, 400), leg(-1, 40)]), [0, 0]);
}

#[test]
fn gives_back_the_dearest_shares_that_fit() {
    // In proportion 7.5 and 7.5 shares; 7 and 7 leave 115 dollars of room, which one share at 100 takes.
    assert_eq!(kept_shares(&[leg(10, 100), leg(10, 130), leg(-69, 25)]), [8, 7, -69]);
}

#[test]
fn trims_an_asset_that_is_traded_in_fractions_to_the_cent() {
    let fraction = Leg { lot: 1, ..leg(10, 60) };
    assert_eq!(keep_hedged(&[fraction, leg(-1, 50)]).unwrap(), [833_333_333, -NANOS_PER_SHARE]);
}

#[test]
fn refuses_what_no_market_shows() {
    assert_eq!(keep_hedged(&[Leg { price: 0, ..leg(1, 1) }]), Err(BookError::PriceInvalid(0)));
    assert_eq!(keep_hedged(&[Leg { lot: 0, ..leg(1, 1) }]), Err(BookError::LotInvalid(0)));
    let huge = Leg { qty: i64::MAX, price: i64::MAX, lot: 1 };
    assert_eq!(keep_hedged(&[huge, huge, huge]), Err(BookError::Overflow));
    assert_eq!(keep_hedged(&[huge, Leg { qty: -1, price: i64::MAX, lot: 1 }]).unwrap(), [1, -1]);
}

fn legs() -> impl Strategy<Value = Vec<Leg>> {
    let whole = (-400..400_i64, 1..9_000_000_i64).prop_map(|(shares, price)| Leg {
        qty: shares * NANOS_PER_SHARE,
        price,
        lot: NANOS_PER_SHARE,
    });
    let broken = (-400_000_000_000..400_000_000_000_i64, 1..9_000_000_i64).prop_map(|(qty, price)| Leg {
        qty,
        price,
        lot: 1,
    });
    prop::collection::vec(prop_oneof![whole, broken], 0..9)
}

fn side(legs: &[Leg], qty: impl Fn(usize) -> i64, sign: i64) -> i128 {
    let values = legs.iter().enumerate().filter(|(at, _)| qty(*at).signum() == sign);
    values.map(|(at, leg)| (i128::from(qty(at)) * i128::from(leg.price)).abs()).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_leg_grows_or_turns_and_what_is_kept_of_a_trimmed_one_is_in_lots(legs in legs()) {
        for (leg, kept) in legs.iter().zip(keep_hedged(&legs).unwrap()) {
            prop_assert!(kept == 0 || kept.signum() == leg.qty.signum());
            prop_assert!(kept.abs() <= leg.qty.abs());
            prop_assert!(kept == leg.qty || kept % leg.lot == 0);
        }
    }

    #[test]
    fn only_the_heavier_side_is_trimmed_unless_the_book_is_given_up(legs in legs()) {
        let kept = keep_hedged(&legs).unwrap();
        let (long, short) = (side(&legs, |at| legs[at].qty, 1), side(&legs, |at| legs[at].qty, -1));
        let lighter = if long < short { 1 } else { -1 };
        let is_trimmed = |at: usize| kept[at] != legs[at].qty;
        prop_assert!(
            kept.iter().all(|qty| *qty == 0)
                || (0..legs.len()).all(|at| !is_trimmed(at) || legs[at].qty.signum() != lighter)
        );
    }

    #[test]
    fn what_is_left_over_is_less_than_any_lot_that_could_still_be_kept(legs in legs()) {
        let kept = keep_hedged(&legs).unwrap();
        let (long, short) = (side(&legs, |at| legs[at].qty, 1), side(&legs, |at| legs[at].qty, -1));
        let heavier = if long > short { 1 } else { -1 };
        let (heavy, light) = (side(&legs, |at| kept[at], heavier), side(&legs, |at| kept[at], -heavier));
        prop_assert!(heavy <= light);
        for (leg, kept) in legs.iter().zip(&kept) {
            let has_room = (leg.qty - kept).abs() >= leg.lot;
            if leg.qty.signum() == heavier && has_room && light > 0 {
                prop_assert!(light - heavy < i128::from(leg.lot) * i128::from(leg.price));
            }
        }
    }

    #[test]
    fn what_is_kept_has_two_sides_or_none(legs in legs()) {
        let kept = keep_hedged(&legs).unwrap();
        let (long, short) = (side(&legs, |at| kept[at], 1), side(&legs, |at| kept[at], -1));
        prop_assert_eq!(long == 0, short == 0);
    }

    #[test]
    fn prices_in_another_unit_keep_the_same(legs in legs(), unit in 1..50_i64) {
        let dearer: Vec<Leg> = legs.iter().map(|leg| Leg { price: leg.price * unit, ..*leg }).collect();
        prop_assert_eq!(keep_hedged(&dearer), keep_hedged(&legs));
    }
}
