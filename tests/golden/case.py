"""A golden case: named tensors, written as lines of text."""

import platform
import zlib
from pathlib import Path

import torch

FOLDER = Path(__file__).parent


class Case:
    """The tensors of one file, `<keyword>/<case>.txt`, in the order in which they are added."""

    def __init__(self, name):
        self.name = name
        self.lines = []
        # Each case has random numbers of its own: adding one leaves the others as they are.
        torch.manual_seed(zlib.crc32(name.encode()))

    def add(self, name, tensor):
        tensor = tensor.detach()
        if tensor.is_floating_point():
            assert tensor.dtype == torch.float64 and tensor.isfinite().all(), f"{self.name}: {name}"
        shape = ",".join(map(str, tensor.shape or (1,)))
        # The shortest decimal number that reads back as the same f64.
        values = " ".join(repr(value) for value in tensor.flatten().tolist())
        self.lines.append(f"{name} [{shape}] {values}\n")

    def add_state(self, prefix, module):
        """Every parameter and running statistic, by its name in `state_dict`."""
        for name, tensor in module.state_dict().items():
            if not name.endswith("num_batches_tracked"):
                self.add(f"{prefix}.{name}", tensor)

    def add_gradients(self, module):
        for name, parameter in module.named_parameters():
            self.add(f"gradient.{name}", parameter.grad)

    def write(self, script="tests/golden/generate.py"):
        path = FOLDER / f"{self.name}.txt"
        path.parent.mkdir(exist_ok=True)
        header = f"# {script}, torch {torch.__version__}, python {platform.python_version()}\n"
        path.write_text(header + "".join(self.lines))


def coarse(tensor):
    """Multiples of 1/64: short to write, and exact in f32, so that its errors are those of the arithmetic alone."""
    return (tensor * 64.0).round() / 64.0


def random(*shape, scale=1.0):
    return coarse(torch.randn(shape) * scale)


def uniform(*shape):
    """Probabilities, neither 0 nor 1."""
    return coarse(torch.rand(shape)).clamp(1 / 64, 63 / 64)


def coarsen(module):
    """The module with coarse parameters."""
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(coarse(parameter))
    return module


def mix(value):
    """The output function of SplitMix64."""
    mask = (1 << 64) - 1
    value = (value + 0x9E3779B97F4A7C15) & mask
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & mask
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & mask
    return value ^ (value >> 31)


def pattern(shape, seed, scale):
    """Numbers between -scale and scale that a test can make again, for tensors too large to be written."""
    count = torch.Size(shape).numel()
    values = [((mix((seed << 32) + i) >> 11) * 2.0**-53 * 2.0 - 1.0) * scale for i in range(count)]
    return torch.tensor(values).reshape(shape)


def digest(tensor):
    """Sum, sum of squares, and eight entries from the first to the last."""
    flat = tensor.detach().flatten()
    entries = flat[[i * (len(flat) - 1) // 7 for i in range(8)]]
    return torch.cat([flat.sum()[None], flat.square().sum()[None], entries])
