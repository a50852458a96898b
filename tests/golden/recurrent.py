"""Recurrent layers: forward, every parameter gradient and the input gradient under a random weighting of the outputs."""

import torch
from torch import nn

from layers import layer, network


def outputs_of(recurrent):
    """A recurrent layer that gives its outputs alone, [rows, steps, hidden]."""

    class Outputs(recurrent):
        def __init__(self, features, hidden, **options):
            super().__init__(features, hidden, batch_first=True, **options)

        def forward(self, input):
            return super().forward(input)[0]

    return Outputs


Rnn, Gru, Lstm = outputs_of(nn.RNN), outputs_of(nn.GRU), outputs_of(nn.LSTM)


class ByHand(nn.Module):
    """The parameters of one of PyTorch's layers; its steps, written out, with another function or another reset gate."""

    def __init__(self, recurrent, features, hidden, function, bidirectional):
        super().__init__()
        own = recurrent(features, hidden, bidirectional=bidirectional)
        for name, parameter in own.named_parameters():
            self.register_parameter(name, parameter)
        self.directions = ["", "_reverse"] if bidirectional else [""]
        self.hidden, self.function = hidden, function

    def sums(self, direction, input, state, gate):
        """The sums of a gate with the input and with the state, each with its bias."""
        rows = slice(gate * self.hidden, (gate + 1) * self.hidden)
        of = lambda name: getattr(self, f"{name}_l0{direction}")[rows]
        return [nn.functional.linear(value, of(f"weight_{part}"), of(f"bias_{part}")) for value, part in [(input, "ih"), (state, "hh")]]

    def forward(self, input):
        outputs = []
        for direction in self.directions:
            steps = list(input.unbind(1))
            state = [torch.zeros(len(input), self.hidden)] * 2
            made = []
            for step in reversed(steps) if direction else steps:
                state = self.step(direction, step, *state)
                made.append(state[0])
            outputs.append(torch.stack(made[::-1] if direction else made, 1))
        return torch.cat(outputs, -1)


class GruByHand(ByHand):
    def __init__(self, features, hidden, function=torch.tanh, reset_after=True, bidirectional=False):
        super().__init__(nn.GRU, features, hidden, function, bidirectional)
        self.reset_after = reset_after

    def step(self, direction, input, previous, _):
        r, z = [torch.sigmoid(sum(self.sums(direction, input, previous, gate))) for gate in [0, 1]]
        if self.reset_after:
            of_input, of_state = self.sums(direction, input, previous, 2)
            n = self.function(of_input + r * of_state)
        else:
            n = self.function(sum(self.sums(direction, input, r * previous, 2)))
        return [(1 - z) * n + z * previous, None]


class LstmByHand(ByHand):
    def __init__(self, features, hidden, function, bidirectional=False):
        super().__init__(nn.LSTM, features, hidden, function, bidirectional)

    def step(self, direction, input, previous, cell):
        i, f, g, o = [sum(self.sums(direction, input, previous, gate)) for gate in range(4)]
        cell = torch.sigmoid(f) * cell + torch.sigmoid(i) * self.function(g)
        return [torch.sigmoid(o) * self.function(cell), cell]


# name: (shape of a sample, its scale, the network)
CASES = {
    "rnn/default": ([4, 3], 1.0, lambda: network(layer=Rnn(3, 5))),
    "rnn/one_step": ([1, 4], 1.0, lambda: network(layer=Rnn(4, 3))),
    "rnn/long": ([9, 2], 2.0, lambda: network(layer=Rnn(2, 8))),
    "rnn/relu": ([5, 3], 1.0, lambda: network(layer=Rnn(3, 6, nonlinearity="relu"))),
    "rnn/bidirectional": ([4, 3], 1.0, lambda: network(layer=Rnn(3, 5, nonlinearity="relu", bidirectional=True))),
    "gru/default": ([4, 3], 1.0, lambda: network(layer=Gru(3, 5))),
    "gru/one_step": ([1, 4], 1.0, lambda: network(layer=Gru(4, 3))),
    "gru/long": ([9, 2], 2.0, lambda: network(layer=Gru(2, 8))),
    "gru/bidirectional": ([4, 3], 1.0, lambda: network(layer=Gru(3, 5, bidirectional=True))),
    "gru/stacked": ([3, 2], 1.0, lambda: network(a=Gru(2, 3, bidirectional=True), b=Gru(6, 2, bidirectional=True))),
    "gru/reset_before": ([4, 3], 1.0, lambda: network(layer=GruByHand(3, 5, reset_after=False))),
    "gru/reset_before_one_step": ([1, 4], 1.0, lambda: network(layer=GruByHand(4, 3, reset_after=False))),
    "gru/reset_before_long": ([9, 2], 2.0, lambda: network(layer=GruByHand(2, 17, reset_after=False))),
    "gru/reset_before_bidirectional": (
        [4, 3], 1.0, lambda: network(layer=GruByHand(3, 5, torch.sigmoid, reset_after=False, bidirectional=True))),
    "gru/reset_before_relu": ([7, 3], 1.0, lambda: network(layer=GruByHand(3, 6, torch.relu, reset_after=False))),
    "gru/relu": ([4, 3], 1.0, lambda: network(layer=GruByHand(3, 5, torch.relu, bidirectional=True))),
    "gru/sigmoid": ([4, 3], 1.0, lambda: network(layer=GruByHand(3, 5, torch.sigmoid))),
    "lstm/default": ([4, 3], 1.0, lambda: network(layer=Lstm(3, 5))),
    "lstm/one_step": ([1, 4], 1.0, lambda: network(layer=Lstm(4, 3))),
    "lstm/long": ([9, 2], 2.0, lambda: network(layer=Lstm(2, 8))),
    "lstm/bidirectional": ([4, 3], 1.0, lambda: network(layer=Lstm(3, 5, bidirectional=True))),
    "lstm/relu": ([5, 3], 1.0, lambda: network(layer=LstmByHand(3, 5, torch.relu))),
    "lstm/sigmoid": ([4, 3], 1.0, lambda: network(layer=LstmByHand(3, 5, torch.sigmoid, bidirectional=True))),
    "lstm/bidirectional_one_step": ([1, 2], 1.0, lambda: network(layer=Lstm(2, 3, bidirectional=True))),
}


def write(wanted):
    for name, parts in CASES.items():
        if wanted(name):
            layer(name, *parts)
