"""One layer a case: forward, every parameter gradient and the input gradient under a random weighting of the outputs."""

from collections import OrderedDict

import torch
from torch import nn
from torch.nn.functional import normalize

from case import Case, coarsen, random

ROWS = 5


def network(**stages):
    """A sequence whose `state_dict` names are those of the stages in `network!`."""
    return coarsen(nn.Sequential(OrderedDict(stages)))


class Graph(nn.Module):
    """Modules by name, and how they are applied to an input."""

    def __init__(self, apply, **modules):
        super().__init__()
        for name, module in modules.items():
            self.add_module(name, module)
        self.apply_all = apply
        coarsen(self)

    def forward(self, *inputs):
        return self.apply_all(self, *inputs)


class Residual(nn.Module):
    def __init__(self, **stages):
        super().__init__()
        for name, stage in stages.items():
            self.add_module(name, stage)

    def forward(self, input):
        output = input
        for stage in self.children():
            output = stage(output)
        return input + output


class Each(nn.Sequential):
    """Modules that are applied to each step of a sequence."""

    def forward(self, input):
        return torch.stack([super(Each, self).forward(step) for step in input.unbind(1)], 1)


class HardSigmoid(nn.Module):
    """PyTorch's own backward has 1/6 with the digits of f32 only."""

    def forward(self, input):
        return nn.functional.relu6(input + 3) / 6


def prelu(count):
    """With slopes that differ; one is negative."""
    layer = nn.PReLU(count)
    with torch.no_grad():
        layer.weight.copy_(random(count))
        layer.weight[0] = -0.5
    return layer


class Function(nn.Module):
    """A function of a tensor as a stage."""

    def __init__(self, function, **options):
        super().__init__()
        self.function, self.options = function, options

    def forward(self, input):
        return self.function(input, **self.options)


class Transpose(nn.Module):
    def forward(self, input):
        return input.transpose(-2, -1).contiguous()


class Concat(nn.Module):
    """The branches beside each other; `dim` counts the batch."""

    def __init__(self, dim, **branches):
        super().__init__()
        self.dim = dim
        for name, branch in branches.items():
            self.add_module(name, branch)

    def forward(self, input):
        return torch.cat([branch(input) for branch in self.children()], self.dim)


