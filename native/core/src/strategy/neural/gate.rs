//! One gate of a recurrent unit: its weights, and the products that it is made of.

use super::features::FEATURES;

/// Cells of the unit.
pub const CELLS: usize = 16;

pub type Vector = [f64; CELLS];
pub type Matrix = [Vector; CELLS]; // by the input of its product: inputs and cells are as many

/// The weights of one gate.
#[derive(Debug, Clone, Default)]
pub struct Gate {
    pub input: Matrix,
    pub memory: Matrix,
    pub bias: Vector,
}

impl Gate {
    pub fn add(&mut self, input: &[f64; FEATURES], before: &Vector, own: &Vector, memory: &Vector) {
        for at in 0..CELLS {
            for to in 0..CELLS {
                self.input[at][to] += input[at] * own[to];
                self.memory[at][to] += before[at] * memory[to];
            }
            self.bias[at] += own[at];
        }
    }

    pub fn descend(&mut self, slopes: &Self) {
        for at in 0..CELLS {
            for to in 0..CELLS {
                self.input[at][to] -= slopes.input[at][to];
                self.memory[at][to] -= slopes.memory[at][to];
            }
            self.bias[at] -= slopes.bias[at];
        }
    }
}

pub fn added(start: &Vector, matrix: &Matrix, by: &Vector) -> Vector {
    let mut sums = *start;
    for (row, factor) in matrix.iter().zip(by) {
        for (sum, weight) in sums.iter_mut().zip(row) {
            *sum += factor * weight;
        }
    }
    sums
}

pub fn dot(left: &Vector, right: &Vector) -> f64 {
    left.iter().zip(right).fold(0.0, |sum, (left, right)| sum + left * right)
}
