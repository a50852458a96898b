"""The list of what is supported: tests/onnx/README.md."""

import onnx

HEAD = """\
# The node tests of ONNX

ONNX tests each operator on small cases: inputs, weights, expected outputs. Those of the operators that have a counterpart here
run as networks: **{passed} of {total}** agree, each entry to 1e-5 of its tensor's largest. ONNX itself asks for 1e-3; that holds here for
{rounded}, whose expected values have four decimals.
{repeated} further cases repeat these as subgraphs of other operators (`*_expanded`), with the same data; they are not counted.

`generate.py`, next to this file, wrote all of it: `data`, this list, and the tests in `tests/tests/onnx.rs`, one for each case.
The cases come from the onnx {version} package (`onnx/backend/test/data/node`), and so does everything in `data`:
copyright of the ONNX project's contributors, under [Apache-2.0](../../LICENSE-APACHE).

How a case becomes a network: ONNX's first dimension counts the samples, or the whole tensor is one sample. Attributes are
options; weights, inputs in ONNX, are parameters, gates in PyTorch's order; `auto_pad` is the padding that it comes to. Several
inputs stand side by side in a sample, and a `linear` of zeros and ones takes each out. Outputs of size-1 dimensions have lost
them. Outputs that a network does not show are not compared, as the last column says.

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
        rounded=", ".join(f"`{result.case.name}`" for result in passed if getattr(result.made, "rounded", False)),
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
            names = ", ".join(cases) if len(cases) <= 8 else f"all {len(cases)}"
            yield f"| {name} | {names} | {reason} |\n"
