"""A node test of ONNX, and what becomes of it."""

from pathlib import Path

import numpy as np
import onnx
from onnx import helper, numpy_helper

NODES = Path(onnx.__file__).parent / "backend/test/data/node"


class Unsupported(Exception):
    """Why a case cannot be written as a network."""


def require(condition, reason):
    if not condition:
        raise Unsupported(reason)


class Case:
    """One operator with its attributes, inputs and outputs; a tensor that is left out is `None`."""

    def __init__(self, folder):
        self.name = folder.name.removeprefix("test_").lower()
        self.folder = folder
        graph = onnx.load(folder / "model.onnx").graph
        # A model of several nodes is another case's operator, written as a subgraph.
        self.node = graph.node[0] if len(graph.node) == 1 else None
        self.graph = graph

    def read(self):
        self.attributes = {a.name: helper.get_attribute_value(a) for a in self.node.attribute}
        self.inputs = self.tensors("input", self.node.input)
        self.outputs = self.tensors("output", self.node.output)

    def tensors(self, kind, names):
        """The arrays in the order of the node's arguments, of which those without a name are left out."""
        numbers = {value.name: at for at, value in enumerate(getattr(self.graph, kind))}
        return [self.load(f"{kind}_{numbers[name]}.pb") if name else None for name in names]

    def load(self, file):
        return numpy_helper.to_array(onnx.load_tensor(self.folder / "test_data_set_0" / file))

    def bytes(self):
        return {path.name: path.read_bytes() for path in (self.folder / "test_data_set_0").iterdir()}

    def attribute(self, name, default=None):
        value = self.attributes.get(name, default)
        return value.decode() if isinstance(value, bytes) else value

    def input(self, at):
        return self.inputs[at] if at < len(self.inputs) else None

    def axis(self, name="axis", default=-1):
        """A dimension of the first input, counted from the front."""
        return self.attribute(name, default) % self.inputs[0].ndim

    def number(self, name, default=None):
        """A number that was rounded to f32, as it was written."""
        return shortest(self.attribute(name, default))


class Network:
    """A network over rows of samples, what goes in and what comes out.

    `unseen` names outputs that it does not show; `rounded` says that those it does are not exact.
    """

    def __init__(self, stages, x, y, parameters=None, index=None, unseen=None, training=False, rounded=False):
        self.stages, self.x, self.y, self.index, self.unseen = stages, x, y, index, unseen
        self.parameters = parameters or {}
        self.training, self.rounded = training, rounded

    def spec(self):
        element = f"{self.index} " if self.index else ""
        body = f"{{ {self.stages} }}"
        kind = "training " if self.training else ""
        return kind, f"{element}{list(self.x.shape[1:])} -> {list(self.y.shape[1:])} {body}"

    def tensors(self):
        parameters = {f"parameter.{name}": value for name, value in self.parameters.items()}
        return {**parameters, "input": self.x, "output": self.y, **self.tolerance()}

    def tolerance(self):
        """ONNX's own, where its values are rounded."""
        return {"tolerance": np.float32([1e-3])} if self.rounded else {}


class Loss:
    """A loss of rows of class scores; the reduction says what of it is compared."""

    def __init__(self, loss, reduction, tensors):
        self.loss, self.reduction, self.values, self.unseen = loss, reduction, tensors, None

    def tensors(self):
        return self.values


class Optimizer:
    """One step of an optimizer, given its state."""

    def __init__(self, optimizer, step, tensors):
        self.optimizer, self.step, self.values, self.unseen = optimizer, step, tensors, None

    def tensors(self):
        return self.values


def shortest(number):
    """The shortest decimal number that reads back as the same f32."""
    return str(np.float32(number)).removesuffix(".0")


def one(array):
    """The whole array as a single sample."""
    return array[None]


def rows(array):
    """The first dimension counts samples, unless there is no other."""
    return array if array.ndim > 1 else one(array)


def shape(sizes):
    return "[" + ", ".join(map(str, sizes)) + "]"
