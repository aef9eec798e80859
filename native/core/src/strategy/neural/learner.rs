//! A network that learns while it forecasts: one step a bar, once the outcome of the last forecast is known.

use super::features::{FEATURES, Seen};
use super::gru::Gru;
use super::mlp::Mlp;
use super::skill::Skill;
use crate::market::Random;
use thiserror::Error;

/// Beyond so many deviations a feature says no more than at them.
const FARTHEST: f64 = 4.0;
/// What begins a saved state; the last digit counts its forms.
const MAGIC: [u8; 8] = *b"NEURAL01";

/// Why a saved state is not taken up. The learner is unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum StateRefused {
    /// It was saved by another network, or is cut off.
    #[error(
        "the saved state has {given} bytes; this network's has {needed}; restore what the same network saved"
    )]
    Length {
        /// Bytes that were given.
        given: usize,
        /// Bytes of this network's state.
        needed: usize,
    },
    /// It does not begin as a saved state does.
    #[error("this is no saved state of a network")]
    Unknown,
    /// It holds a number that is not finite.
    #[error("number {0} of the saved state is not finite; it is damaged")]
    NotFinite(usize),
}

#[derive(Debug, Clone)]
enum Network {
    Mlp(Box<Mlp>),
    Gru(Box<Gru>),
}

/// A forecast of the next bar's return in volatilities.
#[derive(Debug, Clone)]
pub struct Learner {
    network: Network,
    rate: f64,
    scaler: Scaler,
    skill: Skill,
    awaited: Awaited,
}

/// The forecast whose outcome is not known yet.
#[derive(Debug, Clone, Copy, Default)]
struct Awaited {
    is: f64, // 1 when there is one
    forecast: f64,
    volatility: f64,
}

/// Mean and variance of each feature over all that was seen.
#[derive(Debug, Clone, Default)]
struct Scaler {
    count: f64,
    mean: [f64; FEATURES],
    squares: [f64; FEATURES],
}

impl Learner {
    /// Starts knowing nothing; `is_recurrent` chooses the network.
    pub fn seeded(is_recurrent: bool, seed: u64, rate: f64) -> Self {
        let mut random = Random::seeded(seed);
        let network = if is_recurrent {
            Network::Gru(Box::new(Gru::seeded(&mut random)))
        } else {
            Network::Mlp(Box::new(Mlp::seeded(&mut random)))
        };
        let (scaler, skill) = (Scaler::default(), Skill::new());
        Self { network, rate, scaler, skill, awaited: Awaited::default() }
    }

    /// Judges the last forecast by the return that came and learns from it; then forecasts the next, in volatilities.
    /// Nothing is forecast where nothing can be seen.
    pub fn step(&mut self, came: f64, seen: Option<&Seen>) -> Option<f64> {
        let Awaited { is, forecast, volatility } = std::mem::take(&mut self.awaited);
        if is == 1.0 {
            let outcome = came / volatility;
            self.skill.record(forecast, outcome);
            // Huber's loss: its slope is the error, at most 1 in size.
            let slope = |output: f64| (output - outcome).clamp(-1.0, 1.0);
            match &mut self.network {
                Network::Mlp(network) => network.train(self.rate, slope),
                Network::Gru(network) => network.train(self.rate, slope),
            }
        }
        let seen = seen?;
        let input = self.scaler.scale(&seen.features);
        let forecast = match &mut self.network {
            Network::Mlp(network) => network.predict(&input),
            Network::Gru(network) => network.predict(&input),
        };
        self.awaited = Awaited { is: 1.0, forecast, volatility: seen.volatility };
        Some(forecast)
    }

    pub fn skill(&self) -> &Skill {
        &self.skill
    }

    /// All that was learnt, in bytes.
    pub fn save(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        self.clone().visit(&mut |number| bytes.extend(number.to_bits().to_le_bytes()));
        bytes
    }

    /// Takes up what was saved; goes on bit for bit as the saved one would have.
    pub fn restore(&mut self, bytes: &[u8]) -> Result<(), StateRefused> {
        let needed = self.save().len();
        if bytes.len() != needed {
            return Err(StateRefused::Length { given: bytes.len(), needed });
        }
        let Some(words) = bytes.strip_prefix(&MAGIC) else { return Err(StateRefused::Unknown) };
        let words: Vec<f64> =
            words.as_chunks().0.iter().map(|word| f64::from_bits(u64::from_le_bytes(*word))).collect();
        if let Some(at) = words.iter().position(|number| !number.is_finite()) {
            return Err(StateRefused::NotFinite(at));
        }
        let mut words = words.into_iter();
        self.visit(&mut |number| *number = words.next().unwrap_or(*number));
        Ok(())
    }

    fn visit(&mut self, each: &mut dyn FnMut(&mut f64)) {
        match &mut self.network {
            Network::Mlp(network) => network.visit(each),
            Network::Gru(network) => network.visit(each),
        }
        each(&mut self.scaler.count);
        self.scaler.mean.iter_mut().chain(&mut self.scaler.squares).for_each(&mut *each);
        self.skill.visit(each);
        let Awaited { is, forecast, volatility } = &mut self.awaited;
        [is, forecast, volatility].into_iter().for_each(each);
    }
}

impl Scaler {
    /// Takes the features in and gives them in deviations from their means; 0 for one that has not varied.
    fn scale(&mut self, features: &[f64; FEATURES]) -> [f64; FEATURES] {
        self.count += 1.0;
        let mut scaled = [0.0; FEATURES];
        for (at, value) in features.iter().enumerate() {
            let away = value - self.mean[at];
            self.mean[at] += away / self.count;
            self.squares[at] += away * (value - self.mean[at]);
            let deviation = (self.squares[at] / self.count).sqrt();
            if deviation > 0.0 {
                scaled[at] = ((value - self.mean[at]) / deviation).clamp(-FARTHEST, FARTHEST);
            }
        }
        scaled
    }
}
