//! A network that learns while it forecasts: one step a bar, once the outcome of the last forecast is known.

use super::super::StateRefused;
use super::features::{FEATURES, Seen};
use super::gru::Gru;
use super::mlp::Mlp;
use super::skill::Skill;
use crate::market::Random;

/// Beyond so many deviations a feature says no more than at them.
const FARTHEST: f64 = 4.0;
/// What begins the saved state of a perceptron and of a recurrent network; the last digit counts its forms.
const MAGIC: [[u8; 8]; 2] = [*b"NEURALP1", *b"NEURALR1"];

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
    /// Starts knowing nothing; `is_recurrent` chooses the network, skill is judged on the last `judged` forecasts.
    pub fn seeded(is_recurrent: bool, seed: u64, rate: f64, judged: usize) -> Self {
        let mut random = Random::seeded(seed);
        let network = if is_recurrent {
            Network::Gru(Box::new(Gru::seeded(&mut random)))
        } else {
            Network::Mlp(Box::new(Mlp::seeded(&mut random)))
        };
        let skill = Skill::over(judged);
        Self { network, rate, scaler: Scaler::default(), skill, awaited: Awaited::default() }
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

    /// Gives up the forecast whose outcome is awaited: a bar is missing in between.
    pub fn lose_sight(&mut self) {
        self.awaited = Awaited::default();
    }

    /// All that was learnt, in bytes.
    pub fn save(&self) -> Vec<u8> {
        let mut bytes = self.magic().to_vec();
        self.clone().visit(&mut |number| bytes.extend(number.to_bits().to_le_bytes()));
        bytes
    }

    /// Takes up what was saved; goes on bit for bit as the saved one would have.
    pub fn restore(&mut self, bytes: &[u8]) -> Result<(), StateRefused> {
        let needed = self.save().len();
        if bytes.len() != needed {
            return Err(StateRefused::Length { given: bytes.len(), needed });
        }
        let Some(words) = bytes.strip_prefix(&self.magic()) else { return Err(StateRefused::Unknown) };
        let words: Vec<f64> =
            words.as_chunks().0.iter().map(|word| f64::from_bits(u64::from_le_bytes(*word))).collect();
        if let Some(at) = words.iter().position(|number| !number.is_finite()) {
            return Err(StateRefused::NotFinite(at));
        }
        let mut restored = self.clone();
        let mut words = words.into_iter();
        restored.visit(&mut |number| *number = words.next().unwrap_or(*number));
        if !restored.is_sound() {
            return Err(StateRefused::Contradictory);
        }
        *self = restored;
        Ok(())
    }

    fn magic(&self) -> [u8; 8] {
        MAGIC[usize::from(matches!(self.network, Network::Gru(_)))]
    }

    /// Whether what counts and divides is what it can be: the weights may be anything finite.
    fn is_sound(&self) -> bool {
        let Awaited { is, volatility, .. } = self.awaited;
        let is_network_sound = match &self.network {
            Network::Mlp(_) => true,
            Network::Gru(network) => network.is_sound(),
        };
        is_network_sound
            && self.skill.is_sound()
            && self.scaler.is_sound()
            && (is == 0.0 || is == 1.0 && volatility > 0.0)
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
    fn is_sound(&self) -> bool {
        self.count >= 0.0 && self.squares.iter().all(|squares| *squares >= 0.0)
    }

    /// Takes the features in and gives them in deviations from their means; 0 for one that has not varied.
    fn scale(&mut self, features: &[f64; FEATURES]) -> [f64; FEATURES] {
        self.count += 1.0;
        let share = 1.0 / self.count;
        let mut scaled = [0.0; FEATURES];
        for (at, value) in features.iter().enumerate() {
            let away = value - self.mean[at];
            self.mean[at] += away * share;
            self.squares[at] += away * (value - self.mean[at]);
            let variance = self.squares[at] * share;
            if variance > 0.0 {
                scaled[at] = ((value - self.mean[at]) / variance.sqrt()).clamp(-FARTHEST, FARTHEST);
            }
        }
        scaled
    }
}
