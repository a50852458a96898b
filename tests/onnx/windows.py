"""Convolution and pooling: a window that slides over one or two dimensions."""

import numpy as np

from case import Network, require
from operators import operator


def pair(values):
    """`3`, or `(3, 5)`."""
    return str(values[0]) if len(set(values)) == 1 else f"({', '.join(map(str, values))})"


class Window:
    """The window's options with ONNX's defaults, and what `network!` asks of them."""

    def __init__(self, case, kernel):
        self.size = case.inputs[0].shape[2:]
        require(len(self.size) <= 2, "three spatial dimensions")
        ones = [1] * len(self.size)
        self.kernel = list(case.attribute("kernel_shape", kernel))
        self.stride = list(case.attribute("strides", ones))
        self.dilation = list(case.attribute("dilations", ones))
        self.before, self.after = self.pads(case)

    @property
    def rank(self):
        return f"{len(self.size)}d"

    def reach(self):
        return [dilation * (kernel - 1) + 1 for dilation, kernel in zip(self.dilation, self.kernel)]

    def pads(self, case):
        kind = case.attribute("auto_pad", "NOTSET")
        if not kind.startswith("SAME"):
            pads = list(case.attribute("pads", [0] * 2 * len(self.size)))
            return pads[: len(self.size)], pads[len(self.size) :]
        sizes = zip(self.size, self.stride, self.reach())
        totals = [max((-(-size // stride) - 1) * stride + reach - size, 0) for size, stride, reach in sizes]
        return self.halves(kind, totals)

    def halves(self, kind, totals):
        halves = [total // 2 for total in totals], [total - total // 2 for total in totals]
        return halves if kind == "SAME_UPPER" else halves[::-1]

    def cut(self, case, whole):
        """Of a transposed convolution: `auto_pad` leaves `stride` times the input of the whole."""
        kind = case.attribute("auto_pad", "NOTSET")
        if kind.startswith("SAME"):
            sizes = zip(whole, self.size, self.stride)
            self.before, self.after = self.halves(kind, [max(all - size * stride, 0) for all, size, stride in sizes])

    def check_pooling(self):
        half = all(2 * pad <= kernel for pads in (self.before, self.after) for pad, kernel in zip(pads, self.kernel))
        require(half, "padding of more than half the window, which PyTorch refuses, too")

    def padding(self):
        """A size of each dimension, or what is added before and after."""
        if self.before != self.after:
            return str([list(sides) for sides in zip(self.before, self.after)])
        return pair(self.before) if any(self.before) else None

    def options(self, stride=True, **others):
        """What is written of them; `stride` says whether the default is 1."""
        default = [1] * len(self.size) if stride else self.kernel
        named = {
            "stride": pair(self.stride) if self.stride != default else None,
            "padding": self.padding(),
            "dilation": pair(self.dilation) if set(self.dilation) != {1} else None,
            **others,
        }
        return "".join(f", {name} = {value}" for name, value in named.items() if value is not None)


def parameters(case):
    bias = case.input(2)
    return {"layer.weight": case.inputs[1], **({} if bias is None else {"layer.bias": bias})}


def shared(case):
    """Groups and bias."""
    groups = case.attribute("group", 1)
    return {"groups": None if groups == 1 else groups, "bias": "false" if case.input(2) is None else None}


@operator("Conv")
def conv(case):
    x, weight = case.inputs[:2]
    window = Window(case, weight.shape[2:])
    options = window.options(**shared(case))
    stage = f"layer: conv{window.rank}({weight.shape[0]}, {pair(window.kernel)}{options})"
    return Network(stage, x, case.outputs[0], parameters(case))


@operator("ConvTranspose")
def conv_transpose(case):
    x, weight = case.inputs[:2]
    y = case.outputs[0]
    window = Window(case, weight.shape[2:])
    sizes = zip(window.size, window.stride, window.reach())
    whole = [(size - 1) * stride + reach for size, stride, reach in sizes]
    window.cut(case, whole)
    kept = [size - before - after for size, before, after in zip(whole, window.before, window.after)]
    more = [output - size for output, size in zip(y.shape[2:], kept)]
    options = window.options(output_padding=pair(more) if any(more) else None, **shared(case))
    stage = f"layer: conv_transpose{window.rank}({y.shape[1]}, {pair(window.kernel)}{options})"
    return Network(stage, x, y, parameters(case))


def ceil_mode(case):
    return "true" if case.attribute("ceil_mode", 0) else None


@operator("MaxPool")
def max_pool(case):
    x, y = case.inputs[0], case.outputs[0]
    require(x.dtype == np.float32, "integers")
    window = Window(case, None)
    window.check_pooling()
    unseen = "the indices of the maxima" if len(case.outputs) > 1 else None
    options = window.options(stride=False, ceil_mode=ceil_mode(case))
    return Network(f"max_pool{window.rank}({pair(window.kernel)}{options})", x, y, unseen=unseen)


@operator("AveragePool")
def average_pool(case):
    window = Window(case, None)
    window.check_pooling()
    require(set(window.dilation) == {1}, "`dilations`, which PyTorch has not, either")
    counts = case.attribute("count_include_pad", 0) or not any(window.before + window.after)
    options = window.options(
        stride=False, ceil_mode=ceil_mode(case), count_include_pad=None if counts else "false"
    )
    stage = f"avg_pool{window.rank}({pair(window.kernel)}{options})"
    # The expected values of this case are written by hand, with four decimals.
    rounded = case.name == "averagepool_2d_ceil_last_window_starts_on_pad"
    return Network(stage, case.inputs[0], case.outputs[0], rounded=rounded)


@operator("GlobalAveragePool", "GlobalMaxPool")
def global_pool(case):
    """Without the spatial dimensions of size 1 that ONNX keeps."""
    (x,), (y,) = case.inputs, case.outputs
    keyword = {"GlobalAveragePool": "global_avg_pool", "GlobalMaxPool": "global_max_pool"}[case.node.op_type]
    return Network(keyword, x, y.reshape(y.shape[:2]))
