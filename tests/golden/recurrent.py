"""Recurrent layers: forward, every parameter gradient and the input gradient under a random weighting of the outputs."""

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
    "lstm/default": ([4, 3], 1.0, lambda: network(layer=Lstm(3, 5))),
    "lstm/one_step": ([1, 4], 1.0, lambda: network(layer=Lstm(4, 3))),
    "lstm/long": ([9, 2], 2.0, lambda: network(layer=Lstm(2, 8))),
    "lstm/bidirectional": ([4, 3], 1.0, lambda: network(layer=Lstm(3, 5, bidirectional=True))),
    "lstm/bidirectional_one_step": ([1, 2], 1.0, lambda: network(layer=Lstm(2, 3, bidirectional=True))),
}


def write(wanted):
    for name, parts in CASES.items():
        if wanted(name):
            layer(name, *parts)
