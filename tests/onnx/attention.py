"""Attention, whose queries, keys and values ONNX has as three inputs."""

import numpy as np

from case import Network, require
from operators import operator

REASONS = {
    "softcap": "`softcap`",
    "attn_mask": "a mask as an input",
    "past_key": "keys and values of the past",
}


def heads_apart(array, heads):
    """`[N, steps, heads, features]` of either form of input."""
    if array.ndim == 4:
        return array.transpose(0, 2, 1, 3)
    return array.reshape(*array.shape[:2], heads, -1)


def check(case):
    given = dict(zip(["Q", "K", "V", "attn_mask", "past_key"], case.inputs))
    for name, reason in REASONS.items():
        require(given.get(name) is None and not case.attribute(name, 0.0), reason)
    require(case.inputs[0].dtype == np.float32, "half precision")


def selection(shape, places):
    """A matrix of zeros, and of ones at these places."""
    matrix = np.zeros(shape, np.float32)
    for row, column in places:
        matrix[row, column] = 1
    return matrix


class Layout:
    """Where queries, keys and values stand in a step, and in heads of `multihead_attention`, which have more room."""

    def __init__(self, q, k, v):
        self.samples, self.queries, self.heads, self.features = q.shape
        _, self.steps, self.sources, self.values = v.shape
        self.first_k = self.heads * self.features
        self.first_v = self.first_k + self.sources * self.features
        self.room = -(-(self.first_v + self.sources * self.values) // self.heads)
        self.width = self.room * self.heads
        self.outputs = self.heads * self.values

    def samples_of(self, q, k, v):
        x = np.zeros((self.samples, self.steps, self.width), np.float32)
        for first, array in [(0, q), (self.first_k, k), (self.first_v, v)]:
            rows = array.reshape(*array.shape[:2], -1)
            x[:, : rows.shape[1], first : first + rows.shape[2]] = rows
        return x

    def parameters(self):
        into, out = [], []
        for head in range(self.heads):
            row, source = head * self.room, head * self.sources // self.heads
            for at in range(self.features):
                into.append((row + at, head * self.features + at))
                into.append((self.width + row + at, self.first_k + source * self.features + at))
            for at in range(self.values):
                into.append((2 * self.width + row + at, self.first_v + source * self.values + at))
                out.append((head * self.values + at, row + at))
        found = {
            "layer.in_proj_weight": selection((3 * self.width, self.width), into),
            "layer.out_proj.weight": selection((self.width, self.width), out),
            "features.weight": np.eye(self.outputs, self.width, dtype=np.float32),
        }
        if self.queries < self.steps:
            found["steps.weight"] = np.eye(self.queries, self.steps, dtype=np.float32)
        return found


@operator("Attention")
def attention(case):
    """`multihead_attention`: queries, keys and values stand side by side in a step; zeros and ones take each out.

    The steps are those of the keys, of which only the first have queries. A head has room for more than its features,
    and the queries make up for what that does to the scale.
    """
    check(case)
    q, k, v = [
        heads_apart(array, case.attribute(name, 0))
        for array, name in zip(case.inputs, ["q_num_heads", "kv_num_heads", "kv_num_heads"])
    ]
    layout = Layout(q, k, v)
    require(layout.queries <= layout.steps, "more queries than keys")
    q = q * np.float32(case.attribute("scale", layout.features**-0.5) * layout.room**0.5)
    causal = ", causal = true" if case.attribute("is_causal", 0) else ""
    stages = f"layer: multihead_attention({layout.heads}{causal}, bias = false)"
    stages += f", features: linear({layout.outputs}, bias = false)"
    if layout.queries < layout.steps:
        stages += f", transpose, steps: linear({layout.queries}, bias = false), transpose"
    y = heads_apart(case.outputs[0], layout.heads)
    y = y.reshape(layout.samples, layout.queries, layout.outputs)
    unseen = "the scores" if len(case.outputs) > 1 else None
    return Network(stages, layout.samples_of(q, k, v), y, layout.parameters(), unseen=unseen)
