"""What every program of the suite does around its work: reading the exchanged files, checking, timing."""

import os
import sys
import time
from pathlib import Path

# one thread, set before any library starts its own
for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"

import numpy as np

TOLERANCE = 1e-3
CHECKED_STEPS = 4
TIMED_RATE = 1e-6

# networks by the workloads' first word; the number of values of a sample's input and output
SIZES = {
    "tiny": (2, 1), "simplechains": (4, 4), "mlp": (784, 10), "lenet": (784, 10), "lstm16": (1, 1), "gru16": (1, 1),
    "lstm64": (1, 1), "encoder": (512, 512), "regression": (6, 4), "silero": (576, 1),
}
BATCHES = {
    "tiny-sgd": 4, "tiny-adam": 4, "simplechains": 10_000, "mlp-train-32": 32, "mlp-train-64": 64, "lenet-train-32": 32,
    "lenet-train-128": 128, "lstm16-train": 16, "gru16-train": 16, "lstm64-train": 16, "encoder-train-16": 16,
}
RECURRENT = ("lstm16", "gru16", "lstm64")
# a state from sample to sample, but another input and output than those
STREAMED = ("silero",)
STEPS = 32


class Work:
    """A workload: its weights by name, its samples, and what is expected of it."""

    def __init__(self, directory, name):
        self.directory, self.name = Path(directory) / name, name
        self.network = name.split("-")[0]
        self.batch = BATCHES.get(name)
        self.is_recurrent = self.network in RECURRENT
        self.is_classification = self.network in ("mlp", "lenet")
        self.expected = self.read("expected")

    def read(self, file):
        return np.fromfile(self.directory / f"{file}.f32", dtype="<f4")

    def weights(self):
        values, weights = self.read("weights"), {}
        for line in (self.directory / "shapes.txt").read_text().splitlines():
            tensor, *shape = line.split()
            shape = [int(size) for size in shape]
            size = int(np.prod(shape))
            weights[tensor], values = values[:size].reshape(shape).copy(), values[size:]
        return weights

    def inputs(self, shape):
        """The samples of inference: a row of each, in this shape."""
        return self.read("input").reshape(-1, *shape)

    def batches(self, shape):
        """Inputs and targets of each batch; a sample's input in this shape."""
        inputs = self.read("input")
        sample = STEPS if self.is_recurrent else SIZES[self.network][0]
        inputs = inputs.reshape(-1, self.batch, *shape)
        targets = self.read("target")
        if self.is_classification:
            return inputs, targets.reshape(-1, self.batch).astype(np.int64)
        return inputs, targets.reshape(inputs.shape[0], self.batch, *(shape if self.is_recurrent or sample == 512 else (-1,)))

    def rate(self):
        return float(self.read("rate")[0])

    def check(self, values, variant):
        values = np.asarray(values, dtype=np.float32).ravel()
        scale = np.abs(self.expected).max()
        difference = np.abs(values - self.expected).max() if values.shape == self.expected.shape else np.inf
        if not difference <= TOLERANCE * scale:
            sys.exit(f"{self.name} {variant}: values differ from the expected ones by up to {difference:g}, "
                     f"their largest is {scale:g}")

    def time(self, variant, milliseconds, call, steps=1):
        """Samples of at least 100 us after a warm-up of a tenth of the time; a call does so many steps."""
        calls, clock = 1, time.perf_counter_ns

        def sample():
            start = clock()
            for _ in range(calls):
                call()
            return clock() - start

        start = clock()
        while True:
            spent = sample()
            if spent < 100_000:
                calls *= 2
            elif clock() - start >= milliseconds * 1e5:
                break
        samples, start = [], clock()
        while len(samples) < 5 or clock() - start < milliseconds * 1e6:
            samples.append(sample() / (calls * steps))
        samples.sort()
        print(f"{self.name} {variant} {samples[0]:.2f} {samples[len(samples) // 2]:.2f}", flush=True)


def run(variants, program):
    """`program.py VARIANT DIR MILLISECONDS WORKLOAD..`; `program(work, variant, milliseconds)` passes over what it lacks."""
    variant, directory, milliseconds, *names = sys.argv[1:]
    if variant not in variants:
        sys.exit(f"variants: {' '.join(variants)}")
    for name in names:
        program(Work(directory, name), variant, float(milliseconds))
