//! What shows between rows: the size of the bars, gaps, jumps that look like splits.

use std::collections::BTreeMap;

use desk_core::bars::Bar;
use desk_core::bars::date::{DAY_MS, civil_from_days, weekday};

use crate::calendar::Calendar;
use crate::report::{Finding, Kind, Report};
use crate::stamp::Zone;

const HOUR_MS: i64 = 3_600_000;
/// Bars that decide the size and the calendar.
const SAMPLE: usize = 1_024;
/// Shares that one share is commonly split into; each is looked for in both directions.
const SPLITS: [f64; 14] = [2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 10.0, 15.0, 20.0, 25.0, 30.0, 50.0, 100.0];
/// How far the price may move overnight on top of the split.
const SPLIT_TOLERANCE: f64 = 0.05;
/// A split by two changes the volume at least by this.
const VOLUME_CHANGE: f64 = 1.2;

/// Watches bars go by, oldest first, without keeping them.
pub(crate) struct Continuity {
    zone: Option<Zone>,
    /// The first bars, until the size is settled.
    sample: Vec<(u64, Bar)>,
    settled: Option<(i64, Calendar)>,
    previous: Option<Bar>,
}

impl Continuity {
    pub fn new(zone: Option<Zone>) -> Self {
        Self { zone, sample: Vec::new(), settled: None, previous: None }
    }

    /// Takes the next bar and the line it stands on.
    pub fn push(&mut self, line: u64, bar: Bar, report: &mut Report) {
        if self.settled.is_some() {
            self.compare(line, bar, report);
            return;
        }
        self.sample.push((line, bar));
        if self.sample.len() == SAMPLE {
            self.settle(report);
        }
    }

    /// Milliseconds from bar to bar; `None` when there are fewer than two bars.
    pub fn finish(&mut self, report: &mut Report) -> Option<i64> {
        if self.settled.is_none() {
            self.settle(report);
        }
        self.settled.map(|(interval_ms, _)| interval_ms)
    }

    fn settle(&mut self, report: &mut Report) {
        let sample = std::mem::take(&mut self.sample);
        let Some(interval_ms) = commonest_step(&sample) else { return };
        let has_saturday = sample.iter().any(|(_, bar)| {
            // What trades on Friday evening in New York is on a Saturday in UTC.
            let shift = if interval_ms < DAY_MS { 6 * HOUR_MS } else { 0 };
            weekday((self.local(bar.at_ms) - shift).div_euclid(DAY_MS)) == 5
        });
        let calendar = if has_saturday { Calendar::EveryDay } else { Calendar::UsStocks };
        self.settled = Some((interval_ms, calendar));
        for (line, bar) in sample {
            self.compare(line, bar, report);
        }
    }

    fn local(&self, at_ms: i64) -> i64 {
        self.zone.as_ref().map_or(at_ms, |zone| zone.local(at_ms))
    }

    fn compare(&mut self, line: u64, bar: Bar, report: &mut Report) {
        let before = self.previous.replace(bar);
        let (Some(before), Some((interval_ms, calendar))) = (before, self.settled) else { return };
        let (from_ms, to_ms) = (self.local(before.at_ms), self.local(bar.at_ms));
        let (from, to) = (from_ms.div_euclid(DAY_MS), to_ms.div_euclid(DAY_MS));
        let missing =
            missing_bars(bar.at_ms - before.at_ms, interval_ms, calendar.days_between(from, to), from == to);
        if missing > 0 {
            report.add(Kind::Gap, false, || {
                let unit = if interval_ms < DAY_MS && from != to { "trading days" } else { "bars" };
                let value = format!("{} to {}", time(from_ms), time(to_ms));
                Finding::new(line, "date", &value, format!("{missing} {unit} missing before this row"))
            });
        }
        if from != to
            && interval_ms <= DAY_MS + HOUR_MS
            && let Some(split) = suspected_split(&before, &bar)
        {
            report.add(Kind::SuspectedSplit, false, || {
                let dollars = |ticks: i64| ticks as f64 / 10_000.0;
                let value = format!("{} after {}", dollars(bar.open_ticks), dollars(before.close_ticks));
                let rule = format!("looks like a split {split}; adjust the prices before it");
                Finding::new(line, "open", &value, rule)
            });
        }
    }
}

/// The step that occurs most often, the smallest of equals.
fn commonest_step(sample: &[(u64, Bar)]) -> Option<i64> {
    let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
    for pair in sample.windows(2) {
        if let [(_, before), (_, after)] = pair {
            *counts.entry(after.at_ms - before.at_ms).or_default() += 1;
        }
    }
    let most = counts.values().max()?;
    counts.iter().find(|(_, count)| *count == most).map(|(step_ms, _)| *step_ms)
}

/// Bars between two, or whole trading days between two sessions. A lower bound: how long a session lasts is not known.
fn missing_bars(step_ms: i64, interval_ms: i64, days_between: i64, same_day: bool) -> i64 {
    // An hour more or less is the change of the clocks.
    if interval_ms > DAY_MS + HOUR_MS {
        return (step_ms + interval_ms / 2) / interval_ms - 1;
    }
    if interval_ms >= DAY_MS - HOUR_MS || !same_day {
        return days_between;
    }
    step_ms / interval_ms - 1
}

fn suspected_split(before: &Bar, after: &Bar) -> Option<String> {
    let ratio = before.close_ticks as f64 / after.open_ticks as f64;
    let (forward, size) = if ratio >= 1.0 { (true, ratio) } else { (false, 1.0 / ratio) };
    let nearest =
        SPLITS.into_iter().min_by(|a, b| (size / a - 1.0).abs().total_cmp(&(size / b - 1.0).abs()))?;
    if (size / nearest - 1.0).abs() > SPLIT_TOLERANCE {
        return None;
    }
    // More shares after a split, fewer after a reverse one. Without volumes the price alone must do.
    if before.volume > 0 && after.volume > 0 {
        let growth = after.volume as f64 / before.volume as f64;
        if (if forward { growth } else { 1.0 / growth }) < VOLUME_CHANGE {
            return None;
        }
    }
    Some(if forward { format!("{nearest} for 1") } else { format!("1 for {nearest}") })
}

/// A local time in words: the date, and the time of day unless it is midnight.
fn time(local_ms: i64) -> String {
    let (year, month, date) = civil_from_days(local_ms.div_euclid(DAY_MS));
    let minutes = local_ms.rem_euclid(DAY_MS) / 60_000;
    let clock =
        if minutes == 0 { String::new() } else { format!(" {:02}:{:02}", minutes / 60, minutes % 60) };
    format!("{year:04}-{month:02}-{date:02}{clock}")
}
