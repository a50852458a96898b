"""Operators that move values: parts, padding, resizing, blocks."""

import numpy as np

from case import Network, one, require, shape, shortest
from operators import operator


def axes(case, given):
    """The dimensions that are named, counted from 0; all of them, if none is."""
    count = case.inputs[0].ndim
    return list(range(count)) if given is None else [int(axis) % count for axis in given]


@operator("Slice")
def part(case):
    """A `narrow` for each dimension of which a part is taken; the tensor is one sample."""
    x, starts, ends = case.inputs[:3]
    require(case.outputs[0].size > 0, "a tensor without entries")
    steps = case.input(4) if case.input(4) is not None else np.ones_like(starts)
    require((steps == 1).all(), "a step other than 1")
    stages = []
    for axis, start, end in zip(axes(case, case.input(3)), starts, ends):
        start, end, _ = slice(int(start), int(end)).indices(x.shape[axis])
        stages.append(f"narrow({axis}, {start}, {end - start})")
    return Network(", ".join(stages), one(x), one(case.outputs[0]))


@operator("Pad")
def pad(case):
    """`pad`; integers are moved as floats."""
    x, y = (tensor.astype(np.float32) for tensor in (case.inputs[0], case.outputs[0]))
    mode = {"constant": "constant", "reflect": "reflect", "edge": "replicate", "wrap": None}[
        case.attribute("mode", "constant")
    ]
    require(mode, "`wrap`: the values go round in a circle")
    named = axes(case, case.input(3))
    given = [int(size) for size in case.inputs[1]]
    sides = [[0, 0] for _ in x.shape]
    for at, axis in enumerate(named):
        sides[axis] = [given[at], given[at + len(named)]]
    require(min(given) >= 0, "negative padding, which takes values away")
    value = case.input(2)
    options = f", value = {shortest(value.item())}" if mode == "constant" and value is not None and value.item() else ""
    options = f", mode = {mode}" if mode != "constant" else options
    if sides[0] == [0, 0]:
        return Network(f"pad({sides[1:]}{options})", x, y)
    return Network(f"pad({sides}{options})", one(x), one(y))


@operator("Resize", "Upsample")
def resize(case):
    """`upsample`, by whole factors of the last dimensions."""
    x, y = case.inputs[0], case.outputs[0]
    mode, place = case.attribute("mode", "nearest"), case.attribute("coordinate_transformation_mode", "half_pixel")
    require(mode != "cubic", "`cubic`")
    require(place in ["half_pixel", "align_corners", "asymmetric"], f"`{place}`")
    require(all(out % size == 0 for size, out in zip(x.shape, y.shape)), "a factor that is not a whole number")
    require(x.shape[:2] == y.shape[:2], "samples or channels as the dimensions that are resized")
    if mode == "nearest":
        # By whole factors these take the same values.
        places = {"half_pixel": ["round_prefer_floor", "round_prefer_ceil"], "asymmetric": ["floor"]}
        nearest = case.attribute("nearest_mode", "round_prefer_floor")
        require(nearest in places.get(place, []), f"`nearest` by `{nearest}` of `{place}`")
    else:
        require(place != "asymmetric", "`linear` of `asymmetric`")
    factors = tuple(out // size for size, out in zip(x.shape[2:], y.shape[2:]))
    options = ", mode = bilinear" if mode == "linear" else ""
    options += ", align_corners = true" if place == "align_corners" else ""
    factors = factors[0] if len(set(factors)) == 1 else factors
    return Network(f"upsample({factors}{options})", x, y)


@operator("DepthToSpace", "SpaceToDepth")
def blocks(case):
    """A dimension of blocks is split off and moved by `permute`."""
    x, y, size = case.inputs[0], case.outputs[0], case.attribute("blocksize")
    if case.node.op_type == "SpaceToDepth":
        _, channels, height, width = x.shape
        split, order = [channels, height // size, size, width // size, size], [2, 4, 0, 1, 3]
    else:
        _, channels, height, width = y.shape
        if case.attribute("mode", "DCR") == "DCR":
            split, order = [size, size, channels, height // size, width // size], [2, 3, 0, 4, 1]
        else:
            split, order = [channels, size, size, height // size, width // size], [0, 3, 1, 4, 2]
    return Network(f"reshape({shape(split)}), permute({order}), reshape({shape(y.shape[1:])})", x, y)
