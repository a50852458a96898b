//! What is wrong with an option whose value is only known at run time.

use core::fmt;

use crate::scalar::Scalar;

/// An option of an optimizer, a loss or a training loop that is out of its range.
///
/// An optimizer or a loss of one's own returns it from [`Optimizer::check_options`](crate::optim::Optimizer::check_options)
/// or [`Loss::check_options`](crate::loss::Loss::check_options):
///
/// ```
/// use nn_runtime::OptionError;
///
/// let error = OptionError { owner: "Adam", option: "lr", value: f64::NAN, allowed: "finite and at least 0" };
/// assert_eq!(error.to_string(), "`lr` of `Adam` is NaN, but must be finite and at least 0");
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OptionError {
    /// The type that has the option.
    pub owner: &'static str,
    /// The option's name.
    pub option: &'static str,
    /// The value found.
    pub value: f64,
    /// What the value must be, in words that follow "must be".
    pub allowed: &'static str,
}

/// What a value must be, and that it must be so when rounded.
macro_rules! words {
    ($allowed:literal) => {
        [$allowed, concat!($allowed, ", also as an `f32`")]
    };
}

impl OptionError {
    /// The error, unless the value is allowed.
    #[inline(always)]
    pub(crate) fn check(
        owner: &'static str,
        option: &'static str,
        value: f64,
        is_allowed: bool,
        allowed: &'static str,
    ) -> Result<(), Self> {
        if is_allowed { Ok(()) } else { Err(Self { owner, option, value, allowed }) }
    }

    /// The error, unless the value is allowed, and also the value that a network of type `T` computes with: in `f32`, a small one
    /// may be 0, and a large one infinite. `allowed` has the words for either.
    #[inline(always)]
    fn check_rounded<T: Scalar>(
        owner: &'static str,
        option: &'static str,
        value: f64,
        is_allowed: impl Fn(f64) -> bool,
        allowed: [&'static str; 2],
    ) -> Result<(), Self> {
        // a step on a tiny network spends several percent of its time here: words are chosen only for an error
        if is_allowed(value) && is_allowed(T::from_f64(value).to_f64()) {
            return Ok(());
        }
        let [exact, rounded] = allowed;
        Err(Self { owner, option, value, allowed: if is_allowed(value) { rounded } else { exact } })
    }

    /// That a value is finite.
    #[inline(always)]
    pub(crate) fn check_finite<T: Scalar>(owner: &'static str, option: &'static str, value: f64) -> Result<(), Self> {
        Self::check_rounded::<T>(owner, option, value, f64::is_finite, words!("finite"))
    }

    /// That a value is finite and at least 0.
    #[inline(always)]
    pub(crate) fn check_not_negative<T: Scalar>(
        owner: &'static str,
        option: &'static str,
        value: f64,
    ) -> Result<(), Self> {
        // two comparisons: the compiler makes longer integer arithmetic of one with infinity
        let is_allowed = |value: f64| (0.0..=f64::MAX).contains(&value);
        Self::check_rounded::<T>(owner, option, value, is_allowed, words!("finite and at least 0"))
    }

    /// That a value is finite and more than 0.
    pub(crate) fn check_positive<T: Scalar>(owner: &'static str, option: &'static str, value: f64) -> Result<(), Self> {
        let is_allowed = |value: f64| value > 0.0 && value.is_finite();
        Self::check_rounded::<T>(owner, option, value, is_allowed, words!("finite and more than 0"))
    }

    /// That each of the decay rates is at least 0 and less than 1.
    #[inline(always)]
    pub(crate) fn check_betas<T: Scalar>(owner: &'static str, (beta1, beta2): (f64, f64)) -> Result<(), Self> {
        let check = |option, value| {
            let is_allowed = |value: f64| (0.0..1.0).contains(&value);
            Self::check_rounded::<T>(owner, option, value, is_allowed, words!("at least 0 and less than 1"))
        };
        check("betas.0", beta1)?;
        check("betas.1", beta2)
    }
}

impl fmt::Display for OptionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { owner, option, value, allowed } = self;
        write!(f, "`{option}` of `{owner}` is {value}, but must be {allowed}")
    }
}

impl core::error::Error for OptionError {}
