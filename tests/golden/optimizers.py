"""Ten training steps of a small network on one batch: ten losses, and the parameters after them."""

import torch
from torch import nn
from torch.optim import SGD, Adagrad, Adam, AdamW, NAdam, Optimizer, RMSprop

from case import Case, random
from layers import Residual, network

ROWS = 5
STEPS = 10



class Lion(Optimizer):
    """Chen et al., Symbolic Discovery of Optimization Algorithms, 2023, algorithm 2. PyTorch has none."""

    def __init__(self, parameters, lr, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(parameters, dict(lr=lr, betas=betas, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for parameter in group["params"]:
                state, gradient = self.state[parameter], parameter.grad
                mean = state.get("mean", torch.zeros_like(parameter))
                direction = (beta1 * mean + (1.0 - beta1) * gradient).sign()
                parameter -= group["lr"] * (direction + group["weight_decay"] * parameter)
                state["mean"] = beta2 * mean + (1.0 - beta2) * gradient


# name: (the optimizer, the norm that gradients are clipped to)
CASES = {
    "sgd/plain": (lambda parameters: SGD(parameters, lr=0.1), None),
    "sgd/momentum": (lambda parameters: SGD(parameters, lr=0.05, momentum=0.9), None),
    "sgd/dampening": (lambda parameters: SGD(parameters, lr=0.05, momentum=0.9, dampening=0.25), None),
    "sgd/nesterov": (lambda parameters: SGD(parameters, lr=0.05, momentum=0.9, nesterov=True), None),
    "sgd/weight_decay": (lambda parameters: SGD(parameters, lr=0.05, momentum=0.9, weight_decay=0.1), None),
    "sgd/decay_alone": (lambda parameters: SGD(parameters, lr=0.1, weight_decay=0.1), None),
    "sgd/clipped": (lambda parameters: SGD(parameters, lr=0.1), 0.25),
    "adam/default": (lambda parameters: Adam(parameters, lr=0.02), None),
    "adam/options": (lambda parameters: Adam(parameters, lr=0.02, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1), None),
    "adam/clipped": (lambda parameters: Adam(parameters, lr=0.02), 0.25),
    "adamw/default": (lambda parameters: AdamW(parameters, lr=0.02), None),
    "adamw/weight_decay": (lambda parameters: AdamW(parameters, lr=0.02, weight_decay=0.3), None),
    "rms_prop/default": (lambda parameters: RMSprop(parameters, lr=0.01), None),
    "rms_prop/options": (lambda parameters: RMSprop(parameters, lr=0.02, alpha=0.9, eps=1e-4, weight_decay=0.1), None),
    "rms_prop/momentum": (lambda parameters: RMSprop(parameters, lr=0.002, momentum=0.9, weight_decay=0.1), None),
    "rms_prop/centered": (lambda parameters: RMSprop(parameters, lr=0.005, alpha=0.9, eps=1e-3, centered=True), None),
    "rms_prop/centered_momentum": (
        lambda parameters: RMSprop(
            parameters, lr=0.002, alpha=0.95, eps=1e-3, weight_decay=0.1, momentum=0.8, centered=True
        ),
        None,
    ),
    "adagrad/default": (lambda parameters: Adagrad(parameters, lr=0.05), None),
    "adagrad/options": (
        lambda parameters: Adagrad(
            parameters, lr=0.1, lr_decay=0.2, weight_decay=0.1, initial_accumulator_value=0.05, eps=1e-4
        ),
        None,
    ),
    "nadam/default": (lambda parameters: NAdam(parameters, lr=0.02), None),
    "nadam/options": (
        lambda parameters: NAdam(
            parameters, lr=0.02, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1, momentum_decay=0.05
        ),
        None,
    ),
    "nadam/decoupled": (
        lambda parameters: NAdam(parameters, lr=0.02, weight_decay=0.3, decoupled_weight_decay=True),
        None,
    ),
    "lion/default": (lambda parameters: Lion(parameters, lr=0.02), None),
    "lion/options": (lambda parameters: Lion(parameters, lr=0.01, betas=(0.8, 0.95), weight_decay=0.3), None),
}

# name: (the optimizer, the value that gradients are clipped to)
CLIPPED_BY_VALUE = {
    "sgd/clipped_by_value": (lambda parameters: SGD(parameters, lr=0.1), 0.03125),
}


def perceptron():
    return network(fc1=nn.Linear(4, 6), tanh=nn.Tanh(), fc2=nn.Linear(6, 3))


def nested():
    block = Residual(fc1=nn.Linear(6, 6), tanh=nn.Tanh(), fc2=nn.Linear(6, 6))
    return network(fc=nn.Linear(4, 6), block=block, out=nn.Linear(6, 3))


# name: (the network, its optimizer)
GROUPS = {
    "groups/adam": (
        perceptron,
        lambda module: Adam(
            [
                {"params": module.fc1.parameters()},
                {"params": module.fc2.parameters(), "lr": 0.005, "weight_decay": 0.2},
            ],
            lr=0.02,
        ),
    ),
    "groups/nested": (
        nested,
        lambda module: SGD(
            [
                {"params": module.fc.parameters()},
                {"params": module.block.fc1.parameters(), "lr": 0.03, "weight_decay": 0.1},
                {"params": module.block.fc2.parameters(), "lr": 0.01, "momentum": 0.5},
                {"params": module.out.parameters()},
            ],
            lr=0.05,
            momentum=0.9,
        ),
    ),
}


def train(name, build_network, build_optimizer, max_norm=None, max_value=None):
    case = Case(name)
    module = build_network()
    input, target = random(ROWS, 4), random(ROWS, 3)
    case.add_state("parameter", module)
    case.add("input", input)
    case.add("target", target)

    optimizer = build_optimizer(module)
    losses, norms = [], []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = nn.MSELoss()(module(input), target)
        loss.backward()
        losses.append(loss.item())
        if max_norm is not None:
            norms.append(nn.utils.clip_grad_norm_(module.parameters(), max_norm).item())
        if max_value is not None:
            largest = max(parameter.grad.abs().max() for parameter in module.parameters())
            assert largest > max_value, f"{name}: nothing is clipped"
            nn.utils.clip_grad_value_(module.parameters(), max_value)
        optimizer.step()
    case.add("losses", torch.tensor(losses))
    if norms:
        assert norms[0] > max_norm, f"{name}: nothing is clipped"
        case.add("norms", torch.tensor(norms))
    case.add_state("final", module)
    case.write()


def write(wanted):
    for name, (build, max_norm) in CASES.items():
        if wanted(name):
            train(name, perceptron, lambda module: build(module.parameters()), max_norm=max_norm)
    for name, (build, max_value) in CLIPPED_BY_VALUE.items():
        if wanted(name):
            train(name, perceptron, lambda module: build(module.parameters()), max_value=max_value)
    for name, (build_network, build_optimizer) in GROUPS.items():
        if wanted(name):
            train(name, build_network, build_optimizer)
