//! What stands for a layer whose `impl` is an error, so that the network is not a second one.

use bytemuck::{Pod, Zeroable};
use nalgebra::SMatrix;

use crate::kernels::Isa;
use crate::network::{Layer, NoParameters, Pass};
use crate::scalar::Scalar;

/// A layer of any sizes. It is never run: the program does not compile.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct Refused;

impl NoParameters for Refused {}

impl<const IN: usize, const OUT: usize, T: Scalar> Layer<IN, OUT, T> for Refused {
    type Cache<const BATCH: usize> = ();

    fn forward<I: Isa, const BATCH: usize>(
        &self,
        _isa: I,
        _input: &SMatrix<T, BATCH, IN>,
        _output: &mut SMatrix<T, BATCH, OUT>,
        _cache: &mut (),
        _pass: Pass,
    ) {
    }

    fn backward_input<I: Isa, const BATCH: usize>(
        &self,
        _isa: I,
        _input_then_grad: &mut SMatrix<T, BATCH, IN>,
        _cache: &mut (),
        _grad_output: &SMatrix<T, BATCH, OUT>,
        _pass: Pass,
    ) {
    }
}
