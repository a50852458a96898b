//! Evaluation: the mean loss, the accuracy, the confusion matrix, the outputs themselves.

#[cfg(feature = "alloc")]
use alloc::boxed::Box;
use core::fmt;

use bytemuck::Zeroable;
use nalgebra::SMatrix;

use super::samples::Samples;
use super::{TrainError, tile};
use crate::aligned::Aligned;
use crate::data::{DataError, Dataset};
use crate::kernels::{Isa, Kernel, dispatch};
use crate::loss::{ClassIndex, CrossEntropy, Hits, Loss, arg_max};
use crate::metrics::ConfusionMatrix;
use crate::network::Network;
use crate::scalar::Scalar;

/// What an evaluation finds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evaluation {
    /// The mean loss.
    pub loss: f64,
    /// The share of the predictions that are right, if the loss is one of classification.
    pub accuracy: Option<f64>,
    /// The number of samples.
    pub samples: usize,
}

impl fmt::Display for Evaluation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "loss {}", super::Figure(self.loss))?;
        match self.accuracy {
            Some(accuracy) => write!(f, "  accuracy {accuracy:.4}"),
            None => Ok(()),
        }
    }
}

/// The memory of evaluations of network `N`, in tiles of `BATCH` rows. `IN` and `OUT` are the network's sizes and can be
/// left to inference, `_`.
///
/// Plain memory that starts as zeros, as [`Training`](super::Training) is; nothing in it allocates.
#[derive(Clone, Zeroable)]
#[zeroable(bound = "")]
pub struct Evaluator<N: Network<IN, OUT>, const BATCH: usize, const IN: usize, const OUT: usize> {
    input: Aligned<SMatrix<N::Input, BATCH, IN>>,
    workspace: Aligned<N::InferenceWorkspace<BATCH>>,
}

impl<N: Network<IN, OUT>, const BATCH: usize, const IN: usize, const OUT: usize> Evaluator<N, BATCH, IN, OUT> {
    /// The memory, as zeros.
    pub const ZERO: Self = bytemuck::zeroed();

    /// The memory in a `Box`; it is never on the stack.
    #[cfg(feature = "alloc")]
    #[must_use]
    pub fn boxed() -> Box<Self> {
        bytemuck::zeroed_box()
    }

    /// The mean loss of a network in evaluation mode and, if the loss is one of classification, its accuracy. A network
    /// without frozen stages takes `&()` for them.
    ///
    /// # Errors
    ///
    /// [`TrainError::Index`] or [`TrainError::Target`] for a sample that the network or the loss cannot take.
    pub fn evaluate<L, Target>(
        &mut self,
        network: &N,
        frozen: &N::Frozen,
        loss: &L,
        data: &Dataset<N::Input, Target, IN>,
    ) -> Result<Evaluation, TrainError>
    where
        L: Loss<Target, N::Scalar, OUT>,
    {
        let samples = Samples::from(*data);
        let weight = samples.check::<N, L, OUT>(loss)?.to_f64();
        let Score { sum, hits, .. } = self.visit(network, frozen, samples, Score { loss, sum: 0.0, hits: None });
        let accuracy = hits.map(|hits| hits.right as f64 / hits.all as f64);
        Ok(Evaluation { loss: sum / weight, accuracy, samples: data.len() })
    }

    /// How often a network in evaluation mode takes which class for which: the class predicted is the largest output. A
    /// network without frozen stages takes `&()` for them.
    ///
    /// # Errors
    ///
    /// [`TrainError::Index`] or [`TrainError::Target`] for a sample that the network cannot take, or of an unknown class.
    pub fn confusion_matrix<C: ClassIndex>(
        &mut self,
        network: &N,
        frozen: &N::Frozen,
        data: &Dataset<N::Input, C, IN>,
    ) -> Result<ConfusionMatrix<OUT>, TrainError> {
        let samples = Samples::from(*data);
        samples.check::<N, _, OUT>(&CrossEntropy)?;
        Ok(self.visit(network, frozen, samples, ConfusionMatrix::default()))
    }

