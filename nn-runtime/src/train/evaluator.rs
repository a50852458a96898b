//! Evaluation: the mean loss, the accuracy, the confusion matrix, the outputs themselves.

#[cfg(feature = "alloc")]
use alloc::boxed::Box;
use core::fmt;
use core::marker::PhantomData;
use core::ops::Range;

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
use crate::metrics::{ConfusionMatrix, Metric};
use crate::network::{Architecture, Column, OutputRow, PredictAs, Row, Samples as Rows, Tile};
use crate::scalar::Scalar;
use crate::stack::{on_stack, room};

/// The result of an evaluation; for a network with several outputs also the result for each of them, in `Parts`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Evaluation<Parts = ()> {
    /// The mean loss over the samples; for several outputs the sum of their mean losses.
    pub loss: f64,
    /// The share of the predictions that are right, if the loss is one of classification; of several outputs it is in `parts`.
    pub accuracy: Option<f64>,
    /// The number of samples.
    pub samples: u64,
    /// The evaluation of each output, if there are several: a struct of `Evaluation`s with the names of the outputs.
    pub parts: Parts,
}

impl<Parts: Report> fmt::Display for Evaluation<Parts> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "loss {}", super::Figure(self.loss))?;
        if let Some(accuracy) = self.accuracy {
            write!(f, "  accuracy {accuracy:.4}")?;
        }
        write_parts(&self.parts, f)
    }
}

/// The evaluations of a network's outputs: `()` for a single output, a struct of [`Evaluation`]s for several.
pub trait Report: Copy + fmt::Debug + PartialEq {
    /// Passes on the name and the evaluation of each output.
    fn each(&self, visit: &mut dyn FnMut(&'static str, &Evaluation));
}

impl Report for () {
    fn each(&self, _visit: &mut dyn FnMut(&'static str, &Evaluation)) {}
}

/// Writes the reports of several outputs behind that of the whole.
pub(super) fn write_parts(parts: &impl Report, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let (mut written, mut is_any) = (Ok(()), false);
    parts.each(&mut |name, part| {
        let before = if is_any { "; " } else { "  (" };
        written = written.and_then(|()| write!(f, "{before}{name} {part}"));
        is_any = true;
    });
    written.and_then(|()| f.write_str(if is_any { ")" } else { "" }))
}

/// The evaluations of the outputs of network `N`.
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
        Ok(self.score(network, loss, &(), data, weights)?.0)
    }

    /// The state of a [`Metric`], or of a tuple of them, over a data set, with the network in evaluation mode; [`Metric::report`] computes the
    /// numbers from it.
    ///
    /// # Errors
    ///
    /// [`TrainError::Sample`] for a sample that the network cannot take or whose output is NaN. Targets are taken as they are.
    pub fn measure<M, Target>(
        &mut self,
        network: &impl PredictAs<N>,
        metric: &M,
        data: &Dataset<N::Input, Target>,
    ) -> Result<M::State, TrainError>
    where
        M: Metric<Target, N::Output, N::Scalar>,
    {
        check_inputs::<N>(data.inputs())?;
        let mut state = M::State::default();
        for chunk in chunks::<BATCH>(data.len()) {
            metric.merge(&mut state, self.measure_part(network, metric, data, chunk)?);
        }
        Ok(state)
    }

    /// What a metric finds of the samples at some positions.
    pub(super) fn measure_part<M, Target>(
        &mut self,
        network: &impl PredictAs<N>,
        metric: &M,
        data: &Dataset<N::Input, Target>,
        positions: Range<usize>,
    ) -> Result<M::State, Refused>
    where
        M: Metric<Target, N::Output, N::Scalar>,
    {
        let work = Measure { metric, scalar: PhantomData, state: M::State::default() };
        Ok(self.visit(network, Samples::from(*data), positions, work)?.state)
    }

    /// [`evaluate`](Self::evaluate) with a loss and data that have been checked, and the sums of the samples' weights; and what a metric finds.
    pub(super) fn score<L, M, Target>(
        &mut self,
        network: &impl PredictAs<N>,
        loss: &L,
        metric: &M,
        data: &Dataset<N::Input, Target>,
        weights: Weights<N>,
    ) -> Result<(Evaluation<ReportOf<N>>, M::State), Refused>
    where
        L: Loss<Target, N::Output, N::Scalar>,
        M: Metric<Target, N::Output, N::Scalar>,
    {
        let mut total = Score::new(loss, metric);
        for chunk in chunks::<BATCH>(data.len()) {
            total.merge(self.score_part(network, loss, metric, data, chunk)?);
        }
        Ok(total.evaluation::<N>(data.len(), &weights))
    }

    /// The score of the samples at some positions.
    pub(super) fn score_part<'a, L, M, Target>(
        &mut self,
        network: &impl PredictAs<N>,
        loss: &'a L,
        metric: &'a M,
        data: &Dataset<N::Input, Target>,
        positions: Range<usize>,
    ) -> Result<ScoreOf<'a, N, L, M, Target>, Refused>
    where
        L: Loss<Target, N::Output, N::Scalar>,
        M: Metric<Target, N::Output, N::Scalar>,
    {
        self.visit(network, Samples::from(*data), positions, Score::new(loss, metric))
    }

    /// Counts samples by true and predicted class, with the network in evaluation mode; the predicted class is that of the largest output. A
    /// matrix of more than 239 classes, which is larger than
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
        self.visit(network, Samples::from(*data), 0..data.len(), matrix)?;
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
        if inputs.is_empty() {
            return Err(DataError::Empty.into());
        }
        check_inputs::<N>(inputs)?;
        self.predict_checked(network, inputs, outputs)
    }

