//! Evaluation: the mean loss, the accuracy, the confusion matrix, the outputs themselves.

#[cfg(feature = "alloc")]
use alloc::boxed::Box;
use core::fmt;

use bytemuck::Zeroable;
use nalgebra::SMatrix;

use super::error::{Refused, SampleError};
use super::samples::{Samples, check, check_inputs, mean};
use super::{TrainError, tile};
use crate::aligned::Aligned;
use crate::data::{DataError, Dataset};
use crate::kernels::{Isa, Kernel, dispatch};
use crate::loss::needs::Fits;
use crate::loss::{ClassIndex, CrossEntropy, Hits, Loss, Unchecked, arg_max};
use crate::metrics::ConfusionMatrix;
use crate::network::Network;
use crate::scalar::{IsFinite, Scalar};
use crate::stack::room;

/// What an evaluation finds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evaluation {
    /// The mean loss.
    pub loss: f64,
    /// The share of the predictions that are right, if the loss is one of classification.
    pub accuracy: Option<f64>,
    /// The number of samples.
    pub samples: u64,
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
#[derive(Zeroable)]
#[zeroable(bound = "")]
pub struct Evaluator<N: Network<IN, OUT>, const BATCH: usize, const IN: usize, const OUT: usize> {
    input: Aligned<SMatrix<N::Input, BATCH, IN>>,
    workspace: Aligned<N::InferenceWorkspace<BATCH>>,
}

impl<N: Network<IN, OUT>, const BATCH: usize, const IN: usize, const OUT: usize> Evaluator<N, BATCH, IN, OUT> {
    /// The memory, as zeros. Above [`STACK_BYTES`](crate::STACK_BYTES) it does not compile: write [`boxed`](Self::boxed), or
    /// in a `static` `bytemuck::zeroed()`.
    pub const ZERO: Self = {
        room::<Self>().expect(crate::__too_large!(Evaluator, "::<..>::boxed()"));
        bytemuck::zeroed()
    };

    /// The memory in a `Box`; it is never on the stack.
    #[cfg(feature = "alloc")]
    #[must_use]
    pub fn boxed() -> Box<Self> {
        bytemuck::zeroed_box()
    }

    /// [`Clone::clone`] of a `Box`, which is never on the stack.
    #[cfg(feature = "alloc")]
    #[must_use]
    #[expect(clippy::borrowed_box, reason = "method calls on a `Box` find it before `Clone::clone`")]
    pub fn clone(self: &Box<Self>) -> Box<Self> {
        Self::boxed()
    }

    /// The mean loss of a network in evaluation mode and, if the loss is one of classification, its accuracy. A network
    /// without frozen stages takes `&()` for them.
    ///
    /// # Errors
    ///
    /// [`TrainError::Option`] for an option of the loss that is out of its range; [`TrainError::Sample`] for a sample that
    /// the network or the loss cannot take, whose output is NaN, or whose loss is not finite.
    pub fn evaluate<L, Needs, Target>(
        &mut self,
        network: &N,
        frozen: &N::Frozen,
        loss: &L,
        data: &Dataset<N::Input, Target, IN>,
    ) -> Result<Evaluation, TrainError>
    where
        L: Loss<Target, N::Scalar, OUT, Needs>,
        Needs: Fits<N::Ending>,
    {
        let loss = &Unchecked::new(loss);
        loss.check_options()?;
        let weight = check::<N, _, _, IN, OUT>(data, loss)?;
        Ok(self.score(network, frozen, loss, data, weight)?)
    }

    /// [`evaluate`](Self::evaluate) with a loss and data that have been checked, and the sum of the samples' weights.
    pub(super) fn score<L, Target>(
        &mut self,
        network: &N,
        frozen: &N::Frozen,
        loss: &L,
        data: &Dataset<N::Input, Target, IN>,
        weight: f64,
    ) -> Result<Evaluation, Refused>
    where
        L: Loss<Target, N::Scalar, OUT>,
    {
        let score = Score { loss, sum: 0.0, hits: None };
        let Score { sum, hits, .. } = self.visit(network, frozen, Samples::from(*data), score)?;
        let accuracy = hits.filter(|hits| hits.all > 0).map(|hits| hits.right as f64 / hits.all as f64);
        Ok(Evaluation { loss: mean(sum, weight), accuracy, samples: data.len() as u64 })
    }

