//! The integers that name classes.

mod sealed {
    pub trait Sealed {}
}

/// An integer type that names a class: `u8`, `u16`, `u32` or `usize`.
pub trait ClassIndex: Copy + sealed::Sealed {
    /// The class as an array index.
    fn to_usize(self) -> usize;
}

macro_rules! impl_class_index {
    ($($type:ident)*) => {$(
        impl sealed::Sealed for $type {}

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

/// The number of classes of each step of `OUT` outputs. It must be a whole one, or the program does not compile.
#[inline(always)]
pub(super) const fn classes_per_step<C: Classes, const OUT: usize>() -> usize {
    const {
        assert!(
            C::STEPS > 0 && OUT > 0 && OUT.is_multiple_of(C::STEPS),
            "the targets are `[class; STEPS]`, but the network's output is not `[STEPS, classes]`"
        );
        OUT / C::STEPS
    }
}
