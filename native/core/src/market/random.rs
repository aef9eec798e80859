//! The simulator's source of randomness: xoshiro256++ seeded by splitmix64 (both public domain algorithms).

/// A stream of numbers that depends on nothing but its seed.
#[derive(Debug, Clone)]
pub struct Random {
    state: [u64; 4],
}

impl Random {
    /// Starts the stream of `seed`.
    pub fn seeded(seed: u64) -> Self {
        let mut counter = seed;
        let mut next = || {
            counter = counter.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (counter ^ (counter >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            mixed ^ (mixed >> 31)
        };
        Self { state: [next(), next(), next(), next()] }
    }

    /// Starts another stream that this one determines.
    pub fn fork(&mut self) -> Self {
        Self::seeded(self.bits())
    }

    /// 64 uniform bits.
    pub fn bits(&mut self) -> u64 {
        let [a, b, c, d] = self.state;
        let (c, d) = (c ^ a, d ^ b);
        self.state = [a ^ d, b ^ c, c ^ (b << 17), d.rotate_left(45)];
        // `a + d` of the state before this step.
        a.wrapping_add(d ^ b).rotate_left(23).wrapping_add(a)
    }

    /// Uniform in 0 (inclusive) to 1 (exclusive).
    pub fn unit(&mut self) -> f64 {
        const STEP: f64 = 1.0 / (1_u64 << 53) as f64;
        (self.bits() >> 11) as f64 * STEP
    }

    /// Whether something of this probability happens.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Uniform in `low` to `high`, both inclusive; `low` when the range is empty.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = (high - low + 1).max(1);
        low + ((self.unit() * span as f64) as i64).min(span - 1)
    }

    /// About normal, mean 0, variance 1, never beyond 6: twelve uniforms summed. Needs no logarithm, whose last
    /// digit differs between platforms.
    pub fn normal(&mut self) -> f64 {
        let mut sum = 0_u64;
        for _ in 0..3 {
            let bits = self.bits();
            sum += (bits & 0xffff) + ((bits >> 16) & 0xffff) + ((bits >> 32) & 0xffff) + (bits >> 48);
        }
        // Half a unit of each of the twelve centres the sum.
        (sum as f64 + 6.0) / 65_536.0 - 6.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_the_published_algorithm() {
        // xoshiro256++ from state 1, 2, 3, 4: the reference vector of its authors' C program.
        let mut random = Random { state: [1, 2, 3, 4] };
        let first: Vec<u64> = (0..4).map(|_| random.bits()).collect();
        assert_eq!(first, [41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386]);
    }

    #[test]
    fn is_uniform_and_normal_enough() {
        let mut random = Random::seeded(1);
        let count = 200_000;
        let units: Vec<f64> = (0..count).map(|_| random.unit()).collect();
        assert!((units.iter().sum::<f64>() / f64::from(count) - 0.5).abs() < 0.005);
        let normals: Vec<f64> = (0..count).map(|_| random.normal()).collect();
        let mean = normals.iter().sum::<f64>() / f64::from(count);
        let variance = normals.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / f64::from(count);
        assert!(mean.abs() < 0.01 && (variance - 1.0).abs() < 0.02, "{mean} {variance}");
    }

    #[test]
    fn differs_between_seeds_and_stays_in_range() {
        assert_ne!(Random::seeded(1).bits(), Random::seeded(2).bits());
        let mut random = Random::seeded(3);
        let mut seen = [false; 3];
        for _ in 0..1_000 {
            seen[usize::try_from(random.between(4, 6) - 4).unwrap()] = true;
        }
        assert_eq!(seen, [true; 3]);
        assert_eq!(random.between(5, 4), 5);
    }
}
