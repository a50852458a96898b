"""What each operator is in `network!`: dense layers, shapes, and functions of one tensor."""

import numpy as np

from case import Network, one, require, rows, shape, shortest

OPERATORS = {}


def operator(*names):
    def register(function):
        OPERATORS.update(dict.fromkeys(names, function))
        return function

    return register


@operator("Gemm")
def gemm(case):
    """`linear`: alpha and beta are multiplied into weight and bias."""
    a, b, c = case.input(0), case.input(1), case.input(2)
    a = a.T if case.attribute("transA", 0) else a
    b = b if case.attribute("transB", 0) else b.T
    weight = {"layer.weight": b * np.float32(case.attribute("alpha", 1.0))}
    y = case.outputs[0]
    if c is None:
        return Network(f"layer: linear({y.shape[1]}, bias = false)", a, y, weight)
    c = np.broadcast_to(c, y.shape)
    require((c == c[0]).all(), "a matrix as bias: a row for each sample")
    return Network(
        f"layer: linear({y.shape[1]})", a, y, {**weight, "layer.bias": c[0] * np.float32(case.attribute("beta", 1.0))}
    )


@operator("MatMul")
def matmul(case):
    """`linear`, where the right side is one matrix or vector."""
    a, b = case.inputs
    require(b.ndim <= 2, "a stack of matrices on the right: a weight for each sample")
    weight = b.reshape(a.shape[-1], -1).T
    outputs, inputs = weight.shape
    y = case.outputs[0].reshape(-1, outputs)
    return Network(f"layer: linear({outputs}, bias = false)", a.reshape(-1, inputs), y, {"layer.weight": weight})


def plain(keyword, **options):
    """A function of each entry."""

    def write(case):
        given = [(ours, theirs) for ours, theirs in options.items() if theirs in case.attributes]
        written = [f"{ours} = {case.number(theirs)}" for ours, theirs in given]
        stage = f"{keyword}({', '.join(written)})" if written else keyword
        return Network(stage, rows(case.inputs[0]), rows(case.outputs[0]))

    return write


for name, keyword, options in [
    ("Relu", "relu", {}),
    ("LeakyRelu", "leaky_relu", {"negative_slope": "alpha"}),
    ("Elu", "elu", {"alpha": "alpha"}),
    ("Mish", "mish", {}),
    ("Sigmoid", "sigmoid", {}),
    ("HardSwish", "hard_swish", {}),
    ("Tanh", "tanh", {}),
    ("Softplus", "softplus", {}),
    ("Softsign", "softsign", {}),
    ("Sqrt", "sqrt", {}),
    ("Log", "log", {}),
    ("Exp", "exp", {}),
    ("Abs", "abs", {}),
]:
    operator(name)(plain(keyword, **options))


@operator("Selu")
def selu(case):
    require(not case.attributes, "`alpha` and `gamma` that are not those of the paper")
    return plain("selu")(case)


@operator("Swish")
def swish(case):
    require(case.attribute("alpha", 1.0) == 1.0, "`alpha`")
    return plain("silu")(case)


@operator("Gelu")
def gelu(case):
    return plain("gelu(approximate = tanh)" if case.attribute("approximate") == "tanh" else "gelu")(case)


@operator("HardSigmoid")
def hard_sigmoid(case):
    slope, offset = case.attribute("alpha", 0.2), case.attribute("beta", 0.5)
    require(np.isclose(slope, 1 / 6) and offset == 0.5, "a slope other than PyTorch's 1/6 (ONNX's default is 0.2)")
    return plain("hard_sigmoid")(case)


@operator("Clip")
def clip(case):
    """`hard_tanh`; a bound that is not given is the largest number, as ONNX has it."""
    require(case.inputs[0].dtype == np.float32, "integers")
    largest = np.finfo(np.float32).max
    least = -largest if case.input(1) is None else case.input(1)
    most = largest if case.input(2) is None else case.input(2)
    require(least < most, "a lower bound above the upper one, which `hard_tanh` refuses")
    return plain(f"hard_tanh({shortest(least)}, {shortest(most)})")(case)


@operator("PRelu")
def prelu(case):
    """A slope for each entry of the last dimension, or for each entry of all: `prelu` has them along the first."""
    x, slope = case.inputs
    parameter = {"layer.weight": slope.reshape(-1)}
    stage = f"layer: prelu({slope.size})"
    if slope.shape == x.shape:
        stages = f"reshape([{x.size}]), {stage}, reshape({shape(x.shape)})"
        return Network(stages, one(x), one(case.outputs[0]), parameter)
    require(slope.shape == x.shape[-1:] and x.ndim == 3, "slopes along other dimensions")
    return Network(f"transpose, {stage}, transpose", x, case.outputs[0], parameter)


