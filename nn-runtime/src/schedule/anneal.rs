//! The curves from one learning rate to another.

use core::f64::consts::FRAC_PI_2;

use crate::kernels::Portable;
use crate::math::sin_cos;

/// The curve along which a learning rate goes from one value to another. PyTorch's `anneal_strategy`.
///
/// ```text
/// Cos:     cos²(π/2 · elapsed / length) · start + sin²(π/2 · elapsed / length) · end
/// Linear:  (1 - elapsed / length) · start + elapsed / length · end
/// ```
///
/// `cos²(x / 2)` is PyTorch's `(1 + cos x) / 2`, which loses digits where it is close to 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Anneal {
    /// Half a cosine: slow at both ends.
    Cos,
    /// A line.
    Linear,
}

impl Anneal {
    /// The value after `elapsed` of `length`; `end` if there is no length.
    pub(super) fn at(self, start: f64, end: f64, elapsed: f64, length: f64) -> f64 {
        let remaining = length - elapsed;
        if remaining <= 0.0 {
            return end;
        }
        let [of_start, of_end] = match self {
            Self::Linear => [remaining / length, elapsed / length],
            Self::Cos if elapsed <= remaining => {
                let [sin, cos] = sin_cos(Portable, FRAC_PI_2 * (elapsed / length));
                [cos * cos, sin * sin]
            }
            Self::Cos => {
                let [sin, cos] = sin_cos(Portable, FRAC_PI_2 * (remaining / length));
                [sin * sin, cos * cos]
            }
        };
        of_start * start + of_end * end
    }
}
