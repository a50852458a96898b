"""Writes the files of weights: the `state_dict` of each network as PyTorch saves it, `<case>.safetensors`, and an input with its
output, computed in f64 from those very weights, `<case>.txt`.

    python tests/weights/generate.py             all of them
    python tests/weights/generate.py conv2d gru  those whose name begins so

Needs PyTorch and safetensors. A case is an entry of the table in `networks.py`, and one in `tests/tests/weights.rs`.
"""

import copy
import sys

import torch
from safetensors.torch import save_file

from networks import CASES, FOLDER, build
from case import Case, coarse

ROWS = 3


def write(name):
    module, shape = build(name), CASES[name][0]
    # the count of batches is what PyTorch itself has after training
    for buffer, value in module.named_buffers():
        if buffer.endswith("num_batches_tracked"):
            value.fill_(12)
    save_file(module.state_dict(), FOLDER / f"{name}.safetensors", metadata={"format": "pt"})
    torch.manual_seed(1)
    if isinstance(shape, int):
        input = torch.randint(7, (ROWS, shape))
    else:
        input = coarse(torch.randn(ROWS, *shape).double())
    case = Case(f"../weights/{name}")
    case.add("input", input)
    case.add("output", copy.deepcopy(module).double()(input))
    case.write("tests/weights/generate.py")


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    prefixes = tuple(sys.argv[1:]) or ("",)
    for name in CASES:
        if name.startswith(prefixes):
            write(name)
