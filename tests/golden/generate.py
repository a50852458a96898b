"""Writes the golden files: what PyTorch computes, in f64, for the tests of this package.

    python tests/golden/generate.py             all of them
    python tests/golden/generate.py conv2d gru  those whose name begins so

A file is a header and one line for each tensor: its name, its shape, its values in row-major order. A case is one entry
in a table of one of the files beside this one, and one in a Rust test, `tests/tests/golden_*.rs`.
"""

import sys

import torch

import attention
import averages
import convolution
import layers
import networks
import losses
import normalisation
import optimizers
import pooling
import recurrent
import schedules
import sequence
import shape

if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    torch.set_default_dtype(torch.float64)
    prefixes = tuple(sys.argv[1:]) or ("",)
    for family in [layers, convolution, pooling, shape, attention, normalisation, sequence, recurrent, losses, optimizers, schedules, averages, networks]:
        family.write(lambda name: name.startswith(prefixes))
