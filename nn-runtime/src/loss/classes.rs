//! The integers that name classes, and how much each class counts.

use super::Hits;
use super::error::TargetError;
use crate::scalar::Scalar;

mod sealed {
    pub trait Index {}
    pub trait Weights {}
}

/// An integer type that names a class: `u8`, `u16`, `u32` or `usize`.
pub trait ClassIndex: Copy + sealed::Index {
    /// The class as an array index.
    fn to_usize(self) -> usize;
}

macro_rules! impl_class_index {
    ($($type:ident)*) => {$(
        impl sealed::Index for $type {}

        impl ClassIndex for $type {
            #[inline(always)]
            fn to_usize(self) -> usize {
                self as usize
            }
        }
    )*};
}

impl_class_index!(u8 u16 u32 usize);

/// The classes of a sample: a [`ClassIndex`], or an array with one a step.
pub trait Classes {
    /// The number of steps.
    const STEPS: usize;

    /// The class of a step; `None` behind the last one.
    fn class(&self, step: usize) -> Option<usize>;
}

impl<C: ClassIndex> Classes for C {
    const STEPS: usize = 1;

    #[inline(always)]
    fn class(&self, step: usize) -> Option<usize> {
        (step == 0).then(|| self.to_usize())
    }
}

impl<C: ClassIndex, const STEPS: usize> Classes for [C; STEPS] {
    const STEPS: usize = STEPS;

    #[inline(always)]
    fn class(&self, step: usize) -> Option<usize> {
        self.get(step).map(|class| class.to_usize())
    }
}

/// How much each class counts: `()` if all count 1, or `&[f64; CLASSES]`.
pub trait ClassWeights: Copy + sealed::Weights {
    /// The number of weights; `None` if they serve any number of classes.
    const CLASSES: Option<usize>;

    /// The weight of a class.
    fn of<T: Scalar>(&self, class: usize) -> T;
}

impl sealed::Weights for () {}

impl ClassWeights for () {
    const CLASSES: Option<usize> = None;

    #[inline(always)]
    fn of<T: Scalar>(&self, _class: usize) -> T {
        T::ONE
    }
}

impl<const CLASSES: usize> sealed::Weights for &[f64; CLASSES] {}

impl<const CLASSES: usize> ClassWeights for &[f64; CLASSES] {
    const CLASSES: Option<usize> = Some(CLASSES);

    #[inline(always)]
    fn of<T: Scalar>(&self, class: usize) -> T {
        self.get(class).map_or(T::ZERO, |&weight| T::from_f64(weight))
    }
}

/// The number of classes of each step of `OUT` outputs. It must be a whole one, and that of the weights, or the program
/// does not compile.
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

/// That the network has an output for every class of a target.
pub(super) fn check_classes<C: Classes>(target: &C, classes: usize) -> Result<(), TargetError> {
    let mut steps = (0..C::STEPS).filter_map(|step| Some((step, target.class(step)?)));
    match steps.find(|&(_, class)| class >= classes) {
        Some((step, class)) => Err(TargetError::Class { step, class, classes }),
        None => Ok(()),
    }
}

/// The mean weight of a target's steps.
pub(super) fn mean_weight<C: Classes, W: ClassWeights, T: Scalar>(target: &C, weights: W) -> T {
    let steps = (0..C::STEPS).filter_map(|step| target.class(step));
    steps.fold(T::ZERO, |sum, class| sum + weights.of(class)) / T::from_f64(C::STEPS as f64)
}

/// How often the largest output of a step is that of the target's class.
pub(super) fn hits<T: Scalar, C: Classes, const BATCH: usize>(
    output: &[[T; BATCH]],
    classes: usize,
    targets: &[&C],
) -> Hits {
    let mut right = 0;
    for (step, output) in output.chunks_exact(classes).enumerate() {
        let predictions = arg_max(output);
        right += predictions.iter().zip(targets).filter(|(class, target)| target.class(step) == Some(**class)).count();
    }
    Hits { right, all: C::STEPS * targets.len() }
}

/// The feature with the largest value, of each row of a tile; the first of equals.
pub(crate) fn arg_max<T: Scalar, const BATCH: usize>(lanes: &[[T; BATCH]]) -> [usize; BATCH] {
    let (mut best, mut position) = ([T::ZERO; BATCH], [0; BATCH]);
    for (feature, lane) in lanes.iter().enumerate() {
        for ((best, position), &value) in best.iter_mut().zip(&mut position).zip(lane) {
            if feature == 0 || value > *best {
                (*best, *position) = (value, feature);
            }
        }
    }
    position
}
