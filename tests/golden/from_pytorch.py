"""Checks that PyTorch has every name in the first columns of nn-runtime/guide/from-pytorch.md: `python tests/golden/from_pytorch.py`."""

import re
from pathlib import Path

import torch
from torch import nn

PAGE = Path(__file__).parents[2] / "nn-runtime" / "guide" / "from-pytorch.md"

names = set()
for row in PAGE.read_text().splitlines():
    if row.startswith("| "):
        for code in re.findall("`([^`]*)`", row.split(" | ")[0]):
            names.update(re.findall(r"\b(?:nn|torch)(?:\.\w+)+", code))
for name in sorted(names):
    eval(name)
print(f"PyTorch {torch.__version__} has all {len(names)} names")