    /// How often a network in evaluation mode takes which class for which: the class predicted is the largest output. A
    /// network without frozen stages takes `&()` for them. A matrix of more than 239 classes, which is larger than
    /// [`STACK_BYTES`](crate::STACK_BYTES), does not compile: write [`confusion_matrix_in`](Self::confusion_matrix_in).
    ///
    /// # Errors
    ///
    /// [`TrainError::Sample`] for a sample that the network cannot take, of an unknown class, or whose output is NaN.
    pub fn confusion_matrix<C: ClassIndex>(
        &mut self,
        network: &N,
        frozen: &N::Frozen,
        data: &Dataset<N::Input, C, IN>,
    ) -> Result<ConfusionMatrix<OUT>, TrainError> {
        let mut matrix = ConfusionMatrix::default();
        self.confusion_matrix_in(network, frozen, data, &mut matrix)?;
        Ok(matrix)
    }

    /// [`confusion_matrix`](Self::confusion_matrix), added to a matrix of the caller's, which may be in a `Box` or a `static`.
    ///
    /// # Errors
    ///
    /// [`TrainError::Sample`] for a sample that the network cannot take, of an unknown class, or whose output is NaN. The
    /// samples of the tiles before that of a NaN have been counted.
    pub fn confusion_matrix_in<C: ClassIndex>(
        &mut self,
        network: &N,
        frozen: &N::Frozen,
        data: &Dataset<N::Input, C, IN>,
        matrix: &mut ConfusionMatrix<OUT>,
    ) -> Result<(), TrainError> {
        check::<N, _, _, IN, OUT>(data, &Unchecked::new(&CrossEntropy))?;
        self.visit(network, frozen, Samples::from(*data), matrix)?;
        Ok(())
    }

    /// The outputs of a network in evaluation mode, a row for each row of inputs. A network without frozen stages takes `&()`
    /// for them. Outputs that are NaN or infinite are returned as they are.
    ///
    /// # Errors
    ///
    /// [`TrainError::Sample`] for a sample that the network cannot take, [`TrainError::Data`] if there is not as much room
    /// for outputs as there are inputs, or nothing at all.
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
        check_inputs::<N, IN, OUT>(inputs)?;
        self.visit(network, frozen, samples, Collect { outputs: outputs.iter_mut() })?;
        Ok(())
    }

    fn visit<Target, V>(
        &mut self,
        network: &N,
        frozen: &N::Frozen,
        samples: Samples<N::Input, Target, IN>,
        visitor: V,
    ) -> Result<V, Refused>
    where
        V: Visitor<Target, N::Scalar, OUT>,
    {
        const { assert!(BATCH > 0, "a tile must have at least one row") };
        dispatch(Visit { memory: self, network, frozen, samples, visitor })
    }
}

/// The copy is of zeros: each evaluation overwrites them.
impl<N: Network<IN, OUT>, const BATCH: usize, const IN: usize, const OUT: usize> Clone
    for Evaluator<N, BATCH, IN, OUT>
{
    fn clone(&self) -> Self {
        bytemuck::zeroed()
    }

    fn clone_from(&mut self, _source: &Self) {}
}

/// What is done with the output of each tile, whose first sample is at row `first` of the data.
trait Visitor<Target, T: Scalar, const OUT: usize> {
    fn visit<I: Isa, const BATCH: usize>(
        &mut self,
        isa: I,
        first: usize,
        output: &SMatrix<T, BATCH, OUT>,
        targets: &[&Target],
    ) -> Result<(), Refused>;
}

