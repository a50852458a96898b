"""Layers on sequences, [batch, steps, features]: positions, the last step, the mean."""

import math

import torch
from torch import nn

from case import random
from layers import network, write_layers


class PositionalEmbedding(nn.Module):
    def __init__(self, steps, features):
        super().__init__()
        self.weight = nn.Parameter(random(steps, features))

    def forward(self, input):
        return input + self.weight


class PositionalEncoding(nn.Module):
    """Vaswani and others, 2017, section 3.5."""

    def forward(self, input):
        steps, features = input.shape[1:]
        position = torch.arange(steps)[:, None]
        frequency = torch.exp(torch.arange(0, features, 2) * (-math.log(10000.0) / features))
        table = torch.zeros(steps, features)
        table[:, 0::2] = torch.sin(position * frequency)
        table[:, 1::2] = torch.cos(position * frequency[: features // 2])
        return input + table


class Last(nn.Module):
    def forward(self, input):
        return input[:, -1]


class Mean(nn.Module):
    def forward(self, input):
        return input.mean(1)


# name: (shape of a sample, its scale, the network)
CASES = {
    "positional_embedding/steps": ([3, 5], 1.0, lambda: network(layer=PositionalEmbedding(3, 5))),
    "positional_embedding/between": (
        [4, 3],
        1.0,
        lambda: network(fc1=nn.Linear(3, 5), layer=PositionalEmbedding(4, 5), tanh=nn.Tanh(), fc2=nn.Linear(5, 2)),
    ),
    "positional_encoding/even": ([7, 6], 1.0, lambda: network(layer=PositionalEncoding())),
    "positional_encoding/odd": ([9, 5], 1.0, lambda: network(layer=PositionalEncoding())),
    "positional_encoding/one": ([1, 3], 1.0, lambda: network(layer=PositionalEncoding())),
    "positional_encoding/long": ([150, 4], 1.0, lambda: network(layer=PositionalEncoding(), last=Last())),
    "positional_encoding/between": (
        [4, 3],
        1.0,
        lambda: network(fc1=nn.Linear(3, 6), layer=PositionalEncoding(), tanh=nn.Tanh(), fc2=nn.Linear(6, 2)),
    ),
    "last/steps": ([4, 3], 1.0, lambda: network(layer=Last())),
    "last/linear": ([3, 4], 1.0, lambda: network(fc1=nn.Linear(4, 5), layer=Last(), fc2=nn.Linear(5, 2))),
    "mean/steps": ([5, 3], 1.0, lambda: network(layer=Mean())),
    "mean/linear": ([3, 4], 1.0, lambda: network(fc1=nn.Linear(4, 5), layer=Mean(), fc2=nn.Linear(5, 2))),
}


def write(wanted):
    write_layers(CASES, wanted)
