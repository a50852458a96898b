//! Training steps through the public API, for golden runs.

use nn_runtime::loss::Loss;
use nn_runtime::network::Network;
use nn_runtime::optim::{Optimizer, clip_norm};
use nn_runtime::train::Training;

use crate::case::Case;
use crate::close::{Precision, assert_close};
use crate::parameters::tensors_of;

/// What a run of training steps shows.
#[derive(Debug)]
pub struct Run<T> {
    /// The loss before each step.
    pub losses: Vec<T>,
    /// The norm of the gradient at each step, if it is clipped.
    pub norms: Vec<f64>,
}

/// Trains on one mini-batch, step after step, in tiles of 4 rows.
///
/// # Panics
///
/// If the mini-batch is refused.
pub fn train<N, O, L, Target>(
    network: &mut N,
    optimizer: &O,
    loss: &L,
    max_norm: Option<f64>,
    (inputs, targets): (&[N::Input], &[Target]),
    steps: usize,
) -> Run<N::Scalar>
where
    N: Network,
    O: Optimizer<N::Scalar>,
    L: Loss<Target, N::Output, N::Scalar>,
{
    let mut run = Run { losses: Vec::new(), norms: Vec::new() };
    let mut training = Training::<N, O, 4>::boxed();
    for _ in 0..steps {
        let loss = training.loss_and_gradient(network, loss, inputs, targets).expect("a mini-batch without mistakes");
        run.losses.push(loss);
        run.norms.extend(max_norm.map(|max| clip_norm(&mut training.gradient, max).expect("a positive norm")));
        training.update(network, optimizer).expect("a finite gradient");
    }
    run
}

/// Compares a run, and the network after it, with the golden run of a case.
///
/// # Panics
///
/// If something differs; the message says what.
pub fn check_run<N: Network<Scalar: Precision>>(case: &Case, network: &N, run: &Run<N::Scalar>) {
    let what = |tensor: &str| format!("{}: {tensor}, {}", case.name, std::any::type_name::<N::Scalar>());
    assert_close(&run.losses, &case.tensor("losses").values, N::Scalar::GOLDEN, &what("losses"));
    if let Some(norms) = case.find("norms") {
        assert_close(&run.norms, &norms.values, N::Scalar::GOLDEN, &what("norms"));
    }
    for (tensor, values) in tensors_of(network.state_dict(), case, "final.") {
        assert_close(&values, &tensor.values, N::Scalar::GOLDEN, &what(&tensor.name));
    }
}