/// Checks that no output of a tile's samples is NaN. Infinite ones are numbers that can be compared.
fn check_outputs<I: Isa, T: Scalar, const BATCH: usize, const OUT: usize>(
    isa: I,
    first: usize,
    output: &SMatrix<T, BATCH, OUT>,
    rows: usize,
) -> Result<(), Refused> {
    if isa.call(IsFinite { values: output.as_slice(), squares: false }) {
        return Ok(());
    }
    let is_nan = |row: usize, lane: &[T; BATCH]| lane.get(row).is_some_and(|value| value.to_f64().is_nan());
    let column_of = |row: usize| output.data.0.iter().position(|lane| is_nan(row, lane));
    match (0..rows).find_map(|row| Some((row, column_of(row)?))) {
        Some((row, column)) => Err(Refused { row: first + row, error: SampleError::Output { column } }),
        None => Ok(()),
    }
}

struct Score<'a, L> {
    loss: &'a L,
    sum: f64,
    hits: Option<Hits>,
}

impl<L: Loss<Target, T, OUT>, Target, T: Scalar, const OUT: usize> Visitor<Target, T, OUT> for Score<'_, L> {
    fn visit<I: Isa, const BATCH: usize>(
        &mut self,
        isa: I,
        first: usize,
        output: &SMatrix<T, BATCH, OUT>,
        targets: &[&Target],
    ) -> Result<(), Refused> {
        check_outputs(isa, first, output, targets.len())?;
        // the loss of the first `targets.len()` samples of the tile
        let loss = |rows: usize| self.loss.loss(isa, output, targets.get(..rows).unwrap_or_default()).to_f64();
        let sum = loss(targets.len());
        if !sum.is_finite() {
            let mut sums = (1..=targets.len()).map(|rows| (first + rows - 1, loss(rows)));
            let (row, value) = sums.find(|(_, value)| !value.is_finite()).unwrap_or((first, sum));
            return Err(Refused { row, error: SampleError::Loss { value } });
        }
        self.sum += sum;
        if let Some(new) = self.loss.hits(output, targets) {
            let old = self.hits.unwrap_or_default();
            self.hits = Some(Hits { right: old.right + new.right, all: old.all + new.all });
        }
        Ok(())
    }
}

impl<C: ClassIndex, T: Scalar, const OUT: usize> Visitor<C, T, OUT> for &mut ConfusionMatrix<OUT> {
    fn visit<I: Isa, const BATCH: usize>(
        &mut self,
        isa: I,
        first: usize,
        output: &SMatrix<T, BATCH, OUT>,
        targets: &[&C],
    ) -> Result<(), Refused> {
        check_outputs(isa, first, output, targets.len())?;
        for (class, predicted) in targets.iter().zip(arg_max(&output.data.0)) {
            if let Some(predicted) = predicted {
                self.record(class.to_usize(), predicted);
            }
        }
        Ok(())
    }
}

/// Copies the outputs, tile by tile.
struct Collect<'a, T, const OUT: usize> {
    outputs: core::slice::IterMut<'a, [T; OUT]>,
}

impl<Target, T: Scalar, const OUT: usize> Visitor<Target, T, OUT> for Collect<'_, T, OUT> {
    fn visit<I: Isa, const BATCH: usize>(
        &mut self,
        _isa: I,
        _first: usize,
        output: &SMatrix<T, BATCH, OUT>,
        targets: &[&Target],
    ) -> Result<(), Refused> {
        for (row, collected) in (0..targets.len()).zip(&mut self.outputs) {
            for (value, lane) in collected.iter_mut().zip(&output.data.0) {
                *value = lane.get(row).copied().unwrap_or_default();
            }
        }
        Ok(())
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
    type Output = Result<V, Refused>;

    fn run<I: Isa>(self, isa: I) -> Result<V, Refused> {
        let Self { memory, network, frozen, samples, mut visitor } = self;
        for (first, rows) in samples.tiles() {
            tile::fill(isa, &rows.inputs, &mut memory.input);
            let output = network.infer_with(isa, frozen, &memory.input, &mut memory.workspace);
            visitor.visit(isa, first, output, rows.real_targets())?;
        }
        Ok(visitor)
    }
}