@operator("Softmax", "LogSoftmax")
def softmax(case):
    """Over the last dimension; the first has no samples before it."""
    keyword = {"Softmax": "softmax", "LogSoftmax": "log_softmax"}[case.node.op_type]
    (x,), (y,), axis = case.inputs, case.outputs, case.axis()
    if axis == 0:
        return Network(f"{keyword}(dim = 0)", one(x), one(y))
    return Network(keyword if axis == x.ndim - 1 else f"{keyword}(dim = {axis - 1})", x, y)


@operator("LpNormalization")
def lp_normalization(case):
    """Along a dimension of a sample; the first has no samples before it."""
    (x,), (y,), axis, p = case.inputs, case.outputs, case.axis(), case.attribute("p", 2)
    if axis == 0:
        return Network(f"normalize({p})", one(x), one(y))
    return Network(f"normalize({p}, dim = {axis - 1})", x, y)


@operator("Flatten")
def flatten(case):
    """`flatten` behind the samples' dimension, else `reshape`."""
    (x,), (y,) = case.inputs, case.outputs
    if case.axis(default=1) == 1:
        return Network("flatten", x, y)
    return Network(f"reshape({shape(y.shape)})", one(x), one(y))


@operator("Reshape", "Squeeze", "Unsqueeze")
def reshape(case):
    """`reshape`; the shape, an input in ONNX, is part of the network."""
    x, y = case.inputs[0], case.outputs[0]
    require(x.size > 0, "a tensor without entries")
    return Network(f"reshape({shape(y.shape)})", one(x), one(y))


@operator("Transpose")
def transpose(case):
    (x,), (y,) = case.inputs, case.outputs
    return Network(f"permute({case.attribute('perm', list(range(x.ndim))[::-1])})", one(x), one(y))


def side_by_side(structure, tensors, y):
    """Several inputs stand one behind the other in the sample; `narrow` takes each out. Sizes of 1 are broadcast."""
    sample = np.concatenate([x.reshape(-1) for x in tensors])
    branches, start = [], 0
    for x in tensors:
        sizes = [1] * (y.ndim - x.ndim) + list(x.shape)
        branches.append(f"[narrow(0, {start}, {x.size}), reshape({shape(sizes)})]")
        start += x.size
    return Network(f"{structure} {{ {', '.join(branches)} }}", one(sample), one(y))


@operator("Concat")
def concat(case):
    return side_by_side(f"concat(dim = {case.axis()})", case.inputs, case.outputs[0])


@operator("Add", "Sum", "Sub", "Mul")
def combination(case):
    require(case.inputs[0].dtype == np.float32, "integers")
    require(len(case.inputs) > 1, "a single term")
    structure = {"Sub": "sub", "Mul": "mul"}.get(case.node.op_type, "add")
    return side_by_side(structure, case.inputs, case.outputs[0])


@operator("Gather")
def gather(case):
    """`embedding`: the entries along one dimension are the rows of a table; what was before them moves to the front."""
    table, indices = case.inputs
    require((indices >= 0).all(), "negative indices")
    axis = case.attribute("axis", 0)
    before, after = (int(np.prod(sizes)) for sizes in (table.shape[:axis], table.shape[axis + 1 :]))
    rows_first = np.moveaxis(table, axis, 0).reshape(table.shape[axis], -1)
    stages = f"layer: embedding({rows_first.shape[0]}, {rows_first.shape[1]})"
    shape_after = [indices.size, after]
    if axis > 0:
        stages += f", transpose, reshape([{before}, {after}, {indices.size}]), transpose"
        shape_after = [before, *shape_after]
    y = case.outputs[0].reshape(1, *shape_after)
    return Network(stages, one(indices.reshape(-1)), y, {"layer.weight": rows_first}, index="u8")


@operator("Dropout")
def dropout(case):
    """In evaluation it does nothing, nor in training with a ratio of 0."""
    ratio = case.attribute("ratio", 0.5) if case.input(1) is None else case.inputs[1]
    training = case.input(2) is not None and bool(case.inputs[2])
    require(not training or ratio == 0, "in training the mask depends on the generator of random numbers")
    unseen = "the mask" if len(case.outputs) > 1 else None
    x, y = case.inputs[0], case.outputs[0]
    return Network(f"dropout({shortest(ratio)})", rows(x), rows(y), unseen=unseen, training=training)
