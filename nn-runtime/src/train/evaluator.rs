//! Evaluation: the mean loss, the accuracy, the confusion matrix, the outputs themselves.

#[cfg(feature = "alloc")]
use alloc::boxed::Box;
use core::fmt;
use core::marker::PhantomData;

use bytemuck::Zeroable;
use nalgebra::SMatrix;

use super::TrainError;
use super::error::{Refused, SampleError};
use super::samples::{Samples, Weights, add, check, check_inputs, mean, total_mean};
use crate::aligned::Aligned;
use crate::data::{DataError, Dataset};
use crate::kernels::{Isa, Kernel, dispatch};
use crate::loss::needs::Fits;
use crate::loss::{ClassIndex, CrossEntropy, Hits, Loss, Unchecked, arg_max};
use crate::metrics::ConfusionMatrix;
use crate::network::{Architecture, Column, OutputRow, PredictAs, Row, Samples as Rows, Tile};
use crate::scalar::Scalar;
use crate::stack::{on_stack, room};

/// What an evaluation finds; of a network with several outputs also of each of them, in `Parts`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Evaluation<Parts = ()> {
    /// The mean loss; of several outputs the sum of theirs.
    pub loss: f64,
    /// The share of the predictions that are right, if the loss is one of classification; of several outputs it is in `parts`.
    pub accuracy: Option<f64>,
    /// The number of samples.
    pub samples: u64,
    /// What is found of each of several outputs: a struct of `Evaluation`s, with the names of the outputs.
    pub parts: Parts,
}

impl<Parts: Report> fmt::Display for Evaluation<Parts> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "loss {}", super::Figure(self.loss))?;
        if let Some(accuracy) = self.accuracy {
            write!(f, "  accuracy {accuracy:.4}")?;
        }
        self.parts.write(f)
    }
}

/// What is reported of each of a network's outputs: nothing of a single one, a struct of [`Evaluation`]s of several.
pub trait Report: Copy + fmt::Debug + PartialEq {
    /// Writes the report behind that of the whole.
    ///
    /// # Errors
    ///
    /// If the formatter fails.
    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;
}

