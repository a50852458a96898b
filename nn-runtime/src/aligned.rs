//! Values at the start of a cache line.

#[cfg(feature = "alloc")]
use alloc::boxed::Box;
use core::ops::{Deref, DerefMut};

#[cfg(feature = "alloc")]
use bytemuck::Pod;
use bytemuck::Zeroable;

/// A network or a workspace at the start of a cache line.
///
/// A network is its numbers and stands wherever a number may. Half of the loads of a register's width then straddle two
/// cache lines, which costs a single sample of 784-128-64-10 a fifth of its time. Here they do not:
///
/// ```
/// use nn_runtime::Aligned;
/// use nn_runtime::prelude::*;
///
/// network! {
///     struct Mlp: [784] -> [10] {
///         linear(128), relu,
///         linear(10),
///     }
/// }
///
/// let mut network = Aligned::<Mlp>::boxed();
/// network.init(&mut rng(0));
/// let mut workspace = Aligned(MlpInferenceWorkspace::ZERO);
/// let output = network.predict_in(&[0.0; 784], &mut workspace);
/// # assert_eq!(output.len(), 10);
/// ```
///
/// Machines of 32 bits have neither such registers nor memory to fill up lines: there it is the value alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Zeroable)]
#[cfg_attr(target_pointer_width = "64", repr(align(64)))]
pub struct Aligned<T>(pub T);

#[cfg(feature = "alloc")]
impl<T: Zeroable> Aligned<T> {
    /// Zeros in a `Box`; they are never on the stack.
    #[must_use]
    pub fn boxed() -> Box<Self> {
        bytemuck::zeroed_box()
    }
}

/// Copies of a `Box` in place: those of [`Clone`] go through the stack in a build without optimisation.
#[cfg(feature = "alloc")]
impl<T: Pod> Aligned<T> {
    /// [`Clone::clone`] of a `Box`, in place.
    #[must_use]
    #[expect(clippy::borrowed_box, reason = "method calls on a `Box` find it before `Clone::clone`")]
    pub fn clone(self: &Box<Self>) -> Box<Self> {
        let mut new = Self::boxed();
        new.clone_from(self);
        new
    }

    /// [`Clone::clone_from`] of a `Box`, in place.
    pub fn clone_from(self: &mut Box<Self>, source: &Self) {
        bytemuck::bytes_of_mut(&mut self.0).copy_from_slice(bytemuck::bytes_of(&source.0));
    }
}

impl<T> Deref for Aligned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Aligned<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_pointer_width = "64")]
    fn values_begin_cache_lines() {
        let values = [Aligned([1.0_f32; 3]); 2];
        for value in &values {
            assert_eq!((&raw const **value).addr() % 64, 0);
        }
        #[cfg(feature = "alloc")]
        assert_eq!((&raw const **Aligned::<[f32; 3]>::boxed()).addr() % 64, 0);
    }
}
