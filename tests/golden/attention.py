"""Self-attention: forward, weights, every parameter gradient and the input gradient; and encoder blocks made of it."""

import torch
from torch import nn

from case import Case, coarsen, random
from layers import ROWS, Residual, backward, network


class Attention(nn.MultiheadAttention):
    """Of one sequence to itself; the weights of each head are kept in `weights`."""

    def __init__(self, features, heads, causal=False, bias=True):
        super().__init__(features, heads, bias=bias, batch_first=True)
        self.causal = causal

    def forward(self, input):
        steps = input.shape[1]
        mask = torch.ones(steps, steps, dtype=torch.bool).triu(1) if self.causal else None
        output, self.weights = super().forward(input, input, input, attn_mask=mask, average_attn_weights=False)
        return output


def attention(features, heads, **options):
    """A network of one layer; the default biases, 0, would hide mistakes."""
    layer = Attention(features, heads, **options)
    if layer.in_proj_bias is not None:
        with torch.no_grad():
            layer.in_proj_bias.copy_(random(3 * features))
            layer.out_proj.bias.copy_(random(features))
    return layer


def norm(features):
    """The default weight and bias, 1 and 0, would hide mistakes."""
    layer = nn.LayerNorm(features)
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.copy_(random(features))
    return layer


# name: (shape of a sample, its scale, the network)
CASES = {
    "multihead_attention/default": ([4, 8], 1.0, lambda: network(layer=attention(8, 2))),
    "multihead_attention/causal": ([7, 8], 1.0, lambda: network(layer=attention(8, 2, causal=True))),
    "multihead_attention/one_head": ([3, 5], 1.0, lambda: network(layer=attention(5, 1))),
    "multihead_attention/one_step": ([1, 6], 1.0, lambda: network(layer=attention(6, 2))),
    "multihead_attention/odd": ([5, 6], 1.0, lambda: network(layer=attention(6, 3))),
    "multihead_attention/odd_causal": ([5, 6], 2.0, lambda: network(layer=attention(6, 3, causal=True))),
    "multihead_attention/no_bias": ([4, 6], 1.0, lambda: network(layer=attention(6, 2, bias=False))),
    "multihead_attention/long_causal": ([17, 10], 1.0, lambda: network(layer=attention(10, 1, causal=True))),
    "multihead_attention/weights": ([5, 6], 2.0, lambda: network(layer=attention(6, 3))),
    "multihead_attention/weights_causal": ([4, 6], 2.0, lambda: network(layer=attention(6, 2, causal=True))),
    "multihead_attention/residual": (
        [4, 6],
        1.0,
        lambda: network(a=Residual(attn=attention(6, 2)), b=Residual(attn=attention(6, 3), fc=nn.Linear(6, 6))),
    ),
    "multihead_attention/block": (
        [4, 6],
        1.0,
        lambda: network(
            a=Residual(norm=norm(6), attn=attention(6, 2)),
            b=Residual(norm=norm(6), fc1=nn.Linear(6, 9), gelu=nn.GELU(), fc2=nn.Linear(9, 6)),
        ),
    ),
}


def layer(name, shape, scale, build):
    case = Case(name)
    module = build()
    case.add_state("parameter", module)
    backward(case, module, random(ROWS, *shape, scale=scale).requires_grad_())
    case.add_gradients(module)
    if "weights" in name:
        case.add("weights", module.layer.weights)
    case.write()


def write(wanted):
    for name, parts in CASES.items():
        if wanted(name):
            layer(name, *parts)
