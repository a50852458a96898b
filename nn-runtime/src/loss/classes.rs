//! The integers that name classes, and how much each class counts.

use super::error::TargetError;
use super::needs::Pair;
use super::{Hits, is_nan};
use crate::OptionError;
use crate::scalar::Scalar;

mod sealed {
    pub trait Index {}
    pub trait Weights {}
}

/// An integer type that names a class: `u8`, `u16`, `u32` or `usize`.
///
/// It may hold fewer classes than the network has outputs: with `u8` targets no sample has a class above 255.
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
#[diagnostic::on_unimplemented(message = "`{Self}` is no class index, nor an array of one for each step")]
pub trait Classes {
    /// The number of steps.
    const STEPS: usize;

    /// Pairs the number of steps with that of the output, so that the compiler can compare them.
    type Steps<const OUTPUT: usize>;

    /// `Total` for one class a sample, or `Each` for one class a step.
    type Outputs<Total, Each>;

    /// The class of a step; `None` behind the last one.
    fn class(&self, step: usize) -> Option<usize>;
}

impl<C: ClassIndex> Classes for C {
    const STEPS: usize = 1;

    type Steps<const OUTPUT: usize> = Pair<OUTPUT, OUTPUT>;

    type Outputs<Total, Each> = Total;

    #[inline(always)]
    fn class(&self, step: usize) -> Option<usize> {
        (step == 0).then(|| self.to_usize())
    }
}

impl<C: ClassIndex, const STEPS: usize> Classes for [C; STEPS] {
    const STEPS: usize = STEPS;

    type Steps<const OUTPUT: usize> = Pair<STEPS, OUTPUT>;

    type Outputs<Total, Each> = Each;

    #[inline(always)]
    fn class(&self, step: usize) -> Option<usize> {
        self.get(step).map(|class| class.to_usize())
    }
}

/// How much each class counts: `()` if all count 1, or `&[f64; CLASSES]`.
pub trait ClassWeights: Copy + sealed::Weights {
    /// The number of weights; `None` if they serve any number of classes.
    const CLASSES: Option<usize>;

    /// Pairs the number of weights with that of the classes, so that the compiler can compare them.
    type For<const CLASSES: usize>;

    /// The weight of a class.
    fn of<T: Scalar>(&self, class: usize) -> T;

    /// Says what is wrong with the weights of a loss, if something is.
    ///
    /// # Errors
    ///
    /// A weight that is negative, NaN, more than 1e30, or less than 1e-30 and not 0; weights that are all 0, from which nothing can be learned.
    fn check(&self, owner: &'static str) -> Result<(), OptionError>;
}

impl sealed::Weights for () {}

impl ClassWeights for () {
    const CLASSES: Option<usize> = None;

    type For<const CLASSES: usize> = Pair<CLASSES, CLASSES>;

    #[inline(always)]
    fn of<T: Scalar>(&self, _class: usize) -> T {
        T::ONE
    }

    fn check(&self, _owner: &'static str) -> Result<(), OptionError> {
        Ok(())
    }
}

impl<const CLASSES: usize> sealed::Weights for &[f64; CLASSES] {}

impl<const WEIGHTS: usize> ClassWeights for &[f64; WEIGHTS] {
    const CLASSES: Option<usize> = Some(WEIGHTS);

    type For<const CLASSES: usize> = Pair<WEIGHTS, CLASSES>;

    #[inline(always)]
    fn of<T: Scalar>(&self, class: usize) -> T {
        self.get(class).map_or(T::ZERO, |&weight| T::from_f64(weight))
    }

    fn check(&self, owner: &'static str) -> Result<(), OptionError> {
        const NAME: &str = "class_weights";
        // so that sums of weights stay finite in f32, and so do their reciprocals
        let is_allowed = |weight: f64| weight == 0.0 || (1e-30..=1e30).contains(&weight);
        self.iter().try_for_each(|&weight| {
            OptionError::check(owner, NAME, weight, is_allowed(weight), "0, or from 1e-30 to 1e30")
        })?;
        let is_any = self.iter().any(|&weight| weight > 0.0);
        OptionError::check(owner, NAME, 0.0, is_any, "more than 0 for one class or more")
    }
}

/// How much each class counts, and the class of the steps that do not count at all.
#[derive(Clone, Copy)]
pub(crate) struct Counts<W> {
    pub(crate) weights: W,
    pub(crate) ignored: Option<usize>,
}

/// Every class counts 1.
pub(super) const EVENLY: Counts<()> = Counts { weights: (), ignored: None };

impl<W: ClassWeights> Counts<W> {
    /// The weight of a class.
    #[inline(always)]
    pub(super) fn of<T: Scalar>(&self, class: usize) -> T {
        if self.is_ignored(class) { T::ZERO } else { self.weights.of(class) }
    }

    #[inline(always)]
    pub(super) fn is_ignored(&self, class: usize) -> bool {
        self.ignored == Some(class)
    }
}

/// Checks that the network has an output for every class of a target, ignored ones aside.
pub(super) fn check_classes<C: Classes, W: ClassWeights>(
    target: &C,
    classes: usize,
    counts: Counts<W>,
) -> Result<(), TargetError> {
    let mut steps = (0..C::STEPS).filter_map(|step| Some((step, target.class(step)?)));
    match steps.find(|&(_, class)| class >= classes && !counts.is_ignored(class)) {
        Some((step, class)) => Err(TargetError::Class { step, class, classes }),
        None => Ok(()),
    }
}

/// The mean weight of a target's steps.
pub(super) fn mean_weight<C: Classes, W: ClassWeights, T: Scalar>(target: &C, counts: Counts<W>) -> T {
    let steps = (0..C::STEPS).filter_map(|step| target.class(step));
    T::from_f64(steps.map(|class| counts.of::<f64>(class)).sum::<f64>() / C::STEPS as f64)
}

/// How often the largest output of a step is that of the target's class, among the steps that are not ignored.
pub(crate) fn hits<T: Scalar, C: Classes, W: ClassWeights, const BATCH: usize>(
    output: &[[T; BATCH]],
    classes: usize,
    targets: &[&C],
    counts: Counts<W>,
) -> Hits {
    let (mut right, mut all) = (0, 0);
    for (step, output) in output.chunks_exact(classes).enumerate() {
        let predictions = arg_max(output);
        let is_right = |(class, target): &(&Option<usize>, &&C)| class.is_some() && target.class(step) == **class;
        let counted = |target: &C| target.class(step).is_some_and(|class| !counts.is_ignored(class));
        right += predictions.iter().zip(targets).filter(|pair| counted(pair.1) && is_right(pair)).count() as u64;
        all += targets.iter().filter(|target| counted(target)).count() as u64;
    }
    Hits { right, all }
}

/// The feature with the largest value, of each row of a tile; the first of equals. `None` for a row with NaN in it.
pub(crate) fn arg_max<T: Scalar, const BATCH: usize>(lanes: &[[T; BATCH]]) -> [Option<usize>; BATCH] {
    let (mut best, mut position, mut is_number) = ([T::ZERO; BATCH], [0; BATCH], [true; BATCH]);
    for (feature, lane) in lanes.iter().enumerate() {
        let rows = best.iter_mut().zip(&mut position).zip(&mut is_number);
        for (((best, position), is_number), &value) in rows.zip(lane) {
            *is_number &= !is_nan(value);
            if feature == 0 || value > *best {
                (*best, *position) = (value, feature);
            }
        }
    }
    core::array::from_fn(|row| if is_number[row] { Some(position[row]) } else { None })
}