impl Report for () {
    fn write(&self, _f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

/// What is reported of each output of a network.
pub type ReportOf<N> = <<N as Architecture>::Output as OutputRow>::Report;

/// The memory of evaluations of network `N`, in tiles of `BATCH` rows.
///
/// Plain memory that starts as zeros, as [`Training`](super::Training) is; nothing in it allocates.
///
/// `N` is the type of the network, which is handed over with its frozen parameters if it has some:
///
/// ```
/// use nn_runtime::prelude::*;
///
/// network! { struct Net: [2] -> [3] { #[frozen] linear(8), relu, linear(3) } }
///
/// let (network, frozen) = (Net::new(&mut rng(0)), NetFrozen::new(&mut rng(1)));
/// let (inputs, classes) = ([[0.0, 1.0], [1.0, 0.0]], [2_u8, 0]);
/// let mut evaluator = Evaluator::<Net, 8>::ZERO;
/// let found = evaluator.evaluate(&network.with_frozen(&frozen), &CrossEntropy, &Dataset::new(&inputs, &classes)?)?;
/// assert_eq!(found.samples, 2);
/// # Ok::<(), TrainError>(())
/// ```
#[derive(Zeroable)]
#[zeroable(bound = "")]
pub struct Evaluator<N: Architecture, const BATCH: usize> {
    input: Aligned<Tile<N::Input, BATCH>>,
    workspace: Aligned<N::Scratch<BATCH>>,
}

impl<N: Architecture, const BATCH: usize> Evaluator<N, BATCH> {
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

    /// The mean loss of a network in evaluation mode and, if the loss is one of classification, its accuracy.
    ///
    /// # Errors
    ///
    /// [`TrainError::Option`] for an option of the loss that is out of its range; [`TrainError::Sample`] for a sample that
    /// the network or the loss cannot take, whose output is NaN, or whose loss is not finite.
    pub fn evaluate<L, Needs, Target>(
        &mut self,
        network: &impl PredictAs<N>,
        loss: &L,
        data: &Dataset<N::Input, Target>,
    ) -> Result<Evaluation<ReportOf<N>>, TrainError>
    where
        L: Loss<Target, N::Output, N::Scalar, Needs>,
        Needs: Fits<N::Ending>,
    {
        let loss = &Unchecked::new(loss);
        loss.check_options()?;
        let weights = check::<N, _, _, _>(data, loss)?;
        Ok(self.score(network, loss, data, weights)?)
    }

    /// [`evaluate`](Self::evaluate) with a loss and data that have been checked, and the sums of the samples' weights.
    pub(super) fn score<L, Target>(
        &mut self,
        network: &impl PredictAs<N>,
        loss: &L,
        data: &Dataset<N::Input, Target>,
        weights: Weights<N>,
    ) -> Result<Evaluation<ReportOf<N>>, Refused>
    where
        L: Loss<Target, N::Output, N::Scalar>,
    {
        let score = Score::<_, N::Scalar, N::Output> { loss, scalar: PhantomData, sums: on_stack(), hits: on_stack() };
        let Score { sums, hits, .. } = self.visit(network, Samples::from(*data), score)?;
        let (sums, hits, weights) = (sums.as_ref(), hits.as_ref(), weights.as_ref());
        let accuracy = |hits: &Hits| (hits.all > 0).then(|| hits.right as f64 / hits.all as f64);
        let samples = data.len() as u64;
        let parts = N::Output::report(|output| {
            let loss = sums.get(output).zip(weights.get(output)).map_or(0.0, |(sum, weight)| mean(*sum, *weight));
            Evaluation { loss, accuracy: hits.get(output).and_then(accuracy), samples, parts: () }
        });
        let accuracy = if let [hits] = hits { accuracy(hits) } else { None };
        Ok(Evaluation { loss: total_mean(sums, weights), accuracy, samples, parts })
    }

    /// How often a network in evaluation mode takes which class for which: the class predicted is the largest output. A matrix of more than 239 classes, which is larger than
    /// [`STACK_BYTES`](crate::STACK_BYTES), does not compile: write [`confusion_matrix_in`](Self::confusion_matrix_in).
    ///
    /// # Errors
    ///
    /// [`TrainError::Sample`] for a sample that the network cannot take, of an unknown class, or whose output is NaN.
    pub fn confusion_matrix<C: ClassIndex, T: Scalar, const CLASSES: usize>(
        &mut self,
        network: &impl PredictAs<N>,
        data: &Dataset<N::Input, C>,
    ) -> Result<ConfusionMatrix<CLASSES>, TrainError>
    where
        N: Architecture<Output = [T; CLASSES]>,
    {
        let mut matrix = ConfusionMatrix::default();
        self.confusion_matrix_in(network, data, &mut matrix)?;
        Ok(matrix)
    }

    /// [`confusion_matrix`](Self::confusion_matrix), added to a matrix of the caller's, which may be in a `Box` or a `static`.
    ///
    /// # Errors
    ///
    /// [`TrainError::Sample`] for a sample that the network cannot take, of an unknown class, or whose output is NaN. The
    /// samples of the tiles before that of a NaN have been counted.
    pub fn confusion_matrix_in<C: ClassIndex, T: Scalar, const CLASSES: usize>(
        &mut self,
        network: &impl PredictAs<N>,
        data: &Dataset<N::Input, C>,
        matrix: &mut ConfusionMatrix<CLASSES>,
    ) -> Result<(), TrainError>
    where
        N: Architecture<Output = [T; CLASSES]>,
    {
        check::<N, _, _, T>(data, &Unchecked::new(&CrossEntropy))?;
        self.visit(network, Samples::from(*data), matrix)?;
        Ok(())
    }

    /// The outputs of a network in evaluation mode, a row for each row of inputs. Outputs that are NaN or infinite are returned as they are.
    ///
    /// # Errors
    ///
    /// [`TrainError::Sample`] for a sample that the network cannot take, [`TrainError::Data`] if there is not as much room
    /// for outputs as there are inputs, or nothing at all.
    pub fn predict(
        &mut self,
        network: &impl PredictAs<N>,
        inputs: &[impl Rows<N::Input>],
        outputs: &mut [N::Output],
    ) -> Result<(), TrainError> {
        if inputs.len() != outputs.len() {
            return Err(DataError::Outputs { inputs: inputs.len(), outputs: outputs.len() }.into());
        }
        let inputs = Rows::as_rows(inputs);
        let samples = Samples::from(Dataset::new(inputs, inputs)?);
        check_inputs::<N>(inputs)?;
        self.visit(network, samples, Collect { outputs: outputs.iter_mut() })?;
        Ok(())
    }

    fn visit<Target, V>(
        &mut self,
        network: &impl PredictAs<N>,
        samples: Samples<N::Input, Target>,
        visitor: V,
    ) -> Result<V, Refused>
    where
        V: Visitor<Target, N::Output>,
    {
        const { assert!(BATCH > 0, "a tile must have at least one row") };
        dispatch(Visit { memory: self, network, samples, visitor }).map_err(|refused| match refused.error {
            SampleError::Output { column } => {
                Refused { error: SampleError::Output { column: Column::at(N::OUTPUTS, column.position) }, ..refused }
            }
            _ => refused,
        })
    }
}

/// The copy is of zeros: each evaluation overwrites them.
impl<N: Architecture, const BATCH: usize> Clone for Evaluator<N, BATCH> {
    fn clone(&self) -> Self {
        bytemuck::zeroed()
    }

    fn clone_from(&mut self, _source: &Self) {}
}

/// What is done with the output of each tile, whose first sample is at row `first` of the data.
trait Visitor<Target, Output: Row> {
    fn visit<I: Isa, const BATCH: usize>(
        &mut self,
        isa: I,
        first: usize,
        output: &Tile<Output, BATCH>,
        targets: &[&Target],
    ) -> Result<(), Refused>;
}

/// Checks that no output of a tile's samples is NaN. Infinite ones are numbers that can be compared.
fn check_outputs<I: Isa, Output: Row, const BATCH: usize>(
    isa: I,
    first: usize,
    output: &Tile<Output, BATCH>,
    rows: usize,
) -> Result<(), Refused> {
    match Output::find_nan(isa, output, rows) {
        Some((row, position)) => {
            Err(Refused { row: first + row, error: SampleError::Output { column: position.into() } })
        }
        None => Ok(()),
    }
}

struct Score<'a, L, T, Output: OutputRow> {
    loss: &'a L,
    scalar: PhantomData<T>,
    sums: Output::Each<f64>,
    hits: Output::Each<Hits>,
}

impl<L: Loss<Target, Output, T>, Target, T: Scalar, Output: OutputRow> Visitor<Target, Output>
    for Score<'_, L, T, Output>
{
    fn visit<I: Isa, const BATCH: usize>(
        &mut self,
        isa: I,
        first: usize,
        output: &Tile<Output, BATCH>,
        targets: &[&Target],
    ) -> Result<(), Refused> {
        check_outputs::<I, Output, BATCH>(isa, first, output, targets.len())?;
        // the losses of the first `rows` samples of the tile, and the first of them that is not finite
        let losses = |rows: usize| {
            let mut losses: Output::Each<f64> = on_stack();
            self.loss.loss_each(isa, output, targets.get(..rows).unwrap_or_default(), losses.as_mut());
            losses
        };
        let not_finite = |losses: &Output::Each<f64>| losses.as_ref().iter().copied().find(|loss| !loss.is_finite());
        let of_tile = losses(targets.len());
        if let Some(value) = not_finite(&of_tile) {
            let mut sums = (1..=targets.len()).map(|rows| (first + rows - 1, not_finite(&losses(rows))));
            let found = sums.find_map(|(row, value)| Some((row, value?)));
            let (row, value) = found.unwrap_or((first, value));
            return Err(Refused { row, error: SampleError::Loss { value } });
        }
        add(self.sums.as_mut(), of_tile.as_ref());
        let mut new: Output::Each<Hits> = on_stack();
        self.loss.hits_each(output, targets, new.as_mut());
        for (hits, new) in self.hits.as_mut().iter_mut().zip(new.as_ref()) {
            (hits.right, hits.all) = (hits.right + new.right, hits.all + new.all);
        }
        Ok(())
    }
}

impl<C: ClassIndex, T: Scalar, const CLASSES: usize> Visitor<C, [T; CLASSES]> for &mut ConfusionMatrix<CLASSES> {
    fn visit<I: Isa, const BATCH: usize>(
        &mut self,
        isa: I,
        first: usize,
        output: &SMatrix<T, BATCH, CLASSES>,
        targets: &[&C],
    ) -> Result<(), Refused> {
        check_outputs::<I, [T; CLASSES], BATCH>(isa, first, output, targets.len())?;
        for (class, predicted) in targets.iter().zip(arg_max(&output.data.0)) {
            if let Some(predicted) = predicted {
                self.record(class.to_usize(), predicted);
            }
        }
        Ok(())
    }
}

/// Copies the outputs, tile by tile.
struct Collect<'a, Output> {
    outputs: core::slice::IterMut<'a, Output>,
}

