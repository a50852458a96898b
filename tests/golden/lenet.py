"""LeNet-5 on a small batch. Its parameters are a pattern, and what is compared are digests: the file stays small."""

import torch
from torch import nn

from case import Case, digest, pattern
from layers import network

ROWS = 3
STEPS = 10


def build():
    module = network(
        conv1=nn.Conv2d(1, 6, 5),
        relu1=nn.ReLU(),
        max_pool2d1=nn.MaxPool2d(2),
        conv2=nn.Conv2d(6, 16, 5),
        relu2=nn.ReLU(),
        max_pool2d2=nn.MaxPool2d(2),
        flatten=nn.Flatten(),
        fc1=nn.Linear(256, 120),
        relu3=nn.ReLU(),
        fc2=nn.Linear(120, 84),
        relu4=nn.ReLU(),
        out=nn.Linear(84, 10),
    )
    with torch.no_grad():
        for seed, (name, parameter) in enumerate(module.named_parameters()):
            fan_in = dict(module.named_parameters())[name.replace("bias", "weight")][0].numel()
            # Twice PyTorch's bound, so that the outputs are not all alike.
            parameter.copy_(pattern(parameter.shape, seed, 2.0 * fan_in**-0.5))
    return module


def write(wanted):
    if not wanted("lenet/train"):
        return
    case = Case("lenet/train")
    module = build()
    input = pattern([ROWS, 1, 28, 28], 100, 1.0).requires_grad_()
    target = torch.tensor([3, 0, 7])
    for name, parameter in module.named_parameters():
        case.add(f"parameter.{name}", digest(parameter))
    case.add("input", digest(input))
    case.add("target", target)

    optimizer = torch.optim.Adam(module.parameters(), lr=0.001)
    losses = []
    for step in range(STEPS):
        optimizer.zero_grad()
        output = module(input)
        loss = nn.CrossEntropyLoss()(output, target)
        loss.backward()
        losses.append(loss.item())
        if step == 0:
            case.add("output", output)
            for name, parameter in module.named_parameters():
                case.add(f"gradient.{name}", digest(parameter.grad))
            case.add("grad_input", digest(input.grad))
        optimizer.step()
    case.add("losses", torch.tensor(losses))
    for name, parameter in module.named_parameters():
        case.add(f"final.{name}", digest(parameter))
    case.write()
