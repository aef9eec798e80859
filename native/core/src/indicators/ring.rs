//! The last values of a stream, in a fixed place.

/// A window of the last `capacity` values. Filling it allocates nothing.
#[derive(Debug, Clone)]
pub(super) struct Ring<T> {
    values: Vec<T>,
    capacity: usize, // at least 1
    oldest: usize,   // where the next value goes once the ring is full
}

impl<T: Copy> Ring<T> {
    /// Makes a window of `capacity` values; 0 is taken as 1.
    pub fn new(capacity: usize) -> Self {
        let capacity = capacity.max(1);
        Self { values: Vec::with_capacity(capacity), capacity, oldest: 0 }
    }

    /// Takes in a value and gives the one that falls out, `None` while the window fills.
    #[inline]
    pub fn push(&mut self, value: T) -> Option<T> {
        if self.values.len() < self.capacity {
            return self.fill(value);
        }
        let slot = self.values.get_mut(self.oldest)?;
        let out = std::mem::replace(slot, value);
        self.oldest = if self.oldest + 1 == self.capacity { 0 } else { self.oldest + 1 };
        Some(out)
    }

    #[cold]
    fn fill(&mut self, value: T) -> Option<T> {
        self.values.push(value);
        None
    }

    pub fn capacity(&self) -> usize {
        self.capacity
    }

    pub fn len(&self) -> usize {
        self.values.len()
    }

    pub fn is_full(&self) -> bool {
        self.values.len() == self.capacity
    }

    /// The values, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = T> + '_ {
        let (newer, older) = self.values.split_at(self.oldest);
        older.iter().chain(newer).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_back_what_falls_out_and_keeps_the_order() {
        let mut ring = Ring::new(3);
        let fallen: Vec<Option<i32>> = (1..=5).map(|value| ring.push(value)).collect();
        assert_eq!(fallen, [None, None, None, Some(1), Some(2)]);
        assert_eq!(ring.iter().collect::<Vec<_>>(), [3, 4, 5]);
    }
}
