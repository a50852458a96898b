"""Layers that move values: parts, orders, padding, upsampling; and pools and convolutions with the windows of those."""

import torch
from torch import nn
from torch.nn import functional

from layers import network, write_layers


class Function(nn.Module):
    """A function of a batch."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, input):
        return self.function(input).contiguous()


def narrow(dim, start, length):
    """`dim` counts the batch."""
    return network(layer=Function(lambda input: input.narrow(dim, start, length)))


def apart(take, order, dim):
    """The parts that `take` makes, joined in another order along `dim`, which counts the batch."""

    def join(input):
        parts = take(input)
        return torch.cat([parts[part] for part in order], dim)

    return network(layer=Function(join))


def permute(*dims):
    """The dimensions count the batch."""
    return network(layer=Function(lambda input: input.permute(0, *dims)))


def pad(sides, mode="constant", value=None):
    """`sides` begin with those of the last dimension."""
    return Function(lambda input: functional.pad(input, sides, mode, value))


def upsample(*options, **named):
    return network(layer=nn.Upsample(None, *options, **named))


# name: (shape of a sample, its scale, the network)
CASES = {
    "narrow/features": ([3, 5], 1.0, lambda: narrow(2, 1, 3)),
    "narrow/steps": ([5, 3], 1.0, lambda: narrow(1, 2, 3)),
    "narrow/image": ([2, 5, 3], 1.0, lambda: narrow(-2, -4, 2)),
    "narrow/linear": (
        [3, 4],
        1.0,
        lambda: network(fc1=nn.Linear(4, 5), part=Function(lambda it: it.narrow(2, 2, 2)), fc2=nn.Linear(2, 3)),
    ),
    "chunk/features": ([3, 5], 1.0, lambda: apart(lambda it: it.chunk(3, 2), [2, 0, 1], 2)),
    "chunk/image": ([4, 3, 2], 1.0, lambda: apart(lambda it: it.chunk(2, 1), [1, 0], 2)),
    "split/steps": ([7, 2], 1.0, lambda: apart(lambda it: it.split(3, 1), [1, 2, 0], 1)),
    "split/sections": ([2, 6], 1.0, lambda: apart(lambda it: it.split([1, 3, 2], 2), [2, 1], 2)),
    "permute/image": ([2, 3, 4], 1.0, lambda: permute(2, 3, 1)),
    "permute/reversed": ([2, 3, 4], 1.0, lambda: permute(3, 2, 1)),
    "permute/swapped": ([2, 3, 4], 1.0, lambda: permute(2, 1, 3)),
    "permute/four": ([2, 3, 2, 4], 1.0, lambda: permute(3, 1, 4, 2)),
    "permute/steps": ([3, 4], 1.0, lambda: permute(-1, 1)),
    "upsample/signal": ([2, 5], 1.0, lambda: upsample(3)),
    "upsample/image": ([2, 3, 4], 1.0, lambda: upsample((2, 3))),
    "upsample/linear": ([2, 5], 1.0, lambda: upsample(3, "linear")),
    "upsample/aligned": ([2, 5], 1.0, lambda: upsample(3, "linear", True)),
    "upsample/bilinear": ([2, 3, 4], 1.0, lambda: upsample((2, 3), "bilinear")),
    "upsample/bilinear_aligned": ([2, 3, 4], 1.0, lambda: upsample((4, 2), "bilinear", align_corners=True)),
    "upsample/one": ([3, 1, 2], 1.0, lambda: upsample(2, "bilinear", align_corners=True)),
    "pad/signal": ([2, 5], 1.0, lambda: network(layer=pad((1, 2)))),
    "pad/image": ([2, 3, 4], 1.0, lambda: network(layer=pad((3, 0, 1, 2), value=-0.5))),
    "pad/channels": ([2, 3, 4], 1.0, lambda: network(layer=pad((0, 1, 0, 0, 2, 0)))),
    "pad/reflect": ([2, 5], 1.0, lambda: network(layer=pad((4, 2), "reflect"))),
    "pad/reflect_image": ([2, 3, 4], 1.0, lambda: network(layer=pad((3, 1, 0, 2), "reflect"))),
    "pad/replicate": ([2, 5], 1.0, lambda: network(layer=pad((6, 1), "replicate"))),
    "pad/replicate_image": ([2, 3, 4], 1.0, lambda: network(layer=pad((1, 5, 2, 0), "replicate"))),
    "conv1d/sides": ([2, 6], 1.0, lambda: network(pad=pad((1, 3)), layer=nn.Conv1d(2, 3, 3, stride=2))),
    "conv2d/sides": (
        [2, 5, 4],
        1.0,
        lambda: network(pad=pad((0, 2, 3, 1)), layer=nn.Conv2d(2, 4, (3, 2), stride=(2, 1), groups=2)),
    ),
    "max_pool2d/sides": (
        [2, 5, 6],
        1.0,
        lambda: network(pad=pad((0, 1, 1, 0), value=-100.0), layer=nn.MaxPool2d((3, 2), stride=2)),
    ),
    "avg_pool1d/sides": ([2, 6], 1.0, lambda: network(pad=pad((0, 1)), layer=nn.AvgPool1d(3, stride=2))),
    "avg_pool2d/sides": ([2, 5, 6], 1.0, lambda: network(pad=pad((1, 0, 0, 1)), layer=nn.AvgPool2d(2))),
    "conv_transpose1d/sides": (
        [2, 5],
        1.0,
        lambda: network(layer=nn.ConvTranspose1d(2, 3, 4, stride=2), cut=Function(lambda it: it[..., 1:-3])),
    ),
    "conv_transpose2d/sides": (
        [2, 3, 4],
        1.0,
        lambda: network(layer=nn.ConvTranspose2d(2, 3, 3, stride=2), cut=Function(lambda it: it[..., 2:, 1:-2])),
    ),
    "max_pool1d/ceil": ([2, 8], 1.0, lambda: network(layer=nn.MaxPool1d(3, 2, 1, 2, ceil_mode=True))),
    "max_pool2d/ceil": ([2, 5, 7], 1.0, lambda: network(layer=nn.MaxPool2d(2, ceil_mode=True))),
    "max_pool2d/ceil_left_out": (
        [2, 5, 7],
        1.0,
        lambda: network(layer=nn.MaxPool2d((2, 3), stride=(3, 4), padding=1, ceil_mode=True)),
    ),
    "avg_pool1d/ceil": ([2, 8], 1.0, lambda: network(layer=nn.AvgPool1d(3, 2, 1, True))),
    "avg_pool2d/ceil": ([2, 5, 9], 1.0, lambda: network(layer=nn.AvgPool2d(2, ceil_mode=True))),
    "avg_pool2d/ceil_padding": (
        [2, 6, 7],
        1.0,
        lambda: network(layer=nn.AvgPool2d((3, 4), (2, 3), (1, 2), ceil_mode=True)),
    ),
    "avg_pool2d/ceil_without_padding": (
        [2, 6, 7],
        1.0,
        lambda: network(layer=nn.AvgPool2d((3, 4), (2, 3), (1, 2), True, False)),
    ),
}


def write(wanted):
    write_layers(CASES, wanted)
