"""ONNX Runtime on one thread, with IO binding to memory that stays.

`onnxruntime_.py onnxruntime DIR MILLISECONDS WORKLOAD..`; the models are made here, from the exported weights.
"""

import exchange

import numpy as np
import onnxruntime as ort
from onnx import TensorProto, checker, helper, numpy_helper


class Graph:
    """Nodes in the order in which they are added; a value is its name."""

    def __init__(self):
        self.nodes, self.constants = [], []

    def constant(self, value):
        name = f"constant{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, kind, *inputs, outputs=1, **attributes):
        names = [f"value{len(self.nodes)}_{i}" for i in range(outputs)]
        inputs = [value if isinstance(value, str) else self.constant(value) for value in inputs]
        self.nodes.append(helper.make_node(kind, inputs, names, **attributes))
        return names[0] if outputs == 1 else names

    def dense(self, w, name, x, is_matrix=True):
        if is_matrix:
            return self.add("Gemm", x, w[f"{name}.weight"], w[f"{name}.bias"], transB=1)
        return self.add("Add", self.add("MatMul", x, w[f"{name}.weight"].T), w[f"{name}.bias"])

    def session(self, inputs, outputs):
        """A session with inputs and outputs by their shapes."""
        info = lambda values: [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in values.items()]
        graph = helper.make_graph(self.nodes, "graph", info(inputs), info(outputs), self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
        checker.check_model(model)
        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_ALL
        return ort.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def tiny(g, w, x):
    return g.add("Sigmoid", g.dense(w, "out", g.add("Tanh", g.dense(w, "hidden", x))))


def perceptron(g, w, x):
    for name in ("fc1", "fc2"):
        x = g.add("Relu", g.dense(w, name, x))
    return g.dense(w, "out", x)


def lenet(g, w, x):
    x = g.add("Reshape", x, np.array([1, 1, 28, 28]))
    for name in ("conv1", "conv2"):
        x = g.add("Relu", g.add("Conv", x, w[f"{name}.weight"], w[f"{name}.bias"]))
        x = g.add("MaxPool", x, kernel_shape=[2, 2], strides=[2, 2])
    return perceptron(g, w, g.add("Flatten", x))


def encoder(g, w, x):
    def heads(part, order):
        return g.add("Transpose", g.add("Reshape", part, np.array([16, 4, 8])), perm=order)

    qkv = g.dense({"in.weight": w["self_attn.in_proj_weight"], "in.bias": w["self_attn.in_proj_bias"]}, "in", x)
    q, k, v = g.add("Split", qkv, np.array([32, 32, 32]), outputs=3, axis=1)
    scores = g.add("MatMul", heads(q, [1, 0, 2]), heads(k, [1, 2, 0]))
    weights = g.add("Softmax", g.add("Mul", scores, np.float32(8**-0.5)), axis=-1)
    context = g.add("Transpose", g.add("MatMul", weights, heads(v, [1, 0, 2])), perm=[1, 0, 2])
    context = g.dense(w, "self_attn.out_proj", g.add("Reshape", context, np.array([16, 32])))
    norm = lambda name, x: g.add("LayerNormalization", x, w[f"{name}.weight"], w[f"{name}.bias"], axis=-1, epsilon=1e-5)
    x = norm("norm1", g.add("Add", x, context))
    inner = g.dense(w, "linear2", g.add("Relu", g.dense(w, "linear1", x)))
    return norm("norm2", g.add("Add", x, inner))


def gates(value, order):
    """PyTorch's gates in ONNX's order, with the direction in front."""
    parts = np.split(value, len(order))
    return np.concatenate([parts[i] for i in order])[None]


def memory(g, w, x, state):
    """The output of a step of a recurrent layer, and the states after it."""
    is_gru = len(state) == 1
    order, kind = ([1, 0, 2], "GRU") if is_gru else ([0, 3, 1, 2], "LSTM")
    weight, recurrence, *biases = (gates(w[f"rnn.{name}"], order) for name in ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"))
    hidden = recurrence.shape[2]
    attributes = {"linear_before_reset": 1} if is_gru else {}
    bias = np.concatenate(biases, axis=1)
    _, *following = g.add(
        kind, x, weight, recurrence, bias, "", *state, outputs=1 + len(state),
        hidden_size=hidden, **attributes)
    return g.add("Reshape", following[0], np.array([1, hidden])), following


def recurrent(g, w, x, state):
    output, following = memory(g, w, g.add("Reshape", x, np.array([1, 1, 1])), state)
    return g.dense(w, "head", output), following


def silero(g, w, x, state):
    """As the published model has it: a chunk of sound, with the hidden state and the cell state of the chunk before."""
    x = g.add("Pad", g.add("Reshape", x, np.array([1, 1, 576])), np.array([0, 0, 0, 0, 0, 64]), mode="reflect")
    parts = g.add("Conv", x, w["encoder.stft_conv.weight"], strides=[128])
    parts = g.add("Split", parts, np.array([129, 129]), outputs=2, axis=1)
    x = g.add("Sqrt", g.add("Add", *[g.add("Mul", part, part) for part in parts]))
    for name, stride in [("conv1", 1), ("conv2", 2), ("conv3", 2), ("conv4", 1)]:
        weight, bias = w[f"encoder.{name}.weight"], w[f"encoder.{name}.bias"]
        x = g.add("Relu", g.add("Conv", x, weight, bias, pads=[1, 1], strides=[stride]))
    x, following = memory(g, w, g.add("Reshape", x, np.array([1, 1, 128])), state)
    return g.add("Sigmoid", g.dense(w, "head", g.add("Relu", x))), following


NETWORKS = {"tiny": tiny, "mlp": perceptron, "lenet": lenet, "encoder": encoder, "regression": perceptron}


def program(work, variant, milliseconds):
    is_streamed = work.is_recurrent or work.network in exchange.STREAMED
    if work.batch or (not is_streamed and work.network not in NETWORKS):
        return
    g, w = Graph(), work.weights()
    if is_streamed:
        shape, hidden = (1, exchange.SIZES[work.network][0]), w["rnn.weight_hh_l0"].shape[1]
        state = {name: (1, 1, hidden) for name in (("hidden",) if work.network == "gru16" else ("hidden", "cell"))}
        output, following = (recurrent if work.is_recurrent else silero)(g, w, "input", tuple(state))
    else:
        shape = (16, 32) if work.network == "encoder" else (1, exchange.SIZES[work.network][0])
        output, following, state = NETWORKS[work.network](g, w, "input"), (), {}
    size = shape if work.network == "encoder" else (1, exchange.SIZES[work.network][1])
    session = g.session({"input": shape, **state}, {output: size, **dict(zip(following, state.values()))})

    inputs = [ort.OrtValue.ortvalue_from_numpy(np.ascontiguousarray(x)) for x in work.inputs(shape)]
    result = ort.OrtValue.ortvalue_from_numpy(np.zeros(size, np.float32))
    # two memories for the state, which change places at each step
    memories = [[ort.OrtValue.ortvalue_from_numpy(np.zeros(s, np.float32)) for s in state.values()] for _ in range(2)]

    def binding(x, before, after):
        bound = session.io_binding()
        for name, value in zip(["input", *state], [x, *before], strict=True):
            bound.bind_ortvalue_input(name, value)
        for name, value in zip([output, *following], [result, *after], strict=True):
            bound.bind_ortvalue_output(name, value)
        return bound

    bindings = [binding(x, memories[i % 2], memories[(i + 1) % 2]) for i, x in enumerate(inputs)]
    values = []
    for bound in bindings:
        session.run_with_iobinding(bound)
        values.append(result.numpy().copy())
    work.check(np.stack(values), variant)
    position = 0

    def call():
        nonlocal position
        session.run_with_iobinding(bindings[position])
        position = (position + 1) % len(bindings)

    work.time(variant, milliseconds, call)


exchange.run(("onnxruntime",), program)
