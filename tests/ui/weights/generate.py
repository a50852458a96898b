"""Writes the files of weights beside it, with torch and safetensors: `python tests/ui/weights/generate.py`."""

import pathlib
import struct

import numpy
import torch
from safetensors.torch import load, save, save_file

HERE = pathlib.Path(__file__).parent
NETWORK = "network"


def values(*shape, start=0):
    """1, 2, 3, .. divided by 8: exact in every type."""
    count = int(numpy.prod(shape, dtype=int))
    return ((torch.arange(count) + start + 1) / 8).reshape(shape)


def write(name, tensors, metadata=None):
    save_file(tensors, HERE / f"{name}.safetensors", metadata=metadata)


def network(**others):
    """`[4] -> [3] { fc1: linear(2), tanh, fc2: linear(3) }`"""
    tensors = {
        "fc1.weight": values(2, 4),
        "fc1.bias": values(2, start=10),
        "fc2.weight": values(3, 2, start=20),
        "fc2.bias": values(3, start=30),
    }
    tensors.update(others)
    return {name: tensor for name, tensor in tensors.items() if tensor is not None}


SPEC = """[4] -> [3]
fc1: linear(out_features = 2, bias = true): [4] -> [2]
tanh1: tanh: [2] -> [2]
fc2: linear(out_features = 3, bias = true): [2] -> [3]"""

ENCODER = """[4] -> [3]
enc: network: [4] -> [2]
enc.fc: linear(out_features = 2, bias = true): [4] -> [2]
enc.leaky_relu1: leaky_relu(negative_slope = {slope}): [2] -> [2]
out: linear(out_features = 3, bias = true): [2] -> [3]"""


def encoder(**others):
    """`[4] -> [3] { enc: Encoder, out: linear(3) }`, with an encoder `{ fc: linear(2), leaky_relu }`."""
    names = {"fc1.weight": "enc.fc.weight", "fc1.bias": "enc.fc.bias", "fc2.weight": "out.weight", "fc2.bias": "out.bias"}
    tensors = {names[name]: tensor for name, tensor in network().items()}
    tensors.update(others)
    return {name: tensor for name, tensor in tensors.items() if tensor is not None}


def main():
    write("network", network())
    write("network_with_spec", network(), {"format": "pt", NETWORK: SPEC})
    for name, dtype in [("f16", torch.float16), ("bf16", torch.bfloat16), ("f64", torch.float64)]:
        write(name, {key: tensor.to(dtype) for key, tensor in network().items()})
    write("frozen_alone", {name: network()[name] for name in ["fc1.weight", "fc1.bias"]})
    write("encoder", encoder())
    write("encoder_with_spec", encoder(), {NETWORK: ENCODER.format(slope=0.01)})
    write("encoder_of_another_shape", encoder(**{"enc.fc.weight": values(2, 5), "enc.fc.bias": None, "enc.x": values(1)}))
    norm = {"weight": values(2), "bias": values(2, start=2), "running_mean": values(2, start=4), "running_var": values(2, start=6)}
    norm = {f"norm.{name}": tensor for name, tensor in norm.items()}
    write("norm", norm | {"norm.num_batches_tracked": torch.tensor(7)})
    write("own", {"own.scale": values(2, 3), "own.shift": values(2, start=6), "out.weight": values(1, 2), "out.bias": values(1)})
    write("embedding", {"embed.weight": values(5, 2), "words.table.weight": values(2, 3)})

    write("another_shape", network(**{"fc1.weight": values(5, 4)}))
    write("transposed", network(**{"fc1.weight": values(4, 2)}))
    write("missing", network(**{"fc2.bias": None}))
    write("left_over", network(**{"fc3.weight": values(2, 2)}))
    write("other_names", {f"model.{index}.{rest}": tensor for name, tensor in network().items()
                          for index, rest in [(int(name[2]) * 2 - 2, name[4:])]})
    several = {"fc1.weight": values(2, 5), "fc2.bias": None, "fc3.weight": values(2, 2), "fc1.bias": torch.tensor([1, 2])}
    write("several", network(**several))
    write("integers", network(**{"fc1.bias": torch.tensor([1, 2])}))
    write("nan", network(**{"fc2.weight": torch.tensor([[1.0, 2.0], [3.0, float("nan")], [5.0, 6.0]])}))
    write("infinite", network(**{"fc2.bias": torch.tensor([1.0, 2.0, float("-inf")])}))
    write("too_large", network(**{"fc2.bias": torch.tensor([1.0, 1e300, 3.0], dtype=torch.float64)}))
    write("another_activation", network(), {NETWORK: SPEC.replace("tanh", "relu")})

    whole = (HERE / "network.safetensors").read_bytes()
    (HERE / "truncated.safetensors").write_bytes(whole[:-5])
    (HERE / "no_header.safetensors").write_bytes(struct.pack("<Q", 1 << 40) + whole[8:])
    (HERE / "empty.safetensors").write_bytes(b"")
    torch.save(network(), HERE / "checkpoint.pt")
    numpy.savez(HERE / "arrays.npz", **{name: tensor.numpy() for name, tensor in network().items()})
    (HERE / "pointer.safetensors").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 4\n")


if __name__ == "__main__":
    main()
