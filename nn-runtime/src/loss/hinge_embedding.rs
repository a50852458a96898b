//! The hinge on distances. PyTorch: `torch.nn.HingeEmbeddingLoss(margin=1.0)`.
//!
//! ```text
//! loss        = Σ_OUT (output  if target = 1,  max(margin - output, 0)          if target = -1) / OUT
//! grad_output =       (1       if target = 1,  -1 where output < margin, else 0 if target = -1) / OUT
//! ```

use super::elementwise::Elementwise;
use super::error::TargetError;
use super::positive_part;
use crate::OptionError;
use crate::kernels::Isa;
use crate::scalar::Scalar;

/// Draws distances to 0 where the target is 1, and pushes them above a margin where it is -1. PyTorch's
/// `HingeEmbeddingLoss`.
///
/// `HingeEmbedding::default()` has a `margin` of 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HingeEmbedding {
    /// The distance from which on there is no loss where the target is -1.
    pub margin: f64,
}

impl Default for HingeEmbedding {
    fn default() -> Self {
        Self { margin: 1.0 }
    }
}

impl Elementwise for HingeEmbedding {
    fn check_options<T: Scalar>(&self) -> Result<(), OptionError> {
        OptionError::check_finite::<T>("HingeEmbedding", "margin", self.margin)
    }

    fn check<T: Scalar>(&self, position: usize, target: T) -> Result<(), TargetError> {
        let value = target.to_f64();
        if [1.0, -1.0].contains(&value) { Ok(()) } else { Err(TargetError::NotSign { position, value }) }
    }

    #[inline(always)]
    fn value_and_gradient<I: Isa, T: Scalar>(&self, _isa: I, output: T, target: T) -> [T; 2] {
        let [hinge, slope] = positive_part(T::from_f64(self.margin) - output);
        let is_near = target > T::ZERO;
        [if is_near { output } else { hinge }, if is_near { T::ONE } else { -slope }]
    }
}
