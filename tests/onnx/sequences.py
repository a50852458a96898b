"""Normalisation and recurrence."""

import numpy as np

from case import Network, one, require, shape
from operators import operator


def eps(case, keyword, *options, written=False):
    """A layer with its `eps`, written if it is not the default, or where PyTorch has another."""
    if written or "epsilon" in case.attributes:
        options += (f"eps = {case.number('epsilon', 1e-5)}",)
    return f"layer: {keyword}({', '.join(options)})" if options else f"layer: {keyword}"


@operator("BatchNormalization")
def batch_norm(case):
    training = case.attribute("training_mode", 0)
    require(not training, "the running variance takes in the biased variance of the batch, PyTorch's the unbiased one")
    names = ["weight", "bias", "running_mean", "running_var"]
    parameters = {f"layer.{name}": value for name, value in zip(names, case.inputs[1:])}
    return Network(eps(case, "batch_norm2d"), case.inputs[0], case.outputs[0], parameters)


@operator("GroupNormalization", "InstanceNormalization")
def group_norm(case):
    """`group_norm`, with a group for each channel where ONNX says instance."""
    x, weight, bias = case.inputs
    stage = eps(case, "group_norm", str(case.attribute("num_groups", x.shape[1])))
    return Network(stage, x, case.outputs[0], {"layer.weight": weight, "layer.bias": bias})


@operator("LayerNormalization", "RMSNormalization")
def layer_norm(case):
    """Over the last dimension; over several between two `reshape`s."""
    keyword = {"LayerNormalization": "layer_norm", "RMSNormalization": "rms_norm"}[case.node.op_type]
    x, y, axis = case.inputs[0], case.outputs[0], case.axis()
    stage = eps(case, keyword, written=keyword == "rms_norm")
    parameters = {f"layer.{name}": value.reshape(-1) for name, value in zip(["weight", "bias"], case.inputs[1:])}
    unseen = "mean and 1/std" if len(case.outputs) > 1 else None
    if axis == 0:
        x, y, axis = one(x), one(y), 1
    if axis < x.ndim - 1 or x.ndim > 3:
        merged = [*x.shape[1:axis], int(np.prod(x.shape[axis:]))]
        merged = [int(np.prod(merged[:-1])), merged[-1]] if len(merged) > 1 else merged
        stage = f"reshape({shape(merged)}), {stage}, reshape({shape(x.shape[1:])})"
    return Network(stage, x, y, parameters, unseen=unseen)


# The gates in PyTorch's order, as places in ONNX's: i, o, f, c; z, r, h.
GATES = {"LSTM": [0, 2, 3, 1], "GRU": [1, 0, 2], "RNN": [0]}


def in_order(array, gates):
    """The rows of each gate in another order."""
    return np.concatenate([np.split(array, len(gates))[gate] for gate in gates])


@operator("RNN", "GRU", "LSTM")
def recurrent(case):
    """Without biases they are zeros."""
    kind = case.node.op_type
    require(len(case.inputs) < 8, "peepholes")
    x, w, r = case.inputs[:3]
    x = x if case.attribute("layout", 0) else x.transpose(1, 0, 2)
    hidden, steps = case.attribute("hidden_size"), x.shape[1]
    bias = np.zeros(2 * w.shape[1], np.float32) if case.input(3) is None else case.inputs[3][0]
    bias_ih, bias_hh = np.split(bias, 2)
    resets_before = kind == "GRU" and not case.attribute("linear_before_reset", 0)
    options = f"{hidden}, reset_after = false" if resets_before else f"{hidden}"
    values = {"weight_ih_l0": w[0], "weight_hh_l0": r[0], "bias_ih_l0": bias_ih, "bias_hh_l0": bias_hh}
    parameters = {f"layer.{name}": in_order(value, GATES[kind]) for name, value in values.items()}
    stage = f"layer: {kind.lower()}({options})" + (", last" if steps > 1 else "")
    y = case.outputs[-1].reshape(-1, *([hidden] if steps > 1 else [1, hidden]))
    return Network(stage, x, y, parameters)
