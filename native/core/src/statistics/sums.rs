//! Sums over whole series.

/// Sums side by side: a single one would wait for each addition before the next.
const LANES: usize = 8;

/// Sums what `term` makes of the values of all series at one place, as far as the shortest goes.
#[inline]
pub(super) fn sum<const S: usize>(series: [&[f64]; S], term: impl Fn([f64; S]) -> f64) -> f64 {
    let count = series.iter().map(|values| values.len()).min().unwrap_or(0);
    let chunks = series.map(|values| values[..count].as_chunks::<LANES>());
    let mut lanes = [0.0; LANES];
    for at in 0..count / LANES {
        for (lane, sum) in lanes.iter_mut().enumerate() {
            *sum += term(chunks.map(|(whole, _)| whole[at][lane]));
        }
    }
    let rest = (0..count % LANES).map(|at| term(chunks.map(|(_, rest)| rest[at])));
    let [a, b, c, d, e, f, g, h] = lanes;
    (((a + e) + (c + g)) + ((b + f) + (d + h))) + rest.sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_over_every_place_of_series_of_any_length() {
        for count in 0..20 {
            let values: Vec<f64> = (1..=count).map(f64::from).collect();
            let count = f64::from(count);
            assert_eq!(sum([&values], |[value]| value), count * (count + 1.0) / 2.0);
            let longer = [&values[..], &[9.0]].concat();
            let squares = sum([&values, &longer], |[one, other]| one * other);
            assert_eq!(squares, count * (count + 1.0) * (2.0 * count + 1.0) / 6.0);
        }
    }
}
