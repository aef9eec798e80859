//! A gated recurrent unit of 16 cells over 16 inputs, and a line from the cells to 1 output.
//!
//! It is trained by backpropagation through its last 8 steps; what it remembered before them is taken as given.

use super::features::FEATURES;
use super::gate::{CELLS, Gate, Vector, added, dot};
use super::squash::{sigmoid, tanh};
use crate::market::Random;

const STEPS: usize = 8;

#[derive(Debug, Clone)]
pub struct Gru {
    update: Gate,
    reset: Gate,
    fresh: Gate,
    output: Vector,
    output_bias: f64,
    before: Vector, // what was remembered before the steps
    inputs: [[f64; FEATURES]; STEPS],
    taken: f64, // steps that are taken, at most STEPS
}

/// What a step computed.
struct Step {
    input: [f64; FEATURES],
    before: Vector,
    update: Vector,
    reset: Vector,
    recalled: Vector, // the memory's part of the fresh value, before the reset
    fresh: Vector,
    after: Vector,
}

impl Gru {
    /// Starts with weights of variance 1 / 16, the output with a tenth of that deviation.
    pub fn seeded(random: &mut Random) -> Self {
        let scale = (1.0 / CELLS as f64).sqrt();
        let mut vector = |scale: f64| -> Vector { std::array::from_fn(|_| scale * random.normal()) };
        let [update, reset, fresh] = std::array::from_fn(|_| Gate {
            input: std::array::from_fn(|_| vector(scale)),
            memory: std::array::from_fn(|_| vector(scale)),
            bias: [0.0; CELLS],
        });
        Self {
            update,
            reset,
            fresh,
            output: vector(0.1 * scale),
            output_bias: 0.0,
            before: [0.0; CELLS],
            inputs: [[0.0; FEATURES]; STEPS],
            taken: 0.0,
        }
    }

    pub fn predict(&mut self, input: &[f64; FEATURES]) -> f64 {
        if self.taken as usize == STEPS {
            self.before = self.step(self.inputs[0], self.before).after;
            self.inputs.rotate_left(1);
            self.taken -= 1.0;
        }
        self.inputs[self.taken as usize] = *input;
        self.taken += 1.0;
        let mut memory = self.before;
        for input in &self.inputs[..self.taken as usize] {
            memory = self.step(*input, memory).after;
        }
        self.answer(&memory)
    }

    /// One step down the slope of the error of the last prediction.
    pub fn train(&mut self, rate: f64, slope_of: impl Fn(f64) -> f64) {
        let mut steps: Vec<Step> = Vec::with_capacity(STEPS);
        for input in &self.inputs[..self.taken as usize] {
            let before = steps.last().map_or(self.before, |step| step.after);
            steps.push(self.step(*input, before));
        }
        let Some(last) = steps.last() else { return };
        let slope = rate * slope_of(self.answer(&last.after));
        let mut back: Vector = self.output.map(|weight| weight * slope);
        for (weight, cell) in self.output.iter_mut().zip(last.after) {
            *weight -= slope * cell;
        }
        self.output_bias -= slope;
        let mut slopes = [Gate::default(), Gate::default(), Gate::default()];
        for step in steps.iter().rev() {
            back = self.unstep(step, &back, &mut slopes);
        }
        for (gate, slopes) in [&mut self.update, &mut self.reset, &mut self.fresh].into_iter().zip(&slopes) {
            gate.descend(slopes);
        }
    }

    /// Whether it has taken as many steps as it can.
    pub fn is_sound(&self) -> bool {
        self.taken.fract() == 0.0 && (0.0..=STEPS as f64).contains(&self.taken)
    }

    /// Every number of its state, in one order.
    pub fn visit(&mut self, each: &mut dyn FnMut(&mut f64)) {
        for gate in [&mut self.update, &mut self.reset, &mut self.fresh] {
            gate.input.as_flattened_mut().iter_mut().for_each(&mut *each);
            gate.memory.as_flattened_mut().iter_mut().for_each(&mut *each);
            gate.bias.iter_mut().for_each(&mut *each);
        }
        self.output.iter_mut().for_each(&mut *each);
        each(&mut self.output_bias);
        self.before.iter_mut().for_each(&mut *each);
        self.inputs.as_flattened_mut().iter_mut().for_each(&mut *each);
        each(&mut self.taken);
    }

