//! What a loss needs of a network's output, as types: where a network and a loss meet, the compiler compares them.
//!
//! `network!` writes an [`Ending`] for every network, and each loss has its needs as the last parameter of
//! [`Loss`](super::Loss): `()` for none, or a tuple of those below. A function that trains any network with any loss takes
//! both in its bounds:
//!
//! ```
//! use nn_runtime::loss::needs::Fits;
//! use nn_runtime::prelude::*;
//!
//! fn first_step<N: Network, L, Needs, Target>(
//!     network: &mut N,
//!     loss: &L,
//!     input: N::Input,
//!     target: Target,
//! ) -> Result<N::Scalar, TrainError>
//! where
//!     L: Loss<Target, N::Output, N::Scalar, Needs>,
//!     Needs: Fits<N::Ending>,
//! {
//!     let mut training = Training::<N, Sgd, 1>::boxed();
//!     training.step(network, &Sgd::new(0.1), loss, &[input], &[target])
//! }
//!
//! network! { struct Net: [2] -> [3] { linear(3) } }
//!
//! let mut network = Net::ZERO;
//! assert_eq!(first_step(&mut network, &CrossEntropy, [1.0, 2.0], 0_u8)?, 3.0_f32.ln());
//! # Ok::<(), TrainError>(())
//! ```
//!
//! Implementations are marked `do_not_recommend`, so that the compiler prints the traits' own messages.

use core::marker::PhantomData;

use super::classes::{ClassWeights, Classes};
pub use crate::network::ending::{Ending, Fits, Fulfils, LogSoftmax, Other, Outputs, Sigmoid, Softmax};

/// Need: the network does not end with the softmax, which the loss includes.
#[derive(Debug)]
pub enum Logits {}

/// Need: the network does not end with the sigmoid, which the loss includes, nor with a softmax.
#[derive(Debug)]
pub enum BinaryLogits {}

/// Need: the network does not end with a layer whose outputs are probabilities instead of their logarithms.
#[derive(Debug)]
pub enum LogProbabilities {}

/// Need: several outputs, for a target with the probability of each.
#[derive(Debug)]
pub struct Distribution<Weights>(PhantomData<Weights>);

/// Need: several outputs for a target that is a class, or for each of its classes, and as many weights.
#[derive(Debug)]
pub struct OneOf<Target, Weights>(PhantomData<(Target, Weights)>);

// not a blanket impl: for a type that is not a network, the compiler would recurse into pairs of pairs
impl<A, B, L, T, const S: usize, E> Fulfils<(A, B)> for Ending<L, T, S, E> where Self: Fulfils<A> + Fulfils<B> {}

impl<L: BeforeCrossEntropy, T, const S: usize, E> Fulfils<Logits> for Ending<L, T, S, E> {}

impl<L: BeforeBceWithLogits, T, const S: usize, E> Fulfils<BinaryLogits> for Ending<L, T, S, E> {}

impl<L: BeforeNll, T, const S: usize, E> Fulfils<LogProbabilities> for Ending<L, T, S, E> {}

impl<W, L, const N: usize, const SEVERAL: bool, const S: usize, E> Fulfils<Distribution<W>>
    for Ending<L, Outputs<N, SEVERAL>, S, E>
where
    W: ClassWeights<For<N>: OneEach>,
    Outputs<N, SEVERAL>: Several,
{
}

impl<C, W, L, const S: usize, const TOTAL: usize, const SEVERAL: bool, const EACH: usize, const SEVERAL_EACH: bool>
    Fulfils<OneOf<C, W>> for Ending<L, Outputs<TOTAL, SEVERAL>, S, Outputs<EACH, SEVERAL_EACH>>
where
    C: Classes<Steps<S>: SameSteps<S>, Outputs<Outputs<TOTAL, SEVERAL>, Outputs<EACH, SEVERAL_EACH>>: Several>,
    W: ClassWeights,
    C::Outputs<W::For<TOTAL>, W::For<EACH>>: OneEach,
{
}

/// The needs of the loss inside of a [`Scaled`](super::Scaled).
#[derive(Debug)]
pub struct Inside<Needs>(PhantomData<Needs>);

impl<Needs, L, T, const S: usize, E> Fulfils<Inside<Needs>> for Ending<L, T, S, E> where Self: Fulfils<Needs> {}

