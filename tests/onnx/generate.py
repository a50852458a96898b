"""Writes the node tests of ONNX as networks: data, tests, and the list of what is supported.

    pip install onnx==1.22.0
    python tests/onnx/generate.py

An operator that has a counterpart in `network!` is a function in one of the other files here, which turns a case
into a network, or says why it cannot be one.
"""

import textwrap
from pathlib import Path

import numpy as np
import onnx

import attention  # noqa: F401
import operators
import places  # noqa: F401
import sequences  # noqa: F401
import training
import windows  # noqa: F401
from case import NODES, Case, Loss, Network, Unsupported
from report import report

HERE = Path(__file__).parent
TESTS = HERE.parent / "tests/onnx.rs"
SOURCE = f"tests/onnx/generate.py, from the node tests of onnx {onnx.__version__}"
WIDTH = 120

RUST_HEAD = f"""\
//! The node tests of ONNX as networks. Written by {SOURCE}.
//!
//! Each line is an operator's data in `tests/onnx/data`, a network, and the cases that it computes. What is supported,
//! and what is not and why, is listed in `tests/onnx/README.md`.

use nn_runtime::optim::{{Adagrad, Adam, Sgd}};
use nn_tests::{{onnx_layer, onnx_losses, onnx_optimizer}};
"""


class Result:
    """A case, the names of those that repeat it as a subgraph, and what became of it."""

    def __init__(self, case, repeated):
        self.case, self.repeated = case, repeated
        self.made, self.reason = None, None
        try:
            case.read()
            self.made = operators.OPERATORS[case.node.op_type](case)
        except Unsupported as reason:
            self.made, self.reason = None, str(reason)


def results():
    """The results of each operator, by its name."""
    folders = sorted(NODES.iterdir())
    found = {name: [] for name in sorted(operators.OPERATORS)}
    for folder in folders:
        case = Case(folder)
        if "_expanded" not in folder.name and case.node is not None and case.node.op_type in found:
            again = [other for other in folders if other.name.startswith(f"{folder.name}_expanded")]
            for other in again:
                assert Case(other).bytes() == case.bytes(), f"{other.name} is another case"
            found[case.node.op_type].append(Result(case, [other.name for other in again]))
    return found


def text(array):
    return " ".join(str(value).removesuffix(".0") for value in array.reshape(-1))


def data(results):
    """The tensors of an operator's cases; one that was there before is only named."""
    lines, seen = [f"# {SOURCE}, Apache-2.0\n"], {}
    for result in results:
        for name, array in result.made.tensors().items():
            array = array if array.dtype.kind in "iu" else array.astype(np.float32)
            assert np.isfinite(array).all()
            name = f"{result.case.name}.{name}"
            line = f"[{','.join(map(str, array.shape))}] {text(array)}"
            lines.append(f"{name} = {seen[line]}\n" if line in seen else f"{name} {line}\n")
            seen.setdefault(line, name)
    return "".join(lines)


def groups(results, key):
    """The names of the cases that have the same key."""
    found = {}
    for result in results:
        found.setdefault(key(result.made), []).append(result.case.name)
    return found.items()


def call(macro, head, names):
    """The macro's call, on one line if that is not too long."""
    line = f"{macro}!({head}: {', '.join(names)});"
    if len(line) <= WIDTH:
        return line
    head = textwrap.wrap(f"{head}:", WIDTH, initial_indent="    ", subsequent_indent="        ", break_on_hyphens=False)
    names = textwrap.wrap(", ".join(names), WIDTH - 8, initial_indent="    ", subsequent_indent="    ")
    return "\n".join([f"{macro}!(", *head, *names, ");"])


def rust(name, results):
    """The tests of an operator."""
    made = [result for result in results if isinstance(result.made, Network)]
    for (kind, spec), names in groups(made, Network.spec):
        yield call("onnx_layer", f'{kind}"{name}", {spec}', names)
    made = [result for result in results if isinstance(result.made, Loss)]
    for (loss, reduction), names in groups(made, lambda loss: (loss.loss, loss.reduction)):
        yield call("onnx_losses", f'"{name}", {loss}, {reduction}', names)
    for result in results:
        if isinstance(result.made, training.Optimizer):
            count = len(result.made.values["parameters"])
            head = f'"{name}", {result.made.optimizer}, step {result.made.step}, {count} parameters'
            yield call("onnx_optimizer", head, [result.case.name])


def write(found):
    (HERE / "data").mkdir(exist_ok=True)
    for path in (HERE / "data").glob("*.txt"):
        path.unlink()
    lines = [RUST_HEAD]
    for name, results in found.items():
        made = [result for result in results if result.made]
        if made:
            (HERE / f"data/{name}.txt").write_text(data(made))
            lines += [f"// {name}", *rust(name, made), ""]
    TESTS.write_text("\n".join(lines[:-1]) + "\n")
    (HERE / "README.md").write_text(report(found))


if __name__ == "__main__":
    write(results())
