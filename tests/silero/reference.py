"""Writes what the published models say of a signal that the test can make again, `tests/silero/expected.txt`.

    python tests/silero/fetch.py
    python tests/silero/reference.py

The package has two networks of the same layers. onnxruntime runs that of `silero_vad.onnx`, whose weights are those of
`silero_vad.jit`. No file runs that of `silero_vad_16k.safetensors`: PyTorch runs it, its weights put into the program of
`silero_vad.jit`. Both keep the last 64 samples of a chunk and put them before the next, as the package does.
"""

import math
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from safetensors.torch import load_file

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER.parent / "golden"))

from case import Case, pattern
from fetch import TENSORS

RATE = 16000
CHUNK = 512
CONTEXT = 64
CHUNKS = 40
# The resonances of two vowels, a and i, in Hz.
FORMANTS = [(700, 1220, 2600), (300, 2300, 3000)]


def signal():
    """1.3 seconds: noise, in it syllables of a voice from 0.4 s to 0.9 s. Numbers of 16 bits."""
    noise = pattern([CHUNKS * CHUNK], 16, 0.01).tolist()
    samples = []
    for index, value in enumerate(noise):
        time = index / RATE
        if 0.4 <= time < 0.9:
            turns = 120.0 * time + 2.0 * math.sin(3.0 * time)
            formants = FORMANTS[index // 4000 % 2]
            for harmonic in range(1, 30):
                loudness = sum(1.0 / (1.0 + ((120.0 * harmonic - formant) / 100.0) ** 2) for formant in formants)
                value += 0.2 * math.sin(4.0 * math.pi * time) ** 2 * loudness * math.sin(2.0 * math.pi * harmonic * turns)
        samples.append(math.floor(value * 32768.0 + 0.5) / 32768.0)
    return torch.tensor(samples, dtype=torch.float32).reshape(CHUNKS, CHUNK)


def of_onnx(chunks):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(FOLDER / "data" / "silero_vad.onnx", options)
    state, context, made = np.zeros((2, 1, 128), np.float32), np.zeros((1, CONTEXT), np.float32), []
    for chunk in chunks.numpy():
        input = np.concatenate([context, chunk[None]], 1)
        probability, state = session.run(None, {"input": input, "state": state, "sr": np.array(RATE)})
        context = input[:, -CONTEXT:]
        made.append(probability.item())
    return torch.tensor(made, dtype=torch.float64)


def of_pytorch(chunks, weights=None):
    model = torch.jit.load(FOLDER / "data" / "silero_vad.jit").eval()
    if weights:
        parameters = model._model.state_dict()
        for (ours, _), tensor in zip(TENSORS, parameters.values(), strict=True):
            tensor.copy_(weights[ours])
    with torch.no_grad():
        return torch.tensor([model(chunk[None], RATE).item() for chunk in chunks], dtype=torch.float64)


if __name__ == "__main__":
    torch.set_num_threads(1)
    chunks = signal()
    published, jit = of_onnx(chunks), of_pytorch(chunks)
    assert (published - jit).abs().max() < 2e-6, (published - jit).abs().max()
    case = Case("../silero/expected")
    case.add("probability.silero_vad", published)
    case.add("probability.silero_vad_16k", of_pytorch(chunks, load_file(FOLDER / "data" / "silero_vad_16k.safetensors")))
    case.write("tests/silero/reference.py")
