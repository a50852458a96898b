"""Attention: forward, weights, every parameter gradient and the input gradient; and encoder blocks made of it."""

import torch
import torch.nn.functional as F
from torch import nn

from case import Case, coarsen, random
from layers import ROWS, Graph, Residual, backward, network


class Attention(nn.MultiheadAttention):
    """To the sequence itself, or to another one; the weights of each head are kept in `weights`."""

    def __init__(self, features, heads, causal=False, bias=True, kdim=None, vdim=None):
        super().__init__(features, heads, bias=bias, kdim=kdim, vdim=vdim, batch_first=True)
        self.causal = causal

    def forward(self, input, key=None, value=None):
        key = input if key is None else key
        value = key if value is None else value
        mask = torch.ones(input.shape[1], key.shape[1], dtype=torch.bool).triu(1) if self.causal else None
        output, self.weights = super().forward(input, key, value, attn_mask=mask, average_attn_weights=False)
        return output


class ByHand(nn.Module):
    """With fewer heads of keys and values, and rotary embeddings, which PyTorch's module has not."""

    def __init__(self, features, heads, kv_heads=None, causal=False, rotary=None, theta=10000.0, kdim=None):
        super().__init__()
        self.size, self.causal, self.rotary, self.theta = features // heads, causal, rotary, theta
        rows = (kv_heads or heads) * self.size
        parameter = lambda *shape: nn.Parameter(random(*shape, scale=shape[-1] ** -0.5))
        if kdim is None:
            self.in_proj_weight = parameter(features + 2 * rows, features)
        else:
            self.q_proj_weight = parameter(features, features)
            self.k_proj_weight, self.v_proj_weight = parameter(rows, kdim), parameter(rows, kdim)
        self.in_proj_bias = parameter(features + 2 * rows)
        self.out_proj = nn.Linear(features, features)
        self.rows = [features, rows, rows]

    def turn(self, x):
        """Each pair of features as a complex number, times that of its angle: steps are the last dimension but one."""
        frequencies = self.theta ** (-torch.arange(0, self.size, 2) / self.size)
        angles = torch.polar(torch.tensor(1.0), torch.arange(x.shape[-2])[:, None] * frequencies)
        if self.rotary == "interleaved":
            pairs = torch.view_as_complex(x.unflatten(-1, (-1, 2)).contiguous())
            return torch.view_as_real(pairs * angles).flatten(-2)
        turned = torch.complex(*x.chunk(2, -1)) * angles
        return torch.cat([turned.real, turned.imag], -1)

    def forward(self, input, key=None):
        key = input if key is None else key
        if hasattr(self, "in_proj_weight"):
            weights = self.in_proj_weight.split(self.rows)
        else:
            weights = [self.q_proj_weight, self.k_proj_weight, self.v_proj_weight]
        parts = zip([input, key, key], weights, self.in_proj_bias.split(self.rows))
        q, k, v = [F.linear(*part).unflatten(-1, (-1, self.size)).transpose(1, 2) for part in parts]
        if self.rotary:
            q, k = self.turn(q), self.turn(k)
        made = F.scaled_dot_product_attention(q, k, v, is_causal=self.causal, enable_gqa=True)
        return self.out_proj(made.transpose(1, 2).flatten(2))


def attention(features, heads, **options):
    """A network of one layer; the default biases, 0, would hide mistakes."""
    layer = Attention(features, heads, **options)
    if layer.in_proj_bias is not None:
        with torch.no_grad():
            layer.in_proj_bias.copy_(random(3 * features))
            layer.out_proj.bias.copy_(random(features))
    return layer


def cross(layer, features, queries=slice(None), keys=slice(1, 4)):
    """To another sequence, of other features and of some of the steps."""

    def apply(net, x):
        x = net.query(x)
        return net.layer(x[:, queries], net.source(x)[:, keys])

    query = layer.out_proj.out_features
    return Graph(apply, query=nn.Linear(6, query), source=nn.Linear(query, features), layer=layer)


def key_and_value(layer, features):
    """To keys and values that are not the same."""

    def apply(net, x):
        x = net.query(x)
        return net.layer(x, net.keys(x)[:, 1:4], net.values(x)[:, :3])

    key, value = features
    keys = nn.Linear(4, key, bias=False)  # the gradient of a bias is 0 but for rounding
    return Graph(apply, query=nn.Linear(6, 4), keys=keys, values=nn.Linear(4, value), layer=layer)


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
    "multihead_attention/cross": ([5, 6], 2.0, lambda: cross(attention(6, 2), 6)),
    "multihead_attention/cross_causal": ([5, 6], 2.0, lambda: cross(attention(6, 3, causal=True), 6)),
    "multihead_attention/cross_causal_few": (
        [9, 6],
        2.0,
        lambda: cross(attention(4, 2, causal=True), 4, queries=slice(2, 4), keys=slice(9)),
    ),
    "multihead_attention/cross_wide": ([5, 6], 2.0, lambda: cross(attention(4, 2, kdim=7, vdim=7), 7)),
    "multihead_attention/cross_no_bias": ([5, 6], 2.0, lambda: cross(attention(4, 1, bias=False, kdim=3, vdim=3), 3)),
    "multihead_attention/cross_weights": ([5, 6], 2.0, lambda: cross(attention(6, 2), 6)),
    "multihead_attention/cross_long": (
        [19, 6],
        1.0,
        lambda: cross(attention(10, 1, causal=True), 10, queries=slice(2, 17), keys=slice(19)),
    ),
    "multihead_attention/key_value": ([5, 6], 2.0, lambda: key_and_value(attention(4, 2), (4, 4))),
    "multihead_attention/key_value_wide": ([5, 6], 2.0, lambda: key_and_value(attention(4, 2, kdim=4, vdim=9), (4, 9))),
    "multihead_attention/grouped": ([5, 12], 1.0, lambda: network(layer=ByHand(12, 6, 2))),
    "multihead_attention/multi_query": ([7, 6], 2.0, lambda: network(layer=ByHand(6, 3, 1, causal=True))),
    "multihead_attention/grouped_cross": ([5, 6], 2.0, lambda: cross(ByHand(8, 4, 2), 8)),
    "multihead_attention/grouped_cross_wide": ([5, 6], 2.0, lambda: cross(ByHand(8, 4, 2, kdim=5), 5)),
    "multihead_attention/interleaved": ([5, 8], 1.0, lambda: network(layer=ByHand(8, 2, rotary="interleaved"))),
    "multihead_attention/halves": (
        [17, 12],
        1.0,
        lambda: network(layer=ByHand(12, 2, causal=True, rotary="halves", theta=500.0)),
    ),
    "multihead_attention/grouped_rotary": (
        [6, 6],
        2.0,
        lambda: cross(ByHand(8, 4, 2, causal=True, rotary="interleaved", kdim=5), 5, keys=slice(1, 6)),
    ),
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