    /// [`predict`](Self::predict) of inputs that have been checked, for as many outputs.
    pub(super) fn predict_checked(
        &mut self,
        network: &impl PredictAs<N>,
        inputs: &[N::Input],
        outputs: &mut [N::Output],
    ) -> Result<(), TrainError> {
        let samples = Samples::from(Dataset::new(inputs, inputs)?);
        self.visit(network, samples, 0..inputs.len(), Collect { outputs: outputs.iter_mut() })?;
        Ok(())
    }

    fn visit<Target, V>(
        &mut self,
        network: &impl PredictAs<N>,
        samples: Samples<N::Input, Target>,
        positions: Range<usize>,
        visitor: V,
    ) -> Result<V, Refused>
    where
        V: Visitor<Target, N::Output>,
    {
        const { assert!(BATCH > 0, "a tile must have at least one row") };
        dispatch(Visit { memory: self, network, samples, positions, visitor }).map_err(|refused| match refused.error {
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

/// The ranges of samples whose sums are computed separately and then added. They depend on `samples` and `BATCH` alone, so results do not
/// depend on the number of threads.
pub(super) fn chunks<const BATCH: usize>(samples: usize) -> impl ExactSizeIterator<Item = Range<usize>> {
    const TILES: usize = 32;
    let len = TILES * BATCH.max(1);
    (0..samples.div_ceil(len)).map(move |chunk| chunk * len..samples.min((chunk + 1) * len))
}

/// What a metric finds of the samples.
struct Measure<'a, M, T, State> {
    metric: &'a M,
    scalar: PhantomData<T>,
    state: State,
}

impl<Target, Output: Row, T: Scalar, M: Metric<Target, Output, T>> Visitor<Target, Output>
    for Measure<'_, M, T, M::State>
{
    fn visit<I: Isa, const BATCH: usize>(
        &mut self,
        isa: I,
        first: usize,
        output: &Tile<Output, BATCH>,
        targets: &[&Target],
    ) -> Result<(), Refused> {
        check_outputs::<I, Output, BATCH>(isa, first, output, targets.len())?;
        self.metric.update(&mut self.state, output, targets);
        Ok(())
    }
}

/// The losses, the hits, and what a metric finds of the samples.
pub(super) struct Score<'a, L, M, T, Output: OutputRow, State> {
    loss: &'a L,
    metric: &'a M,
    scalar: PhantomData<T>,
    sums: Output::Each<f64>,
    hits: Output::Each<Hits>,
    state: State,
}

/// The score of a network `N`.
pub(super) type ScoreOf<'a, N, L, M, Target> = Score<
    'a,
    L,
    M,
    <N as Architecture>::Scalar,
    <N as Architecture>::Output,
    <M as Metric<Target, <N as Architecture>::Output, <N as Architecture>::Scalar>>::State,
>;

impl<'a, L, M, T: Scalar, Output: OutputRow, State: Default> Score<'a, L, M, T, Output, State> {
    /// Of no samples.
    pub(super) fn new(loss: &'a L, metric: &'a M) -> Self {
        Self { loss, metric, scalar: PhantomData, sums: on_stack(), hits: on_stack(), state: State::default() }
    }

    /// Adds the score of the part of the data that comes after.
    pub(super) fn merge<Target>(&mut self, part: Self)
    where
        M: Metric<Target, Output, T, State = State>,
    {
        add(self.sums.as_mut(), part.sums.as_ref());
        add_hits(self.hits.as_mut(), part.hits.as_ref());
        self.metric.merge(&mut self.state, part.state);
    }

    /// The evaluation of `samples` samples with these sums of weights; and what the metric found.
    pub(super) fn evaluation<N>(self, samples: usize, weights: &Weights<N>) -> (Evaluation<ReportOf<N>>, State)
    where
        N: Architecture<Output = Output>,
    {
        let (sums, hits, weights) = (self.sums.as_ref(), self.hits.as_ref(), weights.as_ref());
        let accuracy = |hits: &Hits| hits.share();
        let samples = samples as u64;
        let parts = Output::report(|output| {
            let loss = sums.get(output).zip(weights.get(output)).map_or(0.0, |(sum, weight)| mean(*sum, *weight));
            Evaluation { loss, accuracy: hits.get(output).and_then(accuracy), samples, parts: () }
        });
        let accuracy = if let [hits] = hits { accuracy(hits) } else { None };
        (Evaluation { loss: total_mean(sums, weights), accuracy, samples, parts }, self.state)
    }
}

fn add_hits(hits: &mut [Hits], new: &[Hits]) {
    for (hits, new) in hits.iter_mut().zip(new) {
        *hits += *new;
    }
}

impl<L, M, Target, T: Scalar, Output: OutputRow> Visitor<Target, Output> for Score<'_, L, M, T, Output, M::State>
where
    L: Loss<Target, Output, T>,
    M: Metric<Target, Output, T>,
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
        add_hits(self.hits.as_mut(), new.as_ref());
        self.metric.update(&mut self.state, output, targets);
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
    positions: Range<usize>,
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
        let Self { memory, network, samples, positions, mut visitor } = self;
        for (first, rows) in samples.tiles(positions) {
            N::Input::fill(isa, &rows.inputs, &mut memory.input);
            let output = network.predict_as(isa, &memory.input, &mut memory.workspace);
            visitor.visit(isa, first, output, rows.real_targets())?;
        }
        Ok(visitor)
    }
}
