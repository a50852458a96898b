//! Evaluation in memory that is allocated for it.

use alloc::vec::Vec;

use super::{Evaluation, Evaluator, ReportOf, TrainError};
use crate::data::Dataset;
use crate::loss::needs::Fits;
use crate::loss::{ClassIndex, Loss};
use crate::metrics::{ConfusionMatrix, Measured, Metric};
use crate::network::{Predict, Samples};
use crate::scalar::Scalar;

/// The number of rows of a tile, as far as nobody chooses it.
pub(super) const TILE: usize = 32;

/// The mean loss of a network in evaluation mode and, if the loss is one of classification, its accuracy.
///
/// # Errors
///
/// [`TrainError::Option`] for an option of the loss that is out of its range; [`TrainError::Sample`] for a sample that the
/// network or the loss cannot take, whose output is NaN, or whose loss is not finite.
pub fn evaluate<N, L, Needs, Target>(
    network: &N,
    loss: &L,
    data: &Dataset<N::Input, Target>,
) -> Result<Evaluation<ReportOf<N>>, TrainError>
where
    N: Predict,
    L: Loss<Target, N::Output, N::Scalar, Needs>,
    Needs: Fits<N::Ending>,
{
    Evaluator::<N, TILE>::boxed().evaluate(network, loss, data)
}

/// The numbers that a [`Metric`], or a tuple of them, computes over a data set, with the network in evaluation mode.
///
/// ```
/// use nn_runtime::metrics::Accuracy;
/// use nn_runtime::prelude::*;
/// use nn_runtime::train::measure;
///
/// network! { struct Net: [2] -> [2] { linear(2) } }
///
/// let mut network = Net::new(&mut rng(0));
/// network.as_mut_slice().copy_from_slice(&[1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
/// let data = Dataset::new(&[[0.0, 1.0], [0.5, 0.2], [0.0, 0.7]], &[1_u8, 0, 0])?;
/// let found = measure(&network, &Accuracy, &data)?;
/// assert_eq!((found[0].to_string(), found[0].value), ("accuracy".into(), 2.0 / 3.0));
/// # Ok::<(), TrainError>(())
/// ```
///
/// # Errors
///
/// [`TrainError::Sample`] for a sample that the network cannot take or whose output is NaN. Targets are taken as they are.
pub fn measure<N, M, Target>(
    network: &N,
    metric: &M,
    data: &Dataset<N::Input, Target>,
) -> Result<Vec<Measured>, TrainError>
where
    N: Predict,
    M: Metric<Target, N::Output, N::Scalar>,
{
    let state = Evaluator::<N, TILE>::boxed().measure(network, metric, data)?;
    let mut found = Vec::new();
    metric.report(&state, &mut |measured| found.push(measured));
    Ok(found)
}

/// The outputs of a network in evaluation mode, a row for each row of inputs; NaN or infinite if the network computes that.
///
/// ```
/// use nn_runtime::prelude::*;
///
/// network! { struct Net: [2] -> [3] { linear(3), softmax } }
///
/// let network = Net::new(&mut rng(0));
/// let outputs = predict_batch(&network, &[[1.0, 0.0], [0.0, 1.0]])?;
/// assert_eq!(outputs.len(), 2);
/// assert!((outputs[1].iter().sum::<f32>() - 1.0).abs() < 1e-6);
/// # Ok::<(), TrainError>(())
/// ```
///
/// # Errors
///
/// [`TrainError::Sample`] for a sample that the network cannot take, [`TrainError::Data`] if there is none.
pub fn predict_batch<N: Predict>(network: &N, inputs: &[impl Samples<N::Input>]) -> Result<Vec<N::Output>, TrainError> {
    // not `vec!`, which takes a row by value
    let mut outputs = bytemuck::zeroed_vec(inputs.len());
    Evaluator::<N, TILE>::boxed().predict(network, inputs, &mut outputs)?;
    Ok(outputs)
}

/// Counts samples by true and predicted class, with the network in evaluation mode. A matrix of more than 239 classes does not compile: write
/// [`confusion_matrix_in`](Evaluator::confusion_matrix_in) of an `Evaluator`.
///
/// # Errors
///
/// [`TrainError::Sample`] for a sample that the network cannot take, of an unknown class, or whose output is NaN.
pub fn confusion_matrix<N, C, T, const CLASSES: usize>(
    network: &N,
    data: &Dataset<N::Input, C>,
) -> Result<ConfusionMatrix<CLASSES>, TrainError>
where
    N: Predict<Output = [T; CLASSES]>,
    C: ClassIndex,
    T: Scalar,
{
    Evaluator::<N, TILE>::boxed().confusion_matrix(network, data)
}
