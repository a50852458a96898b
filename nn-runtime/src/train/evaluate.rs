//! Evaluation in memory that is allocated for it.

use super::{Evaluation, Evaluator, TrainError};
use crate::data::Dataset;
use crate::loss::{ClassIndex, Loss};
use crate::metrics::ConfusionMatrix;
use crate::network::Network;

/// The number of rows of a tile, as far as nobody chooses it.
const TILE: usize = 32;

/// The mean loss of a network in evaluation mode and, if the loss is one of classification, its accuracy.
///
/// # Errors
///
/// [`TrainError::Index`] or [`TrainError::Target`] for a sample that the network or the loss cannot take.
pub fn evaluate<N, L, Target, const IN: usize, const OUT: usize>(
    network: &N,
    loss: &L,
    data: &Dataset<N::Input, Target, IN>,
) -> Result<Evaluation, TrainError>
where
    N: Network<IN, OUT, Frozen = ()>,
    L: Loss<Target, N::Scalar, OUT>,
{
    evaluate_with_frozen(network, &(), loss, data)
}

/// [`evaluate`] for a network with frozen stages.
///
/// # Errors
///
/// [`TrainError::Index`] or [`TrainError::Target`] for a sample that the network or the loss cannot take.
pub fn evaluate_with_frozen<N, L, Target, const IN: usize, const OUT: usize>(
    network: &N,
    frozen: &N::Frozen,
    loss: &L,
    data: &Dataset<N::Input, Target, IN>,
) -> Result<Evaluation, TrainError>
where
    N: Network<IN, OUT>,
    L: Loss<Target, N::Scalar, OUT>,
{
    Evaluator::<N, TILE, IN, OUT>::boxed().evaluate(network, frozen, loss, data)
}

/// How often a network in evaluation mode takes which class for which.
///
/// # Errors
///
/// [`TrainError::Index`] or [`TrainError::Target`] for a sample that the network cannot take, or of an unknown class.
pub fn confusion_matrix<N, C, const IN: usize, const OUT: usize>(
    network: &N,
    data: &Dataset<N::Input, C, IN>,
) -> Result<ConfusionMatrix<OUT>, TrainError>
where
    N: Network<IN, OUT, Frozen = ()>,
    C: ClassIndex,
{
    Evaluator::<N, TILE, IN, OUT>::boxed().confusion_matrix(network, &(), data)
}
