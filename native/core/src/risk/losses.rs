//! How much may be lost before nothing is opened any more.

use super::denial::{Code, Denial};
use super::facts::{Account, Limits};
use super::market::{BASIS_POINTS, check_age};
use crate::money::Micros;

/// Passes an account that has lost less than it may, or gives `ACCOUNT_STALE`, `DAILY_LOSS` or `DRAWDOWN`.
pub fn check_losses(account: &Account, limits: &Limits) -> Result<(), Denial> {
    check_age(Code::AccountStale, account.age_ms, limits.max_account_age_ms)?;
    let day = account.equity.zip(account.day_start_equity);
    let result = day.and_then(|(equity, start)| equity.checked_sub(start));
    check_loss(Code::DailyLoss, result, limits.daily_loss)?;
    check_drawdown(account, limits.drawdown_bps)
}

/// Refuses from the limit on. A gain is no loss.
pub(super) fn check_loss(code: Code, result: Option<Micros>, limit: Option<Micros>) -> Result<(), Denial> {
    let loss = result.map(|result| result.saturating_neg().max(0));
    if loss.zip(limit).is_some_and(|(loss, limit)| loss < limit) {
        return Ok(());
    }
    Err(Denial { code, value: loss, limit })
}

fn check_drawdown(account: &Account, limit: Option<i64>) -> Result<(), Denial> {
    let known = account.equity.zip(account.peak_equity.filter(|peak| *peak > 0));
    let known = known.map(|(equity, peak)| (i128::from(equity), i128::from(peak)));
    let fall = |(equity, peak): (i128, i128)| (peak - equity).max(0) * BASIS_POINTS;
    // Compared as products: a division of 128 bits would be most of the gate's cost.
    if known.zip(limit).is_some_and(|(known, limit)| fall(known) < i128::from(limit) * known.1) {
        return Ok(());
    }
    let rounded = known.map(|known| i64::try_from(fall(known) / known.1).unwrap_or(i64::MAX));
    Err(Denial { code: Code::Drawdown, value: rounded, limit })
}
