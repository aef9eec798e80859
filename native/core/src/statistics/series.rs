//! Series for the tests, the same on every run and in every language: a 64-bit linear congruential generator, and
//! normal values as the sum of twelve uniform ones less six.

pub struct Noise(u64);

impl Noise {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }

    pub fn normals(&mut self, count: usize) -> Vec<f64> {
        (0..count).map(|_| self.normal()).collect()
    }
}

/// The running sum.
pub fn walk(steps: &[f64]) -> Vec<f64> {
    let mut level = 0.0;
    steps
        .iter()
        .map(|step| {
            level += step;
            level
        })
        .collect()
}

/// x[0] = 0, x[t] = kept x x[t-1] + shock[t].
pub fn autoregressive(kept: f64, shocks: &[f64]) -> Vec<f64> {
    let mut level = 0.0;
    let mut values = vec![0.0];
    values.extend(shocks[1..].iter().map(|shock| {
        level = kept * level + shock;
        level
    }));
    values
}

/// A column of a reference file.
pub fn column(file: &str, name: &str) -> Vec<f64> {
    let mut lines = file.lines();
    let at = lines.next().unwrap().split(',').position(|head| head == name).unwrap();
    lines.map(|line| line.split(',').nth(at).unwrap().parse().unwrap()).collect()
}
