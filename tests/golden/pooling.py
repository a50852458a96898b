"""Pools: a case a layer, as in `layers.py`."""

from torch import nn

from layers import network, write_layers


def whole(pool):
    """A pool of each channel as a whole, to [rows, channels]."""
    return network(layer=pool, flatten=nn.Flatten())


# name: (shape of a sample, its scale, the network)
CASES = {
    "max_pool1d/default": ([2, 7], 1.0, lambda: network(layer=nn.MaxPool1d(2))),
    "max_pool1d/odd": ([3, 8], 1.0, lambda: network(layer=nn.MaxPool1d(3, stride=2, padding=1))),
    "max_pool1d/overlap": ([1, 6], 1.0, lambda: network(layer=nn.MaxPool1d(4, stride=1, padding=2))),
    "max_pool1d/dilation": ([2, 9], 1.0, lambda: network(layer=nn.MaxPool1d(3, 2, 1, 3))),
    "max_pool2d/default": ([2, 7, 5], 1.0, lambda: network(layer=nn.MaxPool2d(2))),
    "max_pool2d/odd": ([2, 7, 8], 1.0, lambda: network(layer=nn.MaxPool2d((3, 2), stride=(2, 3), padding=1))),
    "max_pool2d/overlap": ([1, 6, 7], 1.0, lambda: network(layer=nn.MaxPool2d((3, 4), stride=1, padding=(0, 2)))),
    "max_pool2d/dilation": (
        [2, 7, 6],
        1.0,
        lambda: network(layer=nn.MaxPool2d((3, 2), (1, 2), (1, 0), (2, 3))),
    ),
    "avg_pool1d/default": ([2, 7], 1.0, lambda: network(layer=nn.AvgPool1d(3))),
    "avg_pool1d/padding": ([3, 8], 1.0, lambda: network(layer=nn.AvgPool1d(5, stride=2, padding=2))),
    "avg_pool1d/without_padding": (
        [3, 8],
        1.0,
        lambda: network(layer=nn.AvgPool1d(5, stride=2, padding=2, count_include_pad=False)),
    ),
    "avg_pool2d/default": ([2, 7, 5], 1.0, lambda: network(layer=nn.AvgPool2d((3, 2)))),
    "avg_pool2d/padding": ([2, 5, 8], 1.0, lambda: network(layer=nn.AvgPool2d((2, 5), stride=(1, 3), padding=(1, 2)))),
    "avg_pool2d/without_padding": (
        [2, 5, 8],
        1.0,
        lambda: network(layer=nn.AvgPool2d((2, 5), stride=(1, 3), padding=(1, 2), count_include_pad=False)),
    ),
    "global_avg_pool/signal": ([3, 7], 1.0, lambda: whole(nn.AdaptiveAvgPool1d(1))),
    "global_avg_pool/image": ([3, 5, 4], 1.0, lambda: whole(nn.AdaptiveAvgPool2d(1))),
    "global_max_pool/signal": ([3, 7], 1.0, lambda: whole(nn.AdaptiveMaxPool1d(1))),
    "global_max_pool/image": ([3, 5, 4], 1.0, lambda: whole(nn.AdaptiveMaxPool2d(1))),
}


def write(wanted):
    write_layers(CASES, wanted)
