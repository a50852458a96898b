"""Ten training steps of a small network on one batch: ten losses, and the parameters after them."""

import torch
from torch import nn
from torch.optim import SGD, Adam, AdamW

from case import Case, random
from layers import network

ROWS = 5
STEPS = 10

# name: (the optimizer, the norm that gradients are clipped to)
CASES = {
    "sgd/plain": (lambda parameters: SGD(parameters, lr=0.1), None),
    "sgd/momentum": (lambda parameters: SGD(parameters, lr=0.05, momentum=0.9), None),
    "sgd/nesterov": (lambda parameters: SGD(parameters, lr=0.05, momentum=0.9, nesterov=True), None),
    "sgd/weight_decay": (lambda parameters: SGD(parameters, lr=0.05, momentum=0.9, weight_decay=0.1), None),
    "sgd/decay_alone": (lambda parameters: SGD(parameters, lr=0.1, weight_decay=0.1), None),
    "sgd/clipped": (lambda parameters: SGD(parameters, lr=0.1), 0.25),
    "adam/default": (lambda parameters: Adam(parameters, lr=0.02), None),
    "adam/options": (lambda parameters: Adam(parameters, lr=0.02, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1), None),
    "adam/clipped": (lambda parameters: Adam(parameters, lr=0.02), 0.25),
    "adamw/default": (lambda parameters: AdamW(parameters, lr=0.02), None),
    "adamw/weight_decay": (lambda parameters: AdamW(parameters, lr=0.02, weight_decay=0.3), None),
}


def train(name, build, max_norm):
    case = Case(name)
    module = network(fc1=nn.Linear(4, 6), tanh=nn.Tanh(), fc2=nn.Linear(6, 3))
    input, target = random(ROWS, 4), random(ROWS, 3)
    case.add_state("parameter", module)
    case.add("input", input)
    case.add("target", target)

    optimizer = build(module.parameters())
    losses, norms = [], []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = nn.MSELoss()(module(input), target)
        loss.backward()
        losses.append(loss.item())
        if max_norm is not None:
            norms.append(nn.utils.clip_grad_norm_(module.parameters(), max_norm).item())
        optimizer.step()
    case.add("losses", torch.tensor(losses))
    if norms:
        assert norms[0] > max_norm, f"{name}: nothing is clipped"
        case.add("norms", torch.tensor(norms))
    case.add_state("final", module)
    case.write()


def write(wanted):
    for name, parts in CASES.items():
        if wanted(name):
            train(name, *parts)