# name: (shape of a sample, its scale, the network)
CASES = {
    "linear/bias": ([7], 1.0, lambda: network(layer=nn.Linear(7, 5))),
    "linear/no_bias": ([6], 1.0, lambda: network(layer=nn.Linear(6, 9, bias=False))),
    "linear/steps": ([3, 4], 1.0, lambda: network(layer=nn.Linear(4, 5))),
    "linear/wide": ([33], 1.0, lambda: network(layer=nn.Linear(33, 18))),
    "relu/features": ([7], 1.0, lambda: network(layer=nn.ReLU())),
    "tanh/features": ([7], 3.0, lambda: network(layer=nn.Tanh())),
    "sigmoid/features": ([7], 4.0, lambda: network(layer=nn.Sigmoid())),
    "leaky_relu/default": ([7], 1.0, lambda: network(layer=nn.LeakyReLU())),
    "leaky_relu/slope": ([3, 4], 1.0, lambda: network(layer=nn.LeakyReLU(0.3))),
    "leaky_relu/negative": ([7], 1.0, lambda: network(layer=nn.LeakyReLU(-0.5))),
    "prelu/one": ([2, 3, 4], 1.0, lambda: network(layer=prelu(1))),
    "prelu/channels": ([3, 2, 5], 1.0, lambda: network(layer=prelu(3))),
    "prelu/features": ([7], 1.0, lambda: network(fc=nn.Linear(7, 6), layer=prelu(6))),
    "relu6/features": ([9], 6.0, lambda: network(layer=nn.ReLU6())),
    "elu/default": ([7], 2.0, lambda: network(layer=nn.ELU())),
    "elu/alpha": ([3, 4], 2.0, lambda: network(layer=nn.ELU(0.3))),
    "selu/features": ([7], 2.0, lambda: network(layer=nn.SELU())),
    "gelu/default": ([9], 2.0, lambda: network(layer=nn.GELU())),
    "gelu/tanh": ([9], 2.0, lambda: network(layer=nn.GELU(approximate="tanh"))),
    "gelu/linear": ([3, 4], 1.0, lambda: network(fc1=nn.Linear(4, 5), gelu=nn.GELU(), fc2=nn.Linear(5, 2))),
    "silu/features": ([7], 3.0, lambda: network(layer=nn.SiLU())),
    "mish/features": ([7], 3.0, lambda: network(layer=nn.Mish())),
    "softplus/default": ([9], 15.0, lambda: network(layer=nn.Softplus())),
    "softplus/options": ([9], 2.0, lambda: network(layer=nn.Softplus(beta=2.5, threshold=3))),
    "softsign/features": ([7], 3.0, lambda: network(layer=nn.Softsign())),
    "square/features": ([7], 2.0, lambda: network(layer=Function(torch.square))),
    "sqrt/features": ([7], 2.0, lambda: network(softplus=nn.Softplus(), layer=Function(torch.sqrt))),
    "abs/features": ([7], 2.0, lambda: network(layer=Function(torch.abs))),
    "exp/features": ([3, 4], 2.0, lambda: network(layer=Function(torch.exp))),
    "log/features": ([7], 3.0, lambda: network(softplus=nn.Softplus(), layer=Function(torch.log))),
    "hard_sigmoid/features": ([9], 3.0, lambda: network(layer=HardSigmoid())),
    "hard_swish/features": ([9], 3.0, lambda: network(layer=nn.Hardswish())),
    "hard_tanh/default": ([9], 1.5, lambda: network(layer=nn.Hardtanh())),
    "hard_tanh/options": ([3, 4], 2.0, lambda: network(layer=nn.Hardtanh(min_val=-0.3, max_val=2.5))),
    "glu/features": ([6], 2.0, lambda: network(layer=nn.GLU())),
    "glu/channels": ([4, 3], 2.0, lambda: network(layer=nn.GLU(dim=1))),
    "glu/steps": ([3, 10], 2.0, lambda: network(layer=nn.GLU(-1))),
    "glu/image": ([3, 2, 5], 2.0, lambda: network(layer=nn.GLU(dim=2))),
    "normalize/features": ([7], 2.0, lambda: network(layer=Function(normalize))),
    "normalize/channels": ([4, 3], 2.0, lambda: network(layer=Function(normalize, p=1.0))),
    "normalize/steps": ([5, 3], 2.0, lambda: network(layer=Function(normalize, dim=-1, eps=3.0))),
    "normalize/single": ([5, 3], 2.0, lambda: network(layer=Function(normalize, p=1.0, dim=2, eps=5.0))),
    "normalize/image": ([3, 4, 2], 2.0, lambda: network(layer=Function(normalize, p=3.5, dim=2))),
    "softmax/features": ([7], 3.0, lambda: network(layer=nn.Softmax(-1))),
    "softmax/steps": ([3, 5], 3.0, lambda: network(layer=nn.Softmax(-1))),
    "softmax/channels": ([4, 3], 3.0, lambda: network(layer=nn.Softmax(1))),
    "softmax/image": ([3, 2, 5], 3.0, lambda: network(layer=nn.Softmax(dim=-2))),
    "log_softmax/features": ([7], 3.0, lambda: network(layer=nn.LogSoftmax(-1))),
    "log_softmax/steps": ([3, 5], 3.0, lambda: network(layer=nn.LogSoftmax(-1))),
    "log_softmax/channels": ([4, 3], 3.0, lambda: network(layer=nn.LogSoftmax(1))),
    "log_softmax/image": ([3, 2, 5], 3.0, lambda: network(layer=nn.LogSoftmax(dim=-2))),
    "flatten/image": ([2, 3, 4], 1.0, lambda: network(layer=nn.Flatten())),
    "reshape/image": ([2, 3, 4], 1.0, lambda: network(layer=nn.Flatten(), image=nn.Unflatten(1, (4, 3, 2)))),
    "transpose/steps": ([3, 4], 1.0, lambda: network(layer=Transpose())),
    "transpose/image": ([2, 3, 4], 1.0, lambda: network(layer=Transpose(), fc=nn.Linear(3, 2))),
    "concat/features": ([4], 1.0, lambda: network(both=Concat(1, a=nn.Linear(4, 3), b=nn.Linear(4, 2)))),
    "concat/steps": ([3, 4], 1.0, lambda: network(both=Concat(2, a=nn.Linear(4, 3), b=nn.Identity()))),
    "residual/linear_tanh": ([6], 1.0, lambda: network(block=Residual(fc=nn.Linear(6, 6), tanh=nn.Tanh()))),
}

# name: (shape of a sample, below which index, the network)
INDEX_CASES = {
    "embedding/one": ([1], 6, lambda: network(layer=nn.Embedding(6, 4))),
    "embedding/steps": ([4], 7, lambda: network(layer=nn.Embedding(7, 3))),
    "embedding/linear": ([3], 5, lambda: network(table=nn.Embedding(5, 4), fc=nn.Linear(4, 2))),
}

def backward(case, module, input, suffix=""):
    """One forward and backward pass; the tensors' names end in `suffix`."""
    output = module(input)
    grad_output = random(*output.shape)
    module.zero_grad()
    output.backward(grad_output)
    case.add(f"input{suffix}", input)
    case.add(f"output{suffix}", output)
    case.add(f"grad_output{suffix}", grad_output)
    if input.grad is not None:
        case.add(f"grad_input{suffix}", input.grad)


def layer(name, shape, scale, build):
    case = Case(name)
    module = build()
    case.add_state("parameter", module)
    backward(case, module, random(ROWS, *shape, scale=scale).requires_grad_())
    case.add_gradients(module)
    case.write()


def index_layer(name, shape, bound, build):
    case = Case(name)
    module = build()
    case.add_state("parameter", module)
    backward(case, module, torch.randint(bound, (ROWS, *shape)))
    case.add_gradients(module)
    case.write()


def write_layers(cases, wanted, make=layer):
    for name, parts in cases.items():
        if wanted(name):
            make(name, *parts)


def write(wanted):
    for cases, make in [(CASES, layer), (INDEX_CASES, index_layer)]:
        write_layers(cases, wanted, make)
