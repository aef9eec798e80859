//! The last values of a stream, side by side: what is asked of all of them at once needs no copy.

/// The last `most` values. Takes the room of twice as many, and moves them only when that is full.
#[derive(Debug, Clone)]
pub(super) struct Tail {
    values: Vec<f64>,
    most: usize, // at least 1
}

impl Tail {
    /// Starts empty. A `most` of 0 is taken as 1.
    pub fn new(most: usize) -> Self {
        let most = most.max(1);
        Self { values: Vec::with_capacity(2 * most), most }
    }

    /// How many values there are at most.
    pub fn most(&self) -> usize {
        self.most
    }

    #[inline]
    pub fn push(&mut self, value: f64) {
        if self.values.len() == 2 * self.most {
            self.make_room();
        }
        self.values.push(value);
    }

    #[cold]
    fn make_room(&mut self) {
        self.values.copy_within(self.most.., 0);
        self.values.truncate(self.most);
    }

    /// The values, oldest first.
    pub fn values(&self) -> &[f64] {
        &self.values[self.values.len().saturating_sub(self.most)..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_last_values_in_order_and_never_grows() {
        let mut tail = Tail::new(3);
        let room = tail.values.capacity();
        for newest in 0..20 {
            tail.push(f64::from(newest));
            let wanted: Vec<f64> = ((newest - 2).max(0)..=newest).map(f64::from).collect();
            assert_eq!(tail.values(), wanted);
        }
        assert_eq!(tail.values.capacity(), room);
    }
}
