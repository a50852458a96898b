"""The list of what is supported: tests/onnx/README.md."""

import onnx

from case import NODES

HEAD = """\
# The node tests of ONNX

ONNX tests each operator on small cases: inputs, weights, expected outputs. Those of the operators that have a counterpart
here run as networks: **{passed} of {total}** agree, in `f32`, each entry to 1e-5 of its tensor's largest. (ONNX itself asks
for 1e-3. So do the tests of {rounded}: its values have four decimals.)
In {unseen} of them ONNX expects further outputs, which a network does not show; the table names them. {repeated} cases are not
counted, because they repeat others, with the same data, as a subgraph of several operators (`*_expanded`). The rest of the
package's {all} cases are of operators without a counterpart.

`generate.py`, next to this file, wrote all of it: `data`, this list, and the tests in `tests/tests/onnx.rs`, one for each case.
The cases come from the onnx {version} package (`onnx/backend/test/data/node`), and so does everything in `data`:
copyright of the ONNX project's contributors, under [Apache-2.0](../../LICENSE-APACHE).

## How a case becomes a network

- ONNX's first dimension counts the samples, or the whole tensor is one sample.
- Attributes are options; `auto_pad` is the padding that it comes to. Weights, inputs in ONNX, are parameters.
- An operator over other dimensions than ours stands between `reshape` and `transpose` or `permute`. Integers that are only
  moved are floats here.
- Several inputs stand side by side in a sample. `narrow` takes each out for `add`, `sub`, `mul` and `concat`; zeros and ones as
  weights do for queries, keys and values of `multihead_attention`, with fewer queries than keys, or more heads, too.
- The gates of recurrent layers are in PyTorch's order; `linear_before_reset = 0`, ONNX's default, is `reset_after = false`.
- A position of a loss is a sample; what is ignored has the class 255.
- An optimizer's step starts from the state that the case gives. At `T = 0` Adam corrects no bias, as ours after many steps.
- Dimensions of size 1 may be missing.

## Supported

| operator | agree | of | not compared |
|---|---|---|---|
"""

REASONS = """
## Not supported

| operator | cases | why |
|---|---|---|
"""


def report(found):
    everything = [result for results in found.values() for result in results]
    passed = [result for result in everything if result.made]
    head = HEAD.format(
        passed=len(passed),
        total=len(everything),
        repeated=sum(len(result.repeated) for result in everything),
        all=f"{len(list(NODES.iterdir())):,}",
        rounded=", ".join(f"`{result.case.name}`" for result in passed if getattr(result.made, "rounded", False)),
        unseen=sum(result.made.unseen is not None for result in passed),
        version=onnx.__version__,
    )
    table = []
    for name, results in found.items():
        made = [result.made for result in results if result.made]
        unseen = {made.unseen for made in made if made.unseen}
        count = sum(1 for made in made if made.unseen)
        missing = f"{', '.join(unseen)} ({count})" if unseen else ""
        table.append(f"| {name} | {len(made)} | {len(results)} | {missing} |\n")
    return head + "".join(table) + REASONS + "".join(reasons(found))


def reasons(found):
    for name, results in found.items():
        by_reason = {}
        for result in results:
            if result.reason:
                by_reason.setdefault(result.reason, []).append(f"`{result.case.name}`")
        for reason, cases in by_reason.items():
            names = ", ".join(cases) if len(cases) <= 8 else f"{len(cases)} cases"
            yield f"| {name} | {names} | {reason} |\n"
