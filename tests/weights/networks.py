"""The networks of the files here: every layer with parameters, and every structure that changes names."""

import sys
import zlib
from collections import OrderedDict
from pathlib import Path

import torch
from torch import nn

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER.parent / "golden"))

from attention import Attention, cross
from convolution import Causal
from layers import Concat, Each, Residual
from recurrent import Gru, Lstm, Rnn
from sequence import PositionalEmbedding


def network(**stages):
    """A sequence whose `state_dict` names are those of the stages in `network!`."""
    return nn.Sequential(OrderedDict(stages))


class Unnamed(nn.Module):
    """A module as many are: its layers are numbered, below a name of its own."""

    def __init__(self):
        super().__init__()
        self.model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))

    def forward(self, input):
        return self.model(input)


def mlp():
    return network(fc1=nn.Linear(4, 8), relu1=nn.ReLU(), fc2=nn.Linear(8, 3))


def nested():
    return network(encoder=network(fc=nn.Linear(4, 5), norm=nn.BatchNorm1d(5), tanh=nn.Tanh()), out=nn.Linear(5, 2))


def residual():
    return network(
        block=Residual(norm=nn.LayerNorm(4), fc1=nn.Linear(4, 6), tanh=nn.Tanh(), fc2=nn.Linear(6, 4)),
        out=nn.Linear(4, 3),
    )


def repeated():
    def block():
        return network(fc=nn.Linear(4, 4), tanh=nn.Tanh())

    return network(block1=block(), block2=block(), cell1=nn.Linear(4, 4), cell2=nn.Linear(4, 4))


def each():
    def frame():
        return OrderedDict(conv=nn.Conv1d(2, 3, 2), tanh=nn.Tanh(), flatten=nn.Flatten(), fc=nn.Linear(9, 4))

    return network(frames=Each(frame()), memory=Gru(4, 3), out=Each(OrderedDict(inner=nn.Linear(3, 2))))


# name: (shape of a sample or the number of indices, the network)
CASES = {
    "linear": ([4], lambda: network(layer=nn.Linear(4, 3))),
    "linear_no_bias": ([4], lambda: network(layer=nn.Linear(4, 3, bias=False))),
    "conv1d": ([4, 9], lambda: network(layer=nn.Conv1d(4, 6, 3, groups=2))),
    "conv1d_causal": ([2, 5], lambda: network(layer=Causal(2, 3, 3))),
    "conv2d": ([2, 5, 6], lambda: network(layer=nn.Conv2d(2, 3, (2, 3), padding=1))),
    "conv_transpose1d": ([4, 5], lambda: network(layer=nn.ConvTranspose1d(4, 6, 3, stride=2, groups=2))),
    "conv_transpose2d": ([2, 3, 4], lambda: network(layer=nn.ConvTranspose2d(2, 3, (2, 3), stride=2))),
    "batch_norm1d": ([3, 4], lambda: network(layer=nn.BatchNorm1d(3))),
    "batch_norm2d": ([3, 2, 4], lambda: network(layer=nn.BatchNorm2d(3))),
    "layer_norm": ([3, 5], lambda: network(layer=nn.LayerNorm(5))),
    "group_norm": ([4, 5], lambda: network(layer=nn.GroupNorm(2, 4))),
    "rms_norm": ([3, 5], lambda: network(layer=nn.RMSNorm(5, eps=1e-5))),
    "prelu": ([3, 4], lambda: network(layer=nn.PReLU(3))),
    "embedding": (3, lambda: network(layer=nn.Embedding(7, 4))),
    "positional_embedding": ([3, 4], lambda: network(layer=PositionalEmbedding(3, 4))),
    "rnn": ([4, 3], lambda: network(layer=Rnn(3, 5))),
    "rnn_bidirectional": ([4, 3], lambda: network(layer=Rnn(3, 5, bidirectional=True))),
    "lstm": ([4, 3], lambda: network(layer=Lstm(3, 5))),
    "lstm_bidirectional": ([4, 3], lambda: network(layer=Lstm(3, 5, bidirectional=True))),
    "gru": ([4, 3], lambda: network(layer=Gru(3, 5))),
    "gru_bidirectional": ([4, 3], lambda: network(layer=Gru(3, 5, bidirectional=True))),
    "multihead_attention": ([4, 6], lambda: network(layer=Attention(6, 2))),
    "multihead_attention_no_bias": ([4, 6], lambda: network(layer=Attention(6, 3, causal=True, bias=False))),
    "multihead_attention_cross": ([5, 6], lambda: cross(Attention(4, 2, kdim=7, vdim=7), 7)),
    "mlp": ([4], mlp),
    "mlp_f64": ([4], lambda: mlp().double()),
    "mlp_f16": ([4], lambda: mlp().half()),
    "mlp_bf16": ([4], lambda: mlp().bfloat16()),
    "nested": ([4], nested),
    "each": ([5, 2, 4], each),
    "residual": ([4], residual),
    "repeated": ([4], repeated),
    "concat": ([3], lambda: network(join=Concat(1, a=nn.Linear(3, 2), b=nn.Linear(3, 4)), out=nn.Linear(6, 2))),
    "unnamed": ([4], Unnamed),
}


def build(name):
    """The network of a case, with parameters and statistics that are none of the defaults."""
    torch.manual_seed(zlib.crc32(name.encode()))
    module = CASES[name][1]().eval()
    with torch.no_grad():
        for tensor, value in module.state_dict().items():
            if tensor.endswith("running_var"):
                value.copy_(0.5 + torch.rand(value.shape))
            elif value.is_floating_point():
                value.copy_(torch.randn(value.shape) * 0.4)
    return module
