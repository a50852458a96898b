"""PyTorch on one thread: eager with default optimizers, eager with fused ones, and compiled by inductor with fused ones.

`torch_.py eager|fused|compile DIR MILLISECONDS WORKLOAD..`. Inference under `inference_mode`; for one sample, `eager` and
`fused` are the same, and only `eager` is timed.
"""

import exchange

import torch
from torch import nn

torch.set_num_threads(1)
torch.set_num_interop_threads(1)


class Recurrent(nn.Module):
    def __init__(self, kind, hidden):
        super().__init__()
        self.rnn = kind(1, hidden, batch_first=True)
        self.head = nn.Linear(hidden, 1)

    def forward(self, x):
        return self.head(self.rnn(x)[0])

    def step(self, x, state):
        hidden, state = self.rnn(x, state)
        return self.head(hidden), state


def perceptron(*sizes, activation=nn.ReLU):
    layers = [layer for i in range(len(sizes) - 1) for layer in (nn.Linear(sizes[i], sizes[i + 1]), activation())]
    return nn.Sequential(*layers[:-1])


NETWORKS = {
    "tiny": lambda: nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1), nn.Sigmoid()),
    "simplechains": lambda: perceptron(4, 32, 16, 4, activation=nn.Tanh),
    "mlp": lambda: perceptron(784, 128, 64, 10),
    "lenet": lambda: nn.Sequential(
        nn.Unflatten(1, (1, 28, 28)),
        nn.Conv2d(1, 6, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), *perceptron(256, 120, 84, 10),
    ),
    "lstm16": lambda: Recurrent(nn.LSTM, 16),
    "gru16": lambda: Recurrent(nn.GRU, 16),
    "lstm64": lambda: Recurrent(nn.LSTM, 64),
    "encoder": lambda: nn.TransformerEncoderLayer(32, 4, 64, dropout=0.0, batch_first=True),
    "regression": lambda: perceptron(6, 64, 8, 4),
}
SHAPES = {"encoder": (16, 32), "lstm16": (exchange.STEPS, 1), "gru16": (exchange.STEPS, 1), "lstm64": (exchange.STEPS, 1)}


def load(work):
    """The network with the exported weights, which are in the order of its parameters."""
    network = NETWORKS[work.network]()
    for parameter, value in zip(network.state_dict().values(), work.weights().values(), strict=True):
        parameter.copy_(torch.from_numpy(value))
    return network


def inference(work, variant, milliseconds):
    if variant == "fused":
        return
    network = load(work).eval()
    with torch.inference_mode():
        if work.is_recurrent:
            inputs, state = torch.from_numpy(work.inputs((1, 1))).split(1), None
            inputs = [x.reshape(1, 1, 1) for x in inputs]
            step = network.step
        else:
            shape = SHAPES.get(work.network, (exchange.SIZES[work.network][0],))
            inputs, state = list(torch.from_numpy(work.inputs((1, *shape)))), None
            step = lambda x, state: (network(x), None)
        if variant == "compile":
            step = torch.compile(step)
        outputs = []
        for x in inputs:
            output, state = step(x, state)
            outputs.append(output.flatten().clone())
        work.check(torch.cat(outputs), f"torch-{variant}")
        position = 0

        def call():
            nonlocal state, position
            _, state = step(inputs[position], state)
            position = (position + 1) % len(inputs)

        work.time(f"torch-{variant}", milliseconds, call)


def training(work, variant, milliseconds):
    network = load(work)
    shape = SHAPES.get(work.network, (exchange.SIZES[work.network][0],))
    batches = [tuple(map(torch.from_numpy, batch)) for batch in zip(*work.batches(shape))]
    loss = nn.CrossEntropyLoss() if work.is_classification else nn.MSELoss()
    kind = torch.optim.SGD if work.name == "tiny-sgd" else torch.optim.Adam
    options = {} if variant == "eager" else {"fused": True}
    optimizer = kind(network.parameters(), lr=work.rate(), **options)
    measure = lambda x, y: loss(network(x), y)
    if variant == "compile":
        measure = torch.compile(measure)

    def step(x, y):
        optimizer.zero_grad(set_to_none=True)
        value = measure(x, y)
        value.backward()
        optimizer.step()
        return value

    losses = [step(*batches[i % len(batches)]).item() for i in range(exchange.CHECKED_STEPS)]
    work.check(losses, f"torch-{variant}")
    for group in optimizer.param_groups:
        group["lr"] = exchange.TIMED_RATE
    position = 0

    def call():
        nonlocal position
        step(*batches[position])
        position = (position + 1) % len(batches)

    work.time(f"torch-{variant}", milliseconds, call)


def program(work, variant, milliseconds):
    # inductor compiles no training of `nn.LSTM`
    if not (variant == "compile" and work.batch and work.is_recurrent):
        (training if work.batch else inference)(work, variant, milliseconds)


exchange.run(("eager", "fused", "compile"), program)