/// Need: the output has as many steps as the target has weights, and the needs of the loss inside of a
/// [`StepWeights`](super::StepWeights).
#[derive(Debug)]
pub struct WithSteps<Needs, const STEPS: usize>(PhantomData<Needs>);

impl<Needs, L, T, const S: usize, E> Fulfils<WithSteps<Needs, S>> for Ending<L, T, S, E> where Self: Fulfils<Needs> {}

/// Two numbers that have to be the same.
#[derive(Debug)]
pub enum Pair<const A: usize, const B: usize> {}

/// A last layer that [`CrossEntropy`](super::CrossEntropy) may follow.
#[diagnostic::on_unimplemented(
    message = "`CrossEntropy` includes the softmax, but the network ends with one",
    label = "the loss does not go with the network's last layer",
    note = "leave the `softmax` or `log_softmax` at the end of the network out"
)]
pub trait BeforeCrossEntropy {}

#[diagnostic::do_not_recommend]
impl BeforeCrossEntropy for Sigmoid {}

#[diagnostic::do_not_recommend]
impl BeforeCrossEntropy for Other {}

/// A last layer that [`BceWithLogits`](super::BceWithLogits) may follow.
#[diagnostic::on_unimplemented(
    message = "`BceWithLogits` includes the sigmoid, but the network ends with probabilities",
    label = "the loss does not go with the network's last layer",
    note = "leave the `sigmoid` or `softmax` at the end of the network out"
)]
pub trait BeforeBceWithLogits {}

#[diagnostic::do_not_recommend]
impl BeforeBceWithLogits for LogSoftmax {}

#[diagnostic::do_not_recommend]
impl BeforeBceWithLogits for Other {}

/// A last layer that [`Nll`](super::Nll) and [`KlDiv`](super::KlDiv) may follow.
#[diagnostic::on_unimplemented(
    message = "this loss takes the logarithms of probabilities, but the network ends with probabilities",
    label = "the loss does not go with the network's last layer",
    note = "end the network with `log_softmax`"
)]
pub trait BeforeNll {}

#[diagnostic::do_not_recommend]
impl BeforeNll for LogSoftmax {}

#[diagnostic::do_not_recommend]
impl BeforeNll for Other {}

/// More than one output.
#[diagnostic::on_unimplemented(
    message = "the loss compares classes, but the network has an output for one class alone, so it can learn nothing",
    label = "this needs an output for each of 2 classes or more",
    note = "with one output, use `BceWithLogits` and targets `[0.0]` and `[1.0]`; or let the network end with 2 outputs"
)]
pub trait Several {}

#[diagnostic::do_not_recommend]
impl<const N: usize> Several for Outputs<N, true> {}

/// As many classes in a target as the network's output has steps.
#[diagnostic::on_unimplemented(
    message = "the number of classes in the target is not {OUTPUT}, the number of steps of the network's output",
    label = "target and output have different numbers of steps",
    note = "the output is `[steps, classes]`: `reshape([steps, classes])` makes it so, and `last` takes one step alone"
)]
pub trait SameSteps<const OUTPUT: usize> {}

#[diagnostic::do_not_recommend]
impl<const N: usize> SameSteps<N> for Pair<N, N> {}

/// As many class weights as classes.
#[diagnostic::on_unimplemented(
    message = "there must be as many class weights as the network's output has classes",
    label = "class weights and classes differ in number",
    note = "write one weight for each class, in order"
)]
pub trait OneEach {}

#[diagnostic::do_not_recommend]
impl<const N: usize> OneEach for Pair<N, N> {}

/// The number of classes of each step of `OUT` outputs. It must be a whole one, and that of the weights, or the program
/// does not compile: what [`SameSteps`] and [`OneEach`] say, for a loss that is [`Unchecked`](super::Unchecked) or called by
/// itself.
#[inline(always)]
pub(super) const fn classes_per_step<C: Classes, W: ClassWeights, const OUT: usize>() -> usize {
    const {
        assert!(
            C::STEPS > 0 && OUT > 0 && OUT.is_multiple_of(C::STEPS),
            "the targets are `[class; STEPS]`, but the network's output is not `[STEPS, classes]`"
        );
        check_weights::<W>(OUT / C::STEPS);
        OUT / C::STEPS
    }
}

/// That there are as many weights as classes.
pub(super) const fn check_weights<W: ClassWeights>(classes: usize) {
    if let Some(weights) = W::CLASSES {
        assert!(weights == classes, "there must be as many class weights as the network's output has classes");
    }
}
