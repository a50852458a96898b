"""Reads a log with TensorBoard's own reader, and compares it with the CSV of the history.

    python tests/tensorboard/check.py                       # the frozen files, which the tests of nn-runtime write again
    python tests/tensorboard/check.py FOLDER HISTORY.csv    # a log of yours, and what `log_csv` wrote in the same run

Needs the package `tensorboard` (written with 2.21). The frozen files are written by
`UPDATE_TENSORBOARD=1 cargo test -p nn-runtime --lib tensorboard`.
"""

import csv
import pathlib
import sys

import numpy
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.util import tensor_util


def read(folder):
    """Every scalar of a folder: {tag: {step: value}}. A record whose checksum is wrong is an error."""
    events = EventAccumulator(str(folder), size_guidance={"scalars": 0, "tensors": 0}).Reload()
    scalars = {tag: {event.step: event.value for event in events.Scalars(tag)} for tag in events.Tags()["scalars"]}
    for tag in events.Tags()["tensors"]:
        scalars[tag] = {e.step: float(tensor_util.make_ndarray(e.tensor_proto)) for e in events.Tensors(tag)}
    return scalars


def epochs(scalars):
    return {tag: values for tag, values in scalars.items() if tag.startswith("epoch_")}


def expected(table):
    """What the log must hold: {folder: {tag: {epoch: value}}}."""
    logs = {}
    for row in csv.DictReader(open(table, newline="")):
        for name, value in row.items():
            if name == "epoch" or value == "":
                continue
            folder = "validation" if name.startswith("val_") else "train"
            name = "learning_rate" if name == "lr" else name.removeprefix("val_")
            values = logs.setdefault(folder, {}).setdefault(f"epoch_{name}", {})
            values[int(row["epoch"])] = float(numpy.float32(value))
    return logs


def check(folder, table):
    logs = {path.name: read(path) for path in sorted(folder.iterdir()) if path.is_dir()}
    wanted = expected(table)
    assert logs.keys() == wanted.keys(), f"folders {[*logs]}, but the history needs {[*wanted]}"
    for name, tags in wanted.items():
        found = epochs(logs[name])
        assert found.keys() == tags.keys(), f"{name}: tags {[*found]}, but the history needs {[*tags]}"
        for tag, values in tags.items():
            assert found[tag], f"{name}/{tag} is empty"
            for epoch, value in found[tag].items():
                assert values[epoch] == value, f"{name}/{tag}, epoch {epoch}: {value}, but the history has {values[epoch]}"
            assert max(values) in found[tag], f"{name}/{tag} lacks the last epoch, {max(values)}"
    for tag in ["batch_loss", "batch_learning_rate"]:
        steps = [*logs["train"][tag]]
        assert steps == sorted(set(steps)), f"{tag}: steps are not in order"
        print(f"train/{tag}: {len(steps)} steps, {steps[0]} to {steps[-1]}")
    for name, tags in logs.items():
        for tag, values in epochs(tags).items():
            print(f"{name}/{tag}: {len(values)} epochs, {min(values)} to {max(values)}")


if __name__ == "__main__":
    frozen = pathlib.Path(__file__).parent / "frozen"
    folder, table = map(pathlib.Path, sys.argv[1:]) if len(sys.argv) == 3 else (frozen, frozen / "history.csv")
    check(folder, table)
    print("TensorBoard reads what the history says")
