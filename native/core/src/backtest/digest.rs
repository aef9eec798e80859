//! A digest of a run: FNV-1a, taken a 64-bit word at a time, with a final mix. Fixed by its definition, so that two
//! runs, two builds and two machines agree.

const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digest(u64);

impl Default for Digest {
    fn default() -> Self {
        Self(OFFSET)
    }
}

impl Digest {
    #[inline]
    pub fn push(&mut self, word: i64) {
        self.0 = (self.0 ^ word as u64).wrapping_mul(PRIME).rotate_left(29);
    }

    pub fn value(self) -> u64 {
        mix(self.0)
    }
}

/// A bijection in which every bit depends on every other (the finaliser of SplitMix64).
pub fn mix(word: u64) -> u64 {
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}
