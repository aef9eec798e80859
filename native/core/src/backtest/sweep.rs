//! The pure half of a parameter sweep: which variants there are, which one is best, and what it costs in belief.

use std::collections::BTreeMap;

use crate::metrics::Trials;

/// More variants than this are a slip of the pen.
const MOST_VARIANTS: usize = 1_000_000;

/// One parameter and the values it is given.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// The parameter.
    pub param: String,
    /// At least one.
    pub values: Vec<f64>,
}

/// All combinations of the axes' values.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    axes: Vec<Axis>,
    len: usize,
}

/// Why a grid is not possible.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GridError {
    /// Nothing to vary, or an axis without values.
    #[error("{0} has no values; give it at least one")]
    Empty(String),
    /// A parameter twice.
    #[error("{0} is varied twice; each parameter has one list of values")]
    ParamRepeated(String),
    /// Too many combinations.
    #[error("the grid has more than {MOST_VARIANTS} variants; use fewer values")]
    TooLarge,
}

impl Grid {
    /// Takes the axes in.
    ///
    /// # Errors
    /// No axis, an axis without values, a parameter twice, or too many combinations.
    pub fn new(axes: Vec<Axis>) -> Result<Self, GridError> {
        if axes.is_empty() {
            return Err(GridError::Empty("the grid".to_owned()));
        }
        let mut len = 1_usize;
        for (place, axis) in axes.iter().enumerate() {
            if axis.values.is_empty() {
                return Err(GridError::Empty(axis.param.clone()));
            }
            if axes[..place].iter().any(|other| other.param == axis.param) {
                return Err(GridError::ParamRepeated(axis.param.clone()));
            }
            len = len.saturating_mul(axis.values.len());
        }
        if len > MOST_VARIANTS { Err(GridError::TooLarge) } else { Ok(Self { axes, len }) }
    }

    /// Number of variants.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Never: every axis has a value.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The variant of a number from 0; the last axis varies fastest.
    pub fn variant(&self, number: usize) -> BTreeMap<String, f64> {
        let mut rest = number;
        let mut params = BTreeMap::new();
        for axis in self.axes.iter().rev() {
            params.insert(axis.param.clone(), axis.values[rest % axis.values.len()]);
            rest /= axis.values.len();
        }
        params
    }
}

/// The place of the highest score, the first on ties; `None` when there is none.
pub fn best(scores: impl IntoIterator<Item = Option<f64>>) -> Option<usize> {
    let scored = scores.into_iter().enumerate().filter_map(|(place, score)| Some((place, score?)));
    scored.reduce(|best, next| if next.1 > best.1 { next } else { best }).map(|(place, _)| place)
}

/// What the deflated Sharpe ratio counts: every variant that was run, and the variance of the Sharpe ratios (not
/// annualised) of those that have one.
pub fn trials(sharpes: &[Option<f64>]) -> Trials {
    let known: Vec<f64> = sharpes.iter().copied().flatten().collect();
    let n = known.len() as f64;
    let mean = known.iter().sum::<f64>() / n;
    let squares: f64 = known.iter().map(|sharpe| (sharpe - mean) * (sharpe - mean)).sum();
    let sharpe_variance = if known.len() > 1 { squares / (n - 1.0) } else { 0.0 };
    Trials { count: sharpes.len().max(1) as u64, sharpe_variance }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(param: &str, values: &[f64]) -> Axis {
        Axis { param: param.to_owned(), values: values.to_vec() }
    }

    #[test]
    fn gives_every_combination_once() {
        let grid = Grid::new(vec![axis("fast", &[1.0, 2.0]), axis("slow", &[5.0, 6.0, 7.0])]).unwrap();
        let variants: Vec<(f64, f64)> = (0..grid.len())
            .map(|number| {
                let params = grid.variant(number);
                (params["fast"], params["slow"])
            })
            .collect();
        assert_eq!(variants, [(1.0, 5.0), (1.0, 6.0), (1.0, 7.0), (2.0, 5.0), (2.0, 6.0), (2.0, 7.0)]);
    }

    #[test]
    fn refuses_grids_that_make_no_sense() {
        assert_eq!(Grid::new(vec![]), Err(GridError::Empty("the grid".to_owned())));
        assert_eq!(Grid::new(vec![axis("fast", &[])]), Err(GridError::Empty("fast".to_owned())));
        let twice = vec![axis("fast", &[1.0]), axis("fast", &[2.0])];
        assert_eq!(Grid::new(twice), Err(GridError::ParamRepeated("fast".to_owned())));
        let large = (0..3).map(|at| axis(&at.to_string(), &[0.0; 101])).collect();
        assert_eq!(Grid::new(large), Err(GridError::TooLarge));
    }

    #[test]
    fn finds_the_best_and_counts_all_that_were_tried() {
        assert_eq!(best([None, Some(1.0), Some(3.0), Some(3.0)]), Some(2));
        assert_eq!(best([None, None]), None);
        let trials = trials(&[Some(1.0), None, Some(3.0)]);
        assert_eq!((trials.count, trials.sharpe_variance), (3, 2.0));
    }
}
