#!/usr/bin/env python3
"""Fetches Silero VAD from the Python package silero-vad 6.2.3 into `data`: 11 MB, MIT licence, never committed. Needs pip alone.
Ends with 69 if there is no way to get it.

`data/silero_vad_16k.safetensors` is a file of the package. `data/silero_vad.safetensors` has the weights of `silero_vad.jit` at
16 kHz, which `silero_vad.onnx` has, too, under the names of the first: the archive's numbers behind a new header.
"""

import hashlib
import json
import shutil
import struct
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

DATA = Path(__file__).parent / "data"
VERSION = "6.2.3"
SUMS = {
    "silero_vad/data/silero_vad.jit": "e1122837f4154c511485fe0b9c64455f7b929c96fbb8d79fbdb336383ebd3720",
    "silero_vad/data/silero_vad.onnx": "1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3",
    "silero_vad/data/silero_vad_16k.safetensors": "c59271c284ae9c8335d795d60e0bfdb71aaaceec578d9bd9ffc1b8153c319ea1",
    f"silero_vad-{VERSION}.dist-info/licenses/LICENSE": None,
}
# The tensors of `silero_vad_16k.safetensors`, in the order of the archive `silero_vad.jit`, in which they are entries 2 to 16.
TENSORS = [
    ("stft_conv.weight", [258, 1, 256]),
    ("conv1.weight", [128, 129, 3]),
    ("conv1.bias", [128]),
    ("conv2.weight", [64, 128, 3]),
    ("conv2.bias", [64]),
    ("conv3.weight", [64, 64, 3]),
    ("conv3.bias", [64]),
    ("conv4.weight", [128, 64, 3]),
    ("conv4.bias", [128]),
    ("lstm_cell.weight_ih", [512, 128]),
    ("lstm_cell.weight_hh", [512, 128]),
    ("lstm_cell.bias_ih", [512]),
    ("lstm_cell.bias_hh", [512]),
    ("final_conv.weight", [1, 128, 1]),
    ("final_conv.bias", [1]),
]


def convert(archive, path):
    """Writes the tensors of PyTorch's archive as a safetensors file."""
    with zipfile.ZipFile(archive) as entries:
        folder = entries.namelist()[0].split("/")[0]
        parts = [entries.read(f"{folder}/data/{index}") for index in range(2, 2 + len(TENSORS))]
    header, end = {}, 0
    for (name, shape), part in zip(TENSORS, parts):
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [end, end + len(part)]}
        end += len(part)
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(parts))


def main():
    with tempfile.TemporaryDirectory() as scratch:
        # the wheel is the same for every version of Python; it is unpacked, not installed
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        if subprocess.run([*command, "--only-binary=:all:", "--dest", scratch, f"silero-vad=={VERSION}"]).returncode:
            sys.exit(69)
        made = Path(scratch) / "data"
        made.mkdir()
        with zipfile.ZipFile(next(Path(scratch).glob("*.whl"))) as wheel:
            for name, expected in SUMS.items():
                content = wheel.read(name)
                if expected and hashlib.sha256(content).hexdigest() != expected:
                    sys.exit(f"{name} is not the file of silero-vad {VERSION}")
                (made / Path(name).name).write_bytes(content)
        convert(made / "silero_vad.jit", made / "silero_vad.safetensors")
        shutil.rmtree(DATA, ignore_errors=True)
        shutil.move(made, DATA)
    print(f"Silero VAD is in {DATA}")


if __name__ == "__main__":
    main()
