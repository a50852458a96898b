"""One loss a case: value and gradient."""

import torch
from torch import nn
from torch.nn.functional import softmax

from case import Case, random, uniform

ROWS = 5


def classes(*shape, below):
    return torch.randint(below, shape)


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
}


def loss(name, function, outputs, targets):
    case = Case(name)
    output, target = outputs().requires_grad_(), targets()
    value = function(output, target)
    value.backward()
    add(case, output, target, value)


def loss_over_steps(name):
    """Our [rows, steps, classes] is PyTorch's [rows, classes, steps]."""
    case = Case(name)
    output, target = random(ROWS, 3, 4, scale=2.0).requires_grad_(), classes(ROWS, 3, below=4)
    value = nn.CrossEntropyLoss()(output.transpose(1, 2), target)
    value.backward()
    add(case, output, target, value)


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
    if wanted("cross_entropy/steps"):
        loss_over_steps("cross_entropy/steps")
