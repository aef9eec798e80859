//! A perceptron of 16 inputs, 32 rectified units and 1 output.

use super::features::FEATURES;
use crate::market::Random;

const UNITS: usize = 32;

#[derive(Debug, Clone)]
pub struct Mlp {
    first: [[f64; UNITS]; FEATURES],
    first_bias: [f64; UNITS],
    second: [f64; UNITS],
    second_bias: f64,
    input: [f64; FEATURES], // the last that was predicted from
    hidden: [f64; UNITS],   // what the units made of it
}

impl Mlp {
    /// Starts with weights of variance 2 / inputs (He), the output with a tenth of that deviation: nearly silent.
    pub fn seeded(random: &mut Random) -> Self {
        let mut normals = |scale: f64| std::array::from_fn(|_| scale * random.normal());
        let first = std::array::from_fn(|_| normals((2.0 / FEATURES as f64).sqrt()));
        let second = normals(0.1 * (2.0 / UNITS as f64).sqrt());
        let (input, hidden) = ([0.0; FEATURES], [0.0; UNITS]);
        Self { first, first_bias: [0.0; UNITS], second, second_bias: 0.0, input, hidden }
    }

    pub fn predict(&mut self, input: &[f64; FEATURES]) -> f64 {
        self.input = *input;
        self.hidden = self.units();
        self.output()
    }

    /// One step down the slope of the error of the last prediction.
    pub fn train(&mut self, rate: f64, slope_of: impl Fn(f64) -> f64) {
        let step = rate * slope_of(self.output());
        let mut steps = [0.0; UNITS];
        for (unit, back) in steps.iter_mut().enumerate() {
            *back = if self.hidden[unit] > 0.0 { step * self.second[unit] } else { 0.0 };
            self.second[unit] -= step * self.hidden[unit];
            self.first_bias[unit] -= *back;
        }
        self.second_bias -= step;
        for (weights, input) in self.first.iter_mut().zip(self.input) {
            for (weight, back) in weights.iter_mut().zip(&steps) {
                *weight -= input * back;
            }
        }
    }

    /// Every number of its state, in one order.
    pub fn visit(&mut self, each: &mut dyn FnMut(&mut f64)) {
        self.first.as_flattened_mut().iter_mut().for_each(&mut *each);
        self.first_bias.iter_mut().chain(&mut self.second).for_each(&mut *each);
        each(&mut self.second_bias);
        self.input.iter_mut().chain(&mut self.hidden).for_each(each);
    }

    fn units(&self) -> [f64; UNITS] {
        let mut sums = self.first_bias;
        for (weights, input) in self.first.iter().zip(self.input) {
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum += input * weight;
            }
        }
        sums.map(|sum| sum.max(0.0))
    }

    fn output(&self) -> f64 {
        self.hidden.iter().zip(&self.second).fold(self.second_bias, |sum, (unit, weight)| sum + unit * weight)
    }
}
