"""Normalisation: of the batch with its running statistics over three training steps, and of each sample."""

import torch
from torch import nn

from case import Case, random
from layers import ROWS, backward, network, write_layers


# name: (shape of a sample, its scale, the network)
CASES = {
    "layer_norm/features": ([7], 2.0, lambda: varied(nn.LayerNorm(7))),
    "layer_norm/steps": ([3, 5], 2.0, lambda: varied(nn.LayerNorm(5))),
    "layer_norm/image": ([2, 3, 4], 2.0, lambda: varied(nn.LayerNorm(4))),
    "layer_norm/eps": ([3, 6], 0.5, lambda: varied(nn.LayerNorm(6, eps=0.25))),
    "group_norm/channels": ([6], 2.0, lambda: varied(nn.GroupNorm(2, 6))),
    "group_norm/length": ([6, 5], 2.0, lambda: varied(nn.GroupNorm(3, 6))),
    "group_norm/image": ([6, 3, 5], 2.0, lambda: varied(nn.GroupNorm(2, 6))),
    "group_norm/one": ([3, 2, 5], 2.0, lambda: varied(nn.GroupNorm(1, 3))),
    "group_norm/each": ([3, 5, 2], 2.0, lambda: varied(nn.GroupNorm(3, 3))),
    "group_norm/eps": ([4, 3], 0.5, lambda: varied(nn.GroupNorm(2, 4, eps=0.25))),
    "rms_norm/features": ([7], 2.0, lambda: varied(nn.RMSNorm(7))),
    "rms_norm/steps": ([3, 5], 2.0, lambda: varied(nn.RMSNorm(5))),
    "rms_norm/eps": ([3, 6], 0.5, lambda: varied(nn.RMSNorm(6, eps=0.25))),
}

# name: (shape of a sample, the network); three training steps, then evaluation
BATCH_NORM_CASES = {
    "batch_norm1d/features": ([4], lambda: network(layer=nn.BatchNorm1d(4))),
    "batch_norm1d/length": ([3, 5], lambda: network(layer=nn.BatchNorm1d(3))),
    "batch_norm1d/options": ([3], lambda: network(layer=nn.BatchNorm1d(3, eps=0.01, momentum=0.25))),
    "batch_norm2d/image": ([3, 4, 5], lambda: network(layer=nn.BatchNorm2d(3))),
    "batch_norm2d/options": ([2, 3, 5], lambda: network(layer=nn.BatchNorm2d(2, eps=0.01, momentum=0.25))),
}


def varied(module):
    """The default weight and bias, 1 and 0, would hide mistakes."""
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(random(*parameter.shape))
    return network(layer=module)


def batch_norm(name, shape, build):
    case = Case(name)
    module = build()
    with torch.no_grad():
        # The default weight and bias, 1 and 0, would hide mistakes.
        for parameter in module.parameters():
            parameter.copy_(random(*parameter.shape))
    case.add_state("parameter", module)
    for step in range(3):
        backward(case, module, (random(ROWS, *shape, scale=2.0) + 1.0).requires_grad_(), f".{step}")
        if step == 0:
            case.add_gradients(module)
    case.add_state("after", module)
    module.eval()
    input = random(ROWS, *shape, scale=2.0)
    case.add("input.evaluation", input)
    case.add("output.evaluation", module(input))
    case.write()


def write(wanted):
    write_layers(CASES, wanted)
    write_layers(BATCH_NORM_CASES, wanted, batch_norm)
