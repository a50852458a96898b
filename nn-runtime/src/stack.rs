//! How large a value may be that is built on the stack.
//!
//! A stack has 8 MB on Linux, 2 MB on a thread and 1 MB on Windows, and a build without optimisation has `new` on it twice. What
//! is too large does not compile.

use bytemuck::Zeroable;

/// The bytes of the largest network, state, workspace or training memory that `new` and `ZERO` build on the stack: 448 KiB.
///
/// What is larger is built in a `Box` by `boxed`, and in a `static` by [`bytemuck::zeroed`], which are never on the stack.
pub const STACK_BYTES: usize = 448 * 1024;

/// The bytes of the largest workspace that `predict` has on the stack.
pub const PREDICT_BYTES: usize = 64 * 1024;

/// The bytes of the largest network that `load` and `from_bytes` return: 192 KiB. In a build without optimisation, `Net::load(path)?`
/// has it on the stack five times, four of them for the `?`.
#[cfg(feature = "safetensors")]
pub const LOAD_BYTES: usize = 192 * 1024;

/// Whether a value of type `T` may be built on the stack.
#[must_use]
pub const fn fits_stack<T>() -> bool {
    size_of::<T>() <= STACK_BYTES
}

/// `Some` if a value of type `T` may be built on the stack, to be followed by `expect`: after it the compiler shows the message
/// alone, after `assert!` lines of `core` as well.
#[must_use]
pub const fn room<T>() -> Option<()> {
    if fits_stack::<T>() { Some(()) } else { None }
}

/// Zeros on the stack, once: in a build without optimisation, `bytemuck::zeroed` has four copies there. Generic, so that the
/// compiler computes the zeros only of what is used.
#[inline(always)]
#[must_use]
pub const fn on_stack<T: Zeroable>() -> T {
    const { bytemuck::zeroed() }
}

// `for<'a>` in the methods' bounds makes the compiler check them at each call, not at the definition.

#[cfg(feature = "safetensors")]
const _: () = assert!(LOAD_BYTES == 192 << 10);
// these sizes are written in the messages below and in that of `ZERO`
const _: () = assert!(STACK_BYTES == 448 << 10 && PREDICT_BYTES == 64 << 10);

/// What `new` returns, if it fits.
#[cfg_attr(
    feature = "alloc",
    diagnostic::on_unimplemented(
        message = "`{Self}` is too large for the stack",
        label = "larger than 448 KiB",
        note = "write `{Self}::boxed(..)`, which builds it in a `Box`; in a `static`, write `nn_runtime::bytemuck::zeroed()`"
    )
)]
#[cfg_attr(
    not(feature = "alloc"),
    diagnostic::on_unimplemented(
        message = "`{Self}` is too large for the stack",
        label = "larger than 448 KiB",
        note = "in a `static`, write `nn_runtime::bytemuck::zeroed()`, and then `init`; with the feature `alloc`, `boxed` builds it in a `Box`"
    )
)]
pub trait OnStack<'a, const FITS: bool> {}
impl<T> OnStack<'_, true> for T {}

/// What `load` and `from_bytes` return with an error beside it, if it fits.
#[cfg(feature = "safetensors")]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is too large to be returned on the stack",
    label = "larger than 192 KiB",
    note = "load it in place: `let mut network = {Self}::boxed(&mut rng(1)); network.load_in(..)?;`"
)]
pub trait Loads<'a, const FITS: bool> {}
#[cfg(feature = "safetensors")]
impl<T> Loads<'_, true> for T {}

/// Whether what a method needs fits its stack.
#[derive(Debug)]
pub enum Fits<const FITS: bool> {}

/// That the workspace of a network fits the stack of `predict`.
#[cfg_attr(
    feature = "alloc",
    diagnostic::on_unimplemented(
        message = "the workspace of `{N}` is too large for `predict`, which has it on the stack",
        label = "needs more than 64 KiB",
        note = "write `predict_in`, and hand it a workspace: `let mut workspace = {N}InferenceWorkspace::boxed();`"
    )
)]
#[cfg_attr(
    not(feature = "alloc"),
    diagnostic::on_unimplemented(
        message = "the workspace of `{N}` is too large for `predict`, which has it on the stack",
        label = "needs more than 64 KiB",
        note = "write `predict_in`, and hand it a workspace, which in a `static` is `nn_runtime::bytemuck::zeroed()`"
    )
)]
pub trait FitsPredict<'a, N> {}
impl<N> FitsPredict<'_, N> for Fits<true> {}

/// That the trace of a network fits the stack of `input_gradient`.
#[cfg_attr(
    feature = "alloc",
    diagnostic::on_unimplemented(
        message = "the trace of `{N}` is too large for `input_gradient`, which has it on the stack",
        label = "needs more than 64 KiB",
        note = "write `input_gradient_in`, and hand it a trace: `let mut trace = {N}Trace::boxed();`"
    )
)]
#[cfg_attr(
    not(feature = "alloc"),
    diagnostic::on_unimplemented(
        message = "the trace of `{N}` is too large for `input_gradient`, which has it on the stack",
        label = "needs more than 64 KiB",
        note = "write `input_gradient_in`, and hand it a trace, which in a `static` is `nn_runtime::bytemuck::zeroed()`"
    )
)]
pub trait FitsTrace<'a, N> {}
impl<N> FitsTrace<'_, N> for Fits<true> {}

/// That an output of a network may be returned by value.
#[cfg_attr(
    feature = "alloc",
    diagnostic::on_unimplemented(
        message = "an output of `{N}` is too large for the stack",
        label = "returns more than 448 KiB",
        note = "write `predict_batch`, which returns outputs in a `Vec`, or `predict` of an `Evaluator`, which writes them into a slice"
    )
)]
#[cfg_attr(
    not(feature = "alloc"),
    diagnostic::on_unimplemented(
        message = "an output of `{N}` is too large for the stack",
        label = "returns more than 448 KiB",
        note = "write `predict` of an `Evaluator`, which writes the outputs into a slice"
    )
)]
pub trait Returns<'a, N> {}
impl<N> Returns<'_, N> for Fits<true> {}

/// That a gradient of a network's input may be returned by value.
#[diagnostic::on_unimplemented(
    message = "a gradient of the input of `{N}` is too large for the stack",
    label = "returns more than 448 KiB",
    note = "call the passes of `nn_runtime::network::Differentiable`, which overwrite the input with it"
)]
pub trait ReturnsGradient<'a, N> {}
impl<N> ReturnsGradient<'_, N> for Fits<true> {}
