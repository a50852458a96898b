//! A `Box` or an `Aligned` of a network is a network.

#[cfg(feature = "alloc")]
use alloc::boxed::Box;

use super::{
    Architecture, Frozen, LayerInfo, Network, Parameters, Parts, PartsMut, Port, Predict, PredictAs, Restore, Tile,
    Trainable,
};
use crate::aligned::Aligned;
use crate::kernels::Isa;

macro_rules! implement_through {
    ($($(#[$cfg:meta])? $pointer:ident),*) => {$(
        $(#[$cfg])?
        #[diagnostic::do_not_recommend]
        impl<N: Architecture> Architecture for $pointer<N> {
            type Scalar = N::Scalar;
            type Input = N::Input;
            type Output = N::Output;
            type Ending = N::Ending;
            type Scratch<const BATCH: usize> = N::Scratch<BATCH>;

            const LAYERS: &'static [LayerInfo] = N::LAYERS;
            const INPUTS: &'static [Port] = N::INPUTS;
            const OUTPUTS: &'static [Port] = N::OUTPUTS;
        }

        $(#[$cfg])?
        #[diagnostic::do_not_recommend]
        impl<N: Predict> Predict for $pointer<N> {
            #[inline(always)]
            fn predict_with<'s, I: Isa, const BATCH: usize>(
                &self,
                isa: I,
                input: &Tile<Self::Input, BATCH>,
                scratch: &'s mut Self::Scratch<BATCH>,
            ) -> &'s Tile<Self::Output, BATCH> {
                (**self).predict_with(isa, input, scratch)
            }
        }

        $(#[$cfg])?
        #[diagnostic::do_not_recommend]
        impl<N: Predict> PredictAs<N> for $pointer<N> {
            #[inline(always)]
            fn predict_as<'s, I: Isa, const BATCH: usize>(
                &self,
                isa: I,
                input: &Tile<N::Input, BATCH>,
                scratch: &'s mut N::Scratch<BATCH>,
            ) -> &'s Tile<N::Output, BATCH> {
                (**self).predict_with(isa, input, scratch)
            }
        }

        $(#[$cfg])?
        #[diagnostic::do_not_recommend]
        impl<N: Trainable> Trainable for $pointer<N> {
            type Parameters = N::Parameters;

            #[inline(always)]
            fn parameters(&self) -> &N::Parameters {
                (**self).parameters()
            }

            #[inline(always)]
            fn parameters_mut(&mut self) -> &mut N::Parameters {
                (**self).parameters_mut()
            }
        }

        $(#[$cfg])?
        #[diagnostic::do_not_recommend]
        impl<N: Network> Network for $pointer<N> {}

        $(#[$cfg])?
        #[diagnostic::do_not_recommend]
        impl<N: Parts<P>, P: Parameters> Parts<P> for $pointer<N> {
            #[inline(always)]
            fn parts(&self) -> (&P, &P::Frozen) {
                (**self).parts()
            }
        }

        $(#[$cfg])?
        #[diagnostic::do_not_recommend]
        impl<N: PartsMut<P>, P: Parameters> PartsMut<P> for $pointer<N> {
            #[inline(always)]
            fn parts_mut(&mut self) -> (&mut P, &P::Frozen) {
                (**self).parts_mut()
            }
        }

        $(#[$cfg])?
        #[diagnostic::do_not_recommend]
        impl<N: Restore> Restore for $pointer<N> {
            fn both_mut(&mut self) -> (&mut N::Parameters, &mut Frozen<N>) {
                (**self).both_mut()
            }
        }
    )*};
}

implement_through!(
    #[cfg(feature = "alloc")]
    Box,
    Aligned
);
