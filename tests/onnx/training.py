"""Losses and optimizers."""

import numpy as np

from case import Loss, Optimizer
from operators import operator

CLASSES = 5
IGNORED = 255


def by_position(array):
    """Rows of classes: each position of `[N, C, ..]` is a sample."""
    return np.moveaxis(array, 1, -1).reshape(-1, array.shape[1])


@operator("SoftmaxCrossEntropyLoss", "NegativeLogLikelihoodLoss")
def loss(case):
    """Each position is a sample. What is ignored has a class of its own, as ours are not negative."""
    x, target, weights = case.input(0), case.input(1), case.input(2)
    classes = x.shape[1]
    assert classes == CLASSES
    ignored = case.attribute("ignore_index")
    if ignored is not None:
        target = np.where(target == ignored, IGNORED, target)
    tensors = {"output": by_position(x), "target": target.reshape(-1), "loss": case.outputs[0].reshape(-1)}
    if weights is not None:
        tensors["class_weights"] = weights
    if ignored is not None:
        tensors["ignore_index"] = np.array([IGNORED])
    if len(case.outputs) > 1:
        tensors["log_prob"] = by_position(case.outputs[1])
    name = {"SoftmaxCrossEntropyLoss": "CrossEntropy", "NegativeLogLikelihoodLoss": "Nll"}[case.node.op_type]
    return Loss(name, case.attribute("reduction", "mean").capitalize(), tensors)


# ONNX's T counts from 0, our steps from 1; Adam at T = 0 does without the correction that fades with the steps.
RULES = {
    "Adagrad": ("Adagrad::new({lr}).lr_decay({decay_factor})", ".eps({epsilon})", "1"),
    "Adam": ("Adam::new({lr}).betas({alpha}, {beta})", ".eps({epsilon})", "u64::MAX"),
    "Momentum": ("Sgd::new({lr}).momentum({alpha})", "", "1"),
}


@operator("Adagrad", "Adam", "Momentum")
def optimizer(case):
    """One step from the given state; several tensors stand one behind the other."""
    kind = case.node.op_type
    assert case.inputs[1] == 0
    rule, rest, step = RULES[kind]
    options = {"lr": case.inputs[0], **case.attributes}
    options = {name: str(np.float32(value)) for name, value in options.items() if not isinstance(value, bytes)}
    written = (rule + rest).format(**options) + f".weight_decay({options['norm_coefficient']})"
    if case.attribute("mode") == "nesterov":
        written += ".nesterov(true)"
    states = 2 if kind == "Adam" else 1
    tensors = len(case.inputs[2:]) // (2 + states)

    def kinds(arrays):
        return [np.concatenate(arrays[at : at + tensors]) for at in range(0, len(arrays), tensors)]

    (parameters, gradient, *state), (updated, *state_after) = kinds(case.inputs[2:]), kinds(case.outputs)
    values = {"parameters": parameters, "gradient": gradient, "state": np.stack(state)}
    return Optimizer(written, step, {**values, "parameters_after": updated, "state_after": np.stack(state_after)})