    fn step(&self, input: [f64; FEATURES], before: Vector) -> Step {
        let sum = |gate: &Gate| added(&added(&gate.bias, &gate.input, &input), &gate.memory, &before);
        let update = sum(&self.update).map(sigmoid);
        let reset = sum(&self.reset).map(sigmoid);
        let recalled = added(&[0.0; CELLS], &self.fresh.memory, &before);
        let own = added(&self.fresh.bias, &self.fresh.input, &input);
        let fresh: Vector = std::array::from_fn(|at| tanh(own[at] + reset[at] * recalled[at]));
        let after = std::array::from_fn(|at| (1.0 - update[at]) * fresh[at] + update[at] * before[at]);
        Step { input, before, update, reset, recalled, fresh, after }
    }

    /// Takes the slope at a step's end back to its start and adds to the slopes of the weights.
    fn unstep(&self, step: &Step, back: &Vector, slopes: &mut [Gate; 3]) -> Vector {
        let Step { input, before, update, reset, recalled, fresh, .. } = step;
        let fresh_in: Vector =
            std::array::from_fn(|at| back[at] * (1.0 - update[at]) * (1.0 - fresh[at] * fresh[at]));
        let recalled_in: Vector = std::array::from_fn(|at| fresh_in[at] * reset[at]);
        let update_in: Vector =
            std::array::from_fn(|at| back[at] * (before[at] - fresh[at]) * update[at] * (1.0 - update[at]));
        let reset_in: Vector =
            std::array::from_fn(|at| fresh_in[at] * recalled[at] * reset[at] * (1.0 - reset[at]));
        slopes[0].add(input, before, &update_in, &update_in);
        slopes[1].add(input, before, &reset_in, &reset_in);
        slopes[2].add(input, before, &fresh_in, &recalled_in);
        std::array::from_fn(|at| {
            back[at] * update[at]
                + dot(&self.update.memory[at], &update_in)
                + dot(&self.reset.memory[at], &reset_in)
                + dot(&self.fresh.memory[at], &recalled_in)
        })
    }

    fn answer(&self, memory: &Vector) -> f64 {
        self.output_bias + dot(&self.output, memory)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Learning by one tiny step must change the output as the slopes of the weights, found by nudging each, say.
    #[test]
    fn descends_along_the_slope_that_nudging_finds() {
        let mut random = Random::seeded(2);
        let mut network = Gru::seeded(&mut random);
        for _ in 0..5 {
            network.predict(&std::array::from_fn(|_| random.normal()));
        }
        let output = |network: &Gru| {
            let taken = &network.inputs[..network.taken as usize];
            let memory =
                taken.iter().fold(network.before, |memory, input| network.step(*input, memory).after);
            network.answer(&memory)
        };
        let mut trained = network.clone();
        trained.train(1.0, |_| 1.0);
        for (from, at, to) in [(0, 0, 0), (1, 3, 7), (2, 15, 2)] {
            for is_memory in [false, true] {
                let read = |network: &Gru| {
                    let gate = [&network.update, &network.reset, &network.fresh][from];
                    if is_memory { gate.memory[at][to] } else { gate.input[at][to] }
                };
                let nudged = |by: f64| {
                    let mut nudged = network.clone();
                    let gate = match from {
                        0 => &mut nudged.update,
                        1 => &mut nudged.reset,
                        _ => &mut nudged.fresh,
                    };
                    if is_memory {
                        gate.memory[at][to] += by
                    } else {
                        gate.input[at][to] += by
                    }
                    output(&nudged)
                };
                let slope = (nudged(1e-5) - nudged(-1e-5)) / 2e-5;
                let step = read(&network) - read(&trained);
                assert!((slope - step).abs() < 1e-8, "{from} {at} {to} {is_memory}: {slope} {step}");
            }
        }
    }
}
