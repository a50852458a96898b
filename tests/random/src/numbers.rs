//! Random numbers and choices.

/// `SplitMix64`.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The numbers that follow from a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `bound`; 0 if the bound is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % bound.max(1) as u64) as usize
    }

    /// A number from `least` to `most`.
    pub fn within(&mut self, least: usize, most: usize) -> usize {
        least + self.below((most + 1).saturating_sub(least))
    }

    /// True once in `times`.
    pub fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of these.
    pub fn of<C: Copy>(&mut self, choices: &[C]) -> C {
        choices[self.below(choices.len())]
    }

    /// A number that divides all of `numbers`.
    pub fn divisor(&mut self, numbers: &[usize]) -> usize {
        let most = numbers.iter().copied().min().unwrap_or(1);
        let divisors: Vec<_> = (1..=most).filter(|by| numbers.iter().all(|number| number % by == 0)).collect();
        self.of(&divisors)
    }

    /// These in another order.
    pub fn shuffle<C>(&mut self, items: &mut [C]) {
        for place in 1..items.len() {
            items.swap(place, self.below(place + 1));
        }
    }
}
