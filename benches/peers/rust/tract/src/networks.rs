//! The networks, as an exporter writes them.

use peer_protocol::{Failure, Job, Parameter};

use crate::graph::Attribute::{Float, Int, Ints};
use crate::graph::Graph;

/// A graph with all of a workload's parameters under their names.
fn graph(job: &Job, inputs: &[&str]) -> Result<Graph, Failure> {
    let mut graph = Graph::new(inputs);
    for parameter in job.parameters()? {
        graph.parameter(parameter);
    }
    Ok(graph)
}

fn linear(graph: &mut Graph, name: &str, input: &str, output: &str) {
    let (weight, bias) = (format!("{name}.weight"), format!("{name}.bias"));
    graph.node("Gemm", &[input, &weight, &bias], &[output], &[("transB", Int(1))]);
}

pub fn tiny(job: &Job) -> Result<Graph, Failure> {
    let mut graph = graph(job, &["input"])?;
    linear(&mut graph, "hidden", "input", "sum");
    graph.node("Tanh", &["sum"], &["active"], &[]);
    linear(&mut graph, "out", "active", "logit");
    graph.node("Sigmoid", &["logit"], &["output"], &[]);
    Ok(graph)
}

pub fn dense(job: &Job) -> Result<Graph, Failure> {
    let mut graph = graph(job, &["input"])?;
    three_layers(&mut graph, "input");
    Ok(graph)
}

fn three_layers(graph: &mut Graph, input: &str) {
    linear(graph, "fc1", input, "sum1");
    graph.node("Relu", &["sum1"], &["active1"], &[]);
    linear(graph, "fc2", "active1", "sum2");
    graph.node("Relu", &["sum2"], &["active2"], &[]);
    linear(graph, "out", "active2", "output");
}

pub fn lenet(job: &Job) -> Result<Graph, Failure> {
    let mut graph = graph(job, &["input"])?;
    for (name, input) in [("conv1", "input"), ("conv2", "conv1.pool")] {
        let [weight, bias, sum, active, pool] =
            ["weight", "bias", "sum", "active", "pool"].map(|part| format!("{name}.{part}"));
        graph.node("Conv", &[input, &weight, &bias], &[&sum], &[("kernel_shape", Ints(&[5, 5]))]);
        graph.node("Relu", &[&sum], &[&active], &[]);
        graph.node("MaxPool", &[&active], &[&pool], &[("kernel_shape", Ints(&[2, 2])), ("strides", Ints(&[2, 2]))]);
    }
    graph.node("Flatten", &["conv2.pool"], &["flat"], &[]);
    three_layers(&mut graph, "flat");
    Ok(graph)
}

/// The parameters of a recurrent layer and its head; ONNX has its gates in another order than PyTorch, `order`.
fn recurrent(job: &Job, hidden: usize, inputs: &[&str], order: &[usize]) -> Result<Graph, Failure> {
    let mut graph = Graph::new(inputs);
    let reordered = |name: &str| -> Result<Parameter, Failure> {
        let parameter = job.parameter(name)?;
        let values = order.iter().flat_map(|gate| parameter.part(*gate, order.len()).values).collect();
        Ok(Parameter { values, ..parameter })
    };
    for name in ["rnn.weight_ih_l0", "rnn.weight_hh_l0"] {
        let mut parameter = reordered(name)?;
        parameter.dims.insert(0, 1);
        graph.parameter(parameter);
    }
    let mut bias = reordered("rnn.bias_ih_l0")?;
    bias.values.extend(reordered("rnn.bias_hh_l0")?.values);
    graph.parameter(Parameter { name: "rnn.bias".to_owned(), dims: vec![1, bias.values.len()], ..bias });
    graph.parameter(job.parameter("head.weight")?);
    graph.parameter(job.parameter("head.bias")?);
    graph.sizes("row", &[1, hidden as i64]);
    Ok(graph)
}

