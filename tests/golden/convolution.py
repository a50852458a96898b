"""Convolutions and transposed ones: a case a layer, as in `layers.py`."""

from torch import nn

from layers import network, write_layers


class Causal(nn.Conv1d):
    """With zeros before the input only."""

    def forward(self, input):
        before = self.dilation[0] * (self.kernel_size[0] - 1)
        return super().forward(nn.functional.pad(input, (before, 0)))


# name: (shape of a sample, its scale, the network)
CASES = {
    "conv1d/default": ([2, 7], 1.0, lambda: network(layer=nn.Conv1d(2, 3, 3))),
    "conv1d/stride": ([1, 11], 1.0, lambda: network(layer=nn.Conv1d(1, 3, 2, stride=3))),
    "conv1d/padding": ([2, 5], 1.0, lambda: network(layer=nn.Conv1d(2, 3, 4, padding=2))),
    "conv1d/same": ([2, 6], 1.0, lambda: network(layer=nn.Conv1d(2, 3, 4, padding="same", dilation=3))),
    "conv1d/dilation": ([2, 9], 1.0, lambda: network(layer=nn.Conv1d(2, 3, 3, dilation=3))),
    "conv1d/groups": ([4, 6], 1.0, lambda: network(layer=nn.Conv1d(4, 6, 3, groups=2))),
    "conv1d/depthwise": ([3, 6], 1.0, lambda: network(layer=nn.Conv1d(3, 6, 3, padding=1, groups=3))),
    "conv1d/no_bias": ([2, 5], 1.0, lambda: network(layer=nn.Conv1d(2, 3, 2, bias=False))),
    "conv1d/pointwise": ([5, 3], 1.0, lambda: network(layer=nn.Conv1d(5, 4, 1))),
    "conv1d/causal": ([2, 7], 1.0, lambda: network(layer=Causal(2, 3, 3))),
    "conv1d/causal_all": ([4, 8], 1.0, lambda: network(layer=Causal(4, 6, 3, stride=3, dilation=2, groups=2))),
    "conv1d/all": (
        [4, 13],
        1.0,
        lambda: network(layer=nn.Conv1d(4, 6, 5, stride=2, padding=1, dilation=2, groups=2)),
    ),
    "conv2d/default": ([2, 5, 6], 1.0, lambda: network(layer=nn.Conv2d(2, 3, 3))),
    "conv2d/odd_kernel": ([2, 6, 9], 1.0, lambda: network(layer=nn.Conv2d(2, 3, (3, 5)))),
    "conv2d/stride": ([1, 7, 9], 1.0, lambda: network(layer=nn.Conv2d(1, 3, (3, 2), stride=(2, 3)))),
    "conv2d/padding": ([2, 4, 5], 1.0, lambda: network(layer=nn.Conv2d(2, 3, 3, padding=(1, 2)))),
    "conv2d/same": ([2, 4, 5], 1.0, lambda: network(layer=nn.Conv2d(2, 3, (2, 3), padding="same", dilation=(3, 2)))),
    "conv2d/dilation": ([2, 7, 8], 1.0, lambda: network(layer=nn.Conv2d(2, 3, (3, 2), dilation=(2, 3)))),
    "conv2d/groups": ([4, 5, 4], 1.0, lambda: network(layer=nn.Conv2d(4, 6, (2, 3), groups=2))),
    "conv2d/depthwise": ([3, 5, 4], 1.0, lambda: network(layer=nn.Conv2d(3, 6, 3, padding=1, groups=3))),
    "conv2d/no_bias": ([2, 5, 4], 1.0, lambda: network(layer=nn.Conv2d(2, 3, 2, bias=False))),
    "conv2d/pointwise": ([5, 3, 2], 1.0, lambda: network(layer=nn.Conv2d(5, 4, 1))),
    "conv2d/all": (
        [4, 7, 11],
        1.0,
        lambda: network(layer=nn.Conv2d(4, 6, (3, 5), stride=2, padding=1, dilation=2, groups=2)),
    ),
    "conv_transpose1d/default": ([2, 5], 1.0, lambda: network(layer=nn.ConvTranspose1d(2, 3, 3))),
    "conv_transpose1d/stride": ([3, 4], 1.0, lambda: network(layer=nn.ConvTranspose1d(3, 2, 2, stride=3))),
    "conv_transpose1d/padding": ([2, 5], 1.0, lambda: network(layer=nn.ConvTranspose1d(2, 3, 4, padding=2))),
    "conv_transpose1d/output_padding": (
        [2, 4],
        1.0,
        lambda: network(layer=nn.ConvTranspose1d(2, 3, 3, stride=3, padding=1, output_padding=2)),
    ),
    "conv_transpose1d/groups": ([4, 3], 1.0, lambda: network(layer=nn.ConvTranspose1d(4, 6, 3, groups=2))),
    "conv_transpose1d/no_bias": ([2, 3], 1.0, lambda: network(layer=nn.ConvTranspose1d(2, 3, 2, bias=False))),
    "conv_transpose1d/dilation": (
        [2, 4],
        1.0,
        lambda: network(layer=nn.ConvTranspose1d(2, 3, 3, dilation=3, output_padding=2)),
    ),
    "conv_transpose1d/all": (
        [4, 5],
        1.0,
        lambda: network(layer=nn.ConvTranspose1d(4, 6, 5, 2, 3, 1, 2, True, 3)),
    ),
    "conv_transpose2d/default": ([2, 3, 4], 1.0, lambda: network(layer=nn.ConvTranspose2d(2, 3, 3))),
    "conv_transpose2d/odd_kernel": ([2, 4, 3], 1.0, lambda: network(layer=nn.ConvTranspose2d(2, 3, (3, 5)))),
    "conv_transpose2d/stride": ([3, 3, 2], 1.0, lambda: network(layer=nn.ConvTranspose2d(3, 2, 2, stride=(2, 3)))),
    "conv_transpose2d/padding": ([2, 4, 3], 1.0, lambda: network(layer=nn.ConvTranspose2d(2, 3, 3, padding=(1, 2)))),
    "conv_transpose2d/output_padding": (
        [2, 3, 2],
        1.0,
        lambda: network(layer=nn.ConvTranspose2d(2, 3, 3, stride=(2, 3), padding=1, output_padding=(1, 2))),
    ),
    "conv_transpose2d/groups": ([4, 2, 3], 1.0, lambda: network(layer=nn.ConvTranspose2d(4, 6, (2, 3), groups=2))),
    "conv_transpose2d/depthwise": ([3, 3, 2], 1.0, lambda: network(layer=nn.ConvTranspose2d(3, 3, 2, groups=3))),
    "conv_transpose2d/no_bias": ([2, 3, 2], 1.0, lambda: network(layer=nn.ConvTranspose2d(2, 3, 2, bias=False))),
    "conv_transpose2d/dilation": ([2, 3, 2], 1.0, lambda: network(layer=nn.ConvTranspose2d(2, 3, 2, dilation=(2, 3)))),
    "conv_transpose2d/all": (
        [4, 3, 2],
        1.0,
        lambda: network(layer=nn.ConvTranspose2d(4, 6, (3, 5), 2, (1, 2), (0, 1), 2, True, 2)),
    ),
}


def write(wanted):
    write_layers(CASES, wanted)
