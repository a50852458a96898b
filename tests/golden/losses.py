"""One loss a case: value and gradient."""

import torch
from torch import nn
from torch.nn.functional import log_softmax, one_hot, softmax

from case import Case, random, uniform

ROWS = 5


def classes(*shape, below):
    return torch.randint(below, shape)


def signs(*shape):
    return classes(*shape, below=2).double() * 2.0 - 1.0


def halves(*shape):
    """Few values, so that outputs and targets are often equal, and their differences those at which losses bend."""
    return random(*shape).round() / 2.0


def logarithms(*shape):
    return log_softmax(random(*shape, scale=2.0), -1)


# of four classes
WEIGHT = torch.tensor([0.5, 3.0, 1.25, 0.75], dtype=torch.float64)

# name: (the loss, the shape of all outputs -> outputs, the targets)
CASES = {
    "mse/mean": (nn.MSELoss(), lambda: random(ROWS, 3), lambda: random(ROWS, 3)),
    "mse/single": (nn.MSELoss(), lambda: random(1, 7), lambda: random(1, 7)),
    "bce/mean": (nn.BCELoss(), lambda: uniform(ROWS, 3), lambda: uniform(ROWS, 3)),
    "bce/hard": (nn.BCELoss(), lambda: uniform(ROWS, 2), lambda: classes(ROWS, 2, below=2).double()),
    "bce_with_logits/mean": (nn.BCEWithLogitsLoss(), lambda: random(ROWS, 3, scale=3.0), lambda: uniform(ROWS, 3)),
    "bce_with_logits/far": (
        nn.BCEWithLogitsLoss(),
        lambda: random(ROWS, 3, scale=60.0),
        lambda: classes(ROWS, 3, below=2).double(),
    ),
    "cross_entropy/classes": (
        nn.CrossEntropyLoss(),
        lambda: random(ROWS, 4, scale=2.0),
        lambda: classes(ROWS, below=4),
    ),
    "cross_entropy/far": (nn.CrossEntropyLoss(), lambda: random(ROWS, 4, scale=200.0), lambda: classes(ROWS, below=4)),
    "cross_entropy/probabilities": (
        nn.CrossEntropyLoss(),
        lambda: random(ROWS, 4, scale=2.0),
        lambda: softmax(random(ROWS, 4), -1),
    ),
    "cross_entropy/smoothed": (
        nn.CrossEntropyLoss(label_smoothing=0.1),
        lambda: random(ROWS, 4, scale=2.0),
        lambda: classes(ROWS, below=4),
    ),
    "cross_entropy/weighted": (
        nn.CrossEntropyLoss(weight=WEIGHT),
        lambda: random(ROWS, 4, scale=2.0),
        lambda: classes(ROWS, below=4),
    ),
    "cross_entropy/weighted_smoothed": (
        nn.CrossEntropyLoss(weight=WEIGHT, label_smoothing=0.25),
        lambda: random(ROWS, 4, scale=2.0),
        lambda: classes(ROWS, below=4),
    ),
    "cross_entropy/probabilities_weighted_smoothed": (
        nn.CrossEntropyLoss(weight=WEIGHT, label_smoothing=0.25),
        lambda: random(ROWS, 4, scale=2.0),
        lambda: softmax(random(ROWS, 4), -1),
    ),
    "l1/mean": (nn.L1Loss(), lambda: random(ROWS, 3), lambda: random(ROWS, 3)),
    "l1/equal": (nn.L1Loss(), lambda: halves(ROWS, 3), lambda: halves(ROWS, 3)),
    "smooth_l1/default": (nn.SmoothL1Loss(), lambda: random(ROWS, 3, scale=2.0), lambda: random(ROWS, 3)),
    "smooth_l1/beta": (nn.SmoothL1Loss(beta=0.5), lambda: halves(ROWS, 3), lambda: halves(ROWS, 3)),
    "smooth_l1/zero": (nn.SmoothL1Loss(beta=0.0), lambda: halves(ROWS, 3), lambda: halves(ROWS, 3)),
    "huber/default": (nn.HuberLoss(), lambda: random(ROWS, 3, scale=2.0), lambda: random(ROWS, 3)),
    "huber/delta": (nn.HuberLoss(delta=0.5), lambda: halves(ROWS, 3), lambda: halves(ROWS, 3)),
    "hinge_embedding/default": (nn.HingeEmbeddingLoss(), lambda: halves(ROWS, 3), lambda: signs(ROWS, 3)),
    "hinge_embedding/margin": (nn.HingeEmbeddingLoss(margin=0.75), lambda: random(ROWS, 3), lambda: signs(ROWS, 3)),
    "kl_div/probabilities": (
        nn.KLDivLoss(reduction="batchmean"),
        lambda: logarithms(ROWS, 4),
        lambda: softmax(random(ROWS, 4), -1),
    ),
    "kl_div/hard": (
        nn.KLDivLoss(reduction="batchmean"),
        lambda: logarithms(ROWS, 4),
        lambda: one_hot(classes(ROWS, below=4), 4).double(),
    ),
    "kl_div/log_target": (
        nn.KLDivLoss(reduction="batchmean", log_target=True),
        lambda: logarithms(ROWS, 4),
        lambda: logarithms(ROWS, 4),
    ),
    "nll/classes": (nn.NLLLoss(), lambda: logarithms(ROWS, 4), lambda: classes(ROWS, below=4)),
    "nll/weighted": (nn.NLLLoss(weight=WEIGHT), lambda: logarithms(ROWS, 4), lambda: classes(ROWS, below=4)),
    "multi_margin/default": (nn.MultiMarginLoss(), lambda: halves(ROWS, 4), lambda: classes(ROWS, below=4)),
    "multi_margin/squared": (
        nn.MultiMarginLoss(p=2, margin=0.75),
        lambda: random(ROWS, 4),
        lambda: classes(ROWS, below=4),
    ),
}

