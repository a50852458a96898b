//! The workloads that only predict, in tract: as ONNX graphs, built here, that its own optimizer has rewritten for fixed shapes.

mod graph;
mod networks;

use std::process::ExitCode;

use peer_protocol::{Failure, Job};
use tract_onnx::prelude::{IntoTValue, TValue, Tensor, tvec};

use graph::Graph;

fn main() -> ExitCode {
    peer_protocol::main(
        "tract",
        &[
            ("tiny", |job| infer(job, networks::tiny(job)?, &[1, 2])),
            ("mlp", |job| infer(job, networks::dense(job)?, &[1, 784])),
            ("lenet", |job| infer(job, networks::lenet(job)?, &[1, 1, 28, 28])),
            ("lstm16", |job| stream(job, networks::lstm(job, 16)?, 16, 2)),
            ("gru16", |job| stream(job, networks::gru(job, 16)?, 16, 1)),
            ("lstm64", |job| stream(job, networks::lstm(job, 64)?, 64, 2)),
            ("encoder", |job| infer(job, networks::encoder(job)?, &[16, 32])),
            ("regression", |job| infer(job, networks::dense(job)?, &[1, 6])),
        ],
    )
}

fn values(output: &TValue) -> Result<Vec<f32>, Failure> {
    Ok(output.view().as_slice::<f32>()?.to_vec())
}

/// The inputs of all samples.
fn inputs(job: &Job, shape: &[usize]) -> Result<Vec<TValue>, Failure> {
    let input = |chunk: &[f32]| Ok(Tensor::from_shape(shape, chunk)?.into_tvalue());
    job.input.chunks(shape.iter().product()).map(input).collect()
}

fn infer(job: &Job, graph: Graph, shape: &[usize]) -> Result<(), Failure> {
    let mut state = graph.plan(&[shape.to_vec()], &["output"])?.spawn()?;
    let predict = |input: &TValue| Ok(state.run(tvec![input.clone()])?);
    job.infer(&inputs(job, shape)?, predict, |outputs| values(&outputs[0]))
}

/// A step of a recurrent network a call, whose `states` states are inputs and outputs too.
fn stream(job: &Job, graph: Graph, hidden: usize, states: usize) -> Result<(), Failure> {
    let shape = vec![1, 1, hidden];
    let shapes: Vec<_> = [vec![1, 1, 1]].into_iter().chain(vec![shape.clone(); states]).collect();
    let mut state = graph.plan(&shapes, &["output", "hidden", "cell"][..=states])?.spawn()?;
    let zeros = Tensor::from_shape(&shape, &vec![0.0_f32; hidden])?.into_tvalue();
    let mut carried = vec![zeros; states];
    let step = |input: &TValue| {
        let mut outputs = state.run([input.clone()].into_iter().chain(carried.drain(..)).collect())?.into_iter();
        let output = outputs.next().ok_or("there is no output")?;
        carried.extend(outputs);
        Ok(output)
    };
    job.infer(&inputs(job, &[1, 1, 1])?, step, |output| values(&output))
}