    /// The outputs of a network in evaluation mode, a row for each row of inputs. A network without frozen stages takes `&()`
    /// for them.
    ///
    /// # Errors
    ///
    /// [`TrainError::Index`] for a sample that the network cannot take, [`TrainError::Data`] if there is not as much room for
    /// outputs as there are inputs, or nothing at all.
    pub fn predict(
        &mut self,
        network: &N,
        frozen: &N::Frozen,
        inputs: &[[N::Input; IN]],
        outputs: &mut [[N::Scalar; OUT]],
    ) -> Result<(), TrainError> {
        if inputs.len() != outputs.len() {
            return Err(DataError::Outputs { inputs: inputs.len(), outputs: outputs.len() }.into());
        }
        let samples = Samples::from(Dataset::new(inputs, inputs)?);
        for (row, input) in inputs.iter().enumerate() {
            N::check_indices(input).map_err(|error| TrainError::Index { row, error })?;
        }
        self.visit(network, frozen, samples, Collect { outputs: outputs.iter_mut() });
        Ok(())
    }

    fn visit<Target, V>(
        &mut self,
        network: &N,
        frozen: &N::Frozen,
        samples: Samples<N::Input, Target, IN>,
        visitor: V,
    ) -> V
    where
        V: Visitor<Target, N::Scalar, OUT>,
    {
        dispatch(Visit { memory: self, network, frozen, samples, visitor })
    }
}

/// What is done with the output of each tile.
trait Visitor<Target, T: Scalar, const OUT: usize> {
    fn visit<I: Isa, const BATCH: usize>(&mut self, isa: I, output: &SMatrix<T, BATCH, OUT>, targets: &[&Target]);
}

struct Score<'a, L> {
    loss: &'a L,
    sum: f64,
    hits: Option<Hits>,
}

impl<L: Loss<Target, T, OUT>, Target, T: Scalar, const OUT: usize> Visitor<Target, T, OUT> for Score<'_, L> {
    fn visit<I: Isa, const BATCH: usize>(&mut self, isa: I, output: &SMatrix<T, BATCH, OUT>, targets: &[&Target]) {
        self.sum += self.loss.loss(isa, output, targets).to_f64();
        if let Some(new) = self.loss.hits(output, targets) {
            let old = self.hits.unwrap_or_default();
            self.hits = Some(Hits { right: old.right + new.right, all: old.all + new.all });
        }
    }
}

impl<C: ClassIndex, T: Scalar, const OUT: usize> Visitor<C, T, OUT> for ConfusionMatrix<OUT> {
    fn visit<I: Isa, const BATCH: usize>(&mut self, _isa: I, output: &SMatrix<T, BATCH, OUT>, targets: &[&C]) {
        for (class, predicted) in targets.iter().zip(arg_max(&output.data.0)) {
            self.record(class.to_usize(), predicted);
        }
    }
}

/// Copies the outputs, tile by tile.
struct Collect<'a, T, const OUT: usize> {
    outputs: core::slice::IterMut<'a, [T; OUT]>,
}

impl<Target, T: Scalar, const OUT: usize> Visitor<Target, T, OUT> for Collect<'_, T, OUT> {
    fn visit<I: Isa, const BATCH: usize>(&mut self, _isa: I, output: &SMatrix<T, BATCH, OUT>, targets: &[&Target]) {
        for (row, collected) in (0..targets.len()).zip(&mut self.outputs) {
            for (value, lane) in collected.iter_mut().zip(&output.data.0) {
                *value = lane.get(row).copied().unwrap_or_default();
            }
        }
    }
}

struct Visit<'a, 'd, N, Target, V, const BATCH: usize, const IN: usize, const OUT: usize>
where
    N: Network<IN, OUT>,
{
    memory: &'a mut Evaluator<N, BATCH, IN, OUT>,
    network: &'a N,
    frozen: &'a N::Frozen,
    samples: Samples<'d, N::Input, Target, IN>,
    visitor: V,
}

impl<N, Target, V, const BATCH: usize, const IN: usize, const OUT: usize> Kernel
    for Visit<'_, '_, N, Target, V, BATCH, IN, OUT>
where
    N: Network<IN, OUT>,
    V: Visitor<Target, N::Scalar, OUT>,
{
    type Output = V;

    fn run<I: Isa>(self, isa: I) -> V {
        let Self { memory, network, frozen, samples, mut visitor } = self;
        for (_, rows) in samples.tiles() {
            tile::fill(isa, &rows.inputs, &mut memory.input);
            let output = network.infer_with(isa, frozen, &memory.input, &mut memory.workspace);
            visitor.visit(isa, output, rows.real_targets());
        }
        visitor
    }
}