# name: (the loss, of 3 steps with 4 classes each)
STEP_CASES = {
    "cross_entropy/steps": nn.CrossEntropyLoss(),
    "cross_entropy/steps_weighted_smoothed": nn.CrossEntropyLoss(weight=WEIGHT, label_smoothing=0.25),
    "cross_entropy/steps_ignored": nn.CrossEntropyLoss(ignore_index=2),
    "cross_entropy/steps_ignored_weighted_smoothed": nn.CrossEntropyLoss(
        weight=WEIGHT, ignore_index=2, label_smoothing=0.25
    ),
    "nll/steps": nn.NLLLoss(),
    "nll/steps_ignored_weighted": nn.NLLLoss(weight=WEIGHT, ignore_index=1),
    "nll/steps_weighted": nn.NLLLoss(weight=WEIGHT),
}


# name: (the loss of each value, of 3 steps with 2 values each)
WEIGHTED_CASES = {
    "mse/step_weights": nn.MSELoss(reduction="none"),
    "bce_with_logits/step_weights": nn.BCEWithLogitsLoss(reduction="none"),
}


def loss(name, function, outputs, targets):
    case = Case(name)
    output, target = outputs().requires_grad_(), targets()
    value = function(output, target)
    value.backward()
    add(case, output, target, value)


def loss_over_steps(name, function):
    """Our [rows, steps, classes] is PyTorch's [rows, classes, steps]."""
    case = Case(name)
    output, target = random(ROWS, 3, 4, scale=2.0).requires_grad_(), classes(ROWS, 3, below=4)
    value = function(output.transpose(1, 2), target)
    value.backward()
    add(case, output, target, value)


def loss_with_step_weights(name, function):
    """The weighted mean over the steps of all rows; a target's row has its weights behind its values."""
    case = Case(name)
    output, target = random(ROWS, 3, 2).requires_grad_(), random(ROWS, 3, 2).sigmoid()
    weights = torch.arange(3 * ROWS).remainder(4).reshape(ROWS, 3) / 2.0
    value = (function(output, target).mean(2) * weights).sum() / weights.sum()
    value.backward()
    add(case, output, torch.cat([target.flatten(1), weights], 1), value)


def add(case, output, target, value):
    case.add("output", output)
    case.add("target", target)
    case.add("loss", value)
    case.add("grad_output", output.grad)
    case.write()


def write(wanted):
    for name, parts in CASES.items():
        if wanted(name):
            loss(name, *parts)
    for name, function in STEP_CASES.items():
        if wanted(name):
            loss_over_steps(name, function)
    for name, function in WEIGHTED_CASES.items():
        if wanted(name):
            loss_with_step_weights(name, function)