impl<Target, Output: Row> Visitor<Target, Output> for Collect<'_, Output> {
    fn visit<I: Isa, const BATCH: usize>(
        &mut self,
        _isa: I,
        _first: usize,
        output: &Tile<Output, BATCH>,
        targets: &[&Target],
    ) -> Result<(), Refused> {
        for (row, collected) in (0..targets.len()).zip(&mut self.outputs) {
            collected.copy_from_tile(output, row);
        }
        Ok(())
    }
}

struct Visit<'a, 'd, N, M, Target, V, const BATCH: usize>
where
    N: Architecture,
{
    memory: &'a mut Evaluator<N, BATCH>,
    network: &'a M,
    samples: Samples<'d, N::Input, Target>,
    visitor: V,
}

impl<N, M, Target, V, const BATCH: usize> Kernel for Visit<'_, '_, N, M, Target, V, BATCH>
where
    N: Architecture,
    M: PredictAs<N>,
    V: Visitor<Target, N::Output>,
{
    type Output = Result<V, Refused>;

    fn run<I: Isa>(self, isa: I) -> Result<V, Refused> {
        let Self { memory, network, samples, mut visitor } = self;
        for (first, rows) in samples.tiles() {
            N::Input::fill(isa, &rows.inputs, &mut memory.input);
            let output = network.predict_as(isa, &memory.input, &mut memory.workspace);
            visitor.visit(isa, first, output, rows.real_targets())?;
        }
        Ok(visitor)
    }
}