fn head(graph: &mut Graph) {
    graph.node("Reshape", &["hidden", "row"], &["flat"], &[]);
    linear(graph, "head", "flat", "output");
}

pub fn lstm(job: &Job, hidden: usize) -> Result<Graph, Failure> {
    let mut graph = recurrent(job, hidden, &["input", "hidden_before", "cell_before"], &[0, 3, 1, 2])?;
    let inputs = ["input", "rnn.weight_ih_l0", "rnn.weight_hh_l0", "rnn.bias", "", "hidden_before", "cell_before"];
    graph.node("LSTM", &inputs, &["", "hidden", "cell"], &[("hidden_size", Int(hidden as i64))]);
    head(&mut graph);
    Ok(graph)
}

pub fn gru(job: &Job, hidden: usize) -> Result<Graph, Failure> {
    let mut graph = recurrent(job, hidden, &["input", "hidden_before"], &[1, 0, 2])?;
    let inputs = ["input", "rnn.weight_ih_l0", "rnn.weight_hh_l0", "rnn.bias", "", "hidden_before"];
    let attributes = [("hidden_size", Int(hidden as i64)), ("linear_before_reset", Int(1))];
    graph.node("GRU", &inputs, &["", "hidden"], &attributes);
    head(&mut graph);
    Ok(graph)
}

pub fn encoder(job: &Job) -> Result<Graph, Failure> {
    let mut graph = graph(job, &["input"])?;
    graph.sizes("heads", &[16, 4, 8]);
    graph.sizes("whole", &[16, 32]);
    graph.parameter(Parameter { name: "scale".to_owned(), dims: vec![1, 1, 1], values: vec![0.125_f32.sqrt()] });
    let (weight, bias) = (job.parameter("self_attn.in_proj_weight")?, job.parameter("self_attn.in_proj_bias")?);
    for (index, (name, axes)) in
        [("query", &[1, 0, 2]), ("key", &[1, 2, 0]), ("value", &[1, 0, 2])].into_iter().enumerate()
    {
        let [split, all] = ["split", "all"].map(|part| format!("{name}.{part}"));
        graph.parameter(Parameter { name: format!("{name}.weight"), ..weight.part(index, 3) });
        graph.parameter(Parameter { name: format!("{name}.bias"), ..bias.part(index, 3) });
        linear(&mut graph, name, "input", &all);
        graph.node("Reshape", &[&all, "heads"], &[&split], &[]);
        graph.node("Transpose", &[&split], &[name], &[("perm", Ints(axes))]);
    }
    graph.node("MatMul", &["query", "key"], &["products"], &[]);
    graph.node("Mul", &["products", "scale"], &["scores"], &[]);
    graph.node("Softmax", &["scores"], &["weights"], &[("axis", Int(-1))]);
    graph.node("MatMul", &["weights", "value"], &["contexts"], &[]);
    graph.node("Transpose", &["contexts"], &["rows"], &[("perm", Ints(&[1, 0, 2]))]);
    graph.node("Reshape", &["rows", "whole"], &["context"], &[]);
    linear(&mut graph, "self_attn.out_proj", "context", "attended");
    graph.node("Add", &["input", "attended"], &["sum1"], &[]);
    norm(&mut graph, "norm1", "sum1", "normed");
    linear(&mut graph, "linear1", "normed", "inner");
    graph.node("Relu", &["inner"], &["active"], &[]);
    linear(&mut graph, "linear2", "active", "fed");
    graph.node("Add", &["normed", "fed"], &["sum2"], &[]);
    norm(&mut graph, "norm2", "sum2", "output");
    Ok(graph)
}

fn norm(graph: &mut Graph, name: &str, input: &str, output: &str) {
    let (weight, bias) = (format!("{name}.weight"), format!("{name}.bias"));
    graph.node(
        "LayerNormalization",
        &[input, &weight, &bias],
        &[output],
        &[("axis", Int(-1)), ("epsilon", Float(1e-5))],
    );
}
