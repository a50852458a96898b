//! Evaluation in memory that is allocated for it.

use alloc::vec::Vec;

use super::{Evaluation, Evaluator, ReportOf, TrainError};
use crate::data::Dataset;
use crate::loss::needs::Fits;
use crate::loss::{ClassIndex, Loss};
use crate::metrics::ConfusionMatrix;
use crate::network::{Predict, Samples};
use crate::scalar::Scalar;

/// The number of rows of a tile, as far as nobody chooses it.
const TILE: usize = 32;

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

/// How often a network in evaluation mode takes which class for which. A matrix of more than 239 classes does not compile: write
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
