"""Loads into PyTorch the files that `cargo test -p nn-tests --test weights` saves, each by `load_state_dict`, strict, and compares
outputs with those of `generate.py`.

    python tests/weights/accept.py target/tmp/weights

Needs PyTorch and safetensors.
"""

import sys
from pathlib import Path

import torch
from safetensors.torch import load_file

from networks import CASES, FOLDER, build


def tensors(name):
    lines = (FOLDER / f"{name}.txt").read_text().splitlines()[1:]
    for line in lines:
        tensor, rest = line.split(" [", 1)
        shape, values = rest.split("] ", 1)
        read = torch.tensor([float(value) for value in values.split()], dtype=torch.float64)
        yield tensor, read.reshape([int(size) for size in shape.split(",")])


def accept(path):
    name = path.stem
    module = build(name)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.zero_()
    module.load_state_dict(load_file(path), strict=True)
    case = dict(tensors(name))
    input = case["input"].long() if isinstance(CASES[name][0], int) else case["input"]
    error = (module.double()(input) - case["output"]).abs().max() / case["output"].abs().max()
    assert error < 1e-12, f"{name}: the outputs are {error} apart"


if __name__ == "__main__":
    files = sorted(Path(sys.argv[1]).glob("*.safetensors"))
    # the names of this one are none that `network!` has
    assert {path.stem for path in files} == set(CASES) - {"unnamed"}
    for path in files:
        accept(path)
    print(f"{len(files)} files accepted by torch {torch.__version__}")
