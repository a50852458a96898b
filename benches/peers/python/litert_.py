"""LiteRT on one thread, with its XNNPACK delegate: the interpreter is invoked, input and output are its own memory.

`litert_.py litert MODELS DIR MILLISECONDS WORKLOAD..`; `convert.py` writes the models.
"""

import sys
from pathlib import Path

import exchange

import numpy as np
from ai_edge_litert.interpreter import Interpreter

MODELS = Path(sys.argv.pop(2))


def program(work, variant, milliseconds):
    model = MODELS / f"{work.name}.tflite"
    if not model.exists():
        return
    interpreter = Interpreter(str(model), num_threads=1)
    interpreter.allocate_tensors()
    # by name: the sample, then the state; the network's output, then its next state
    sample, *state = (detail for detail in sorted(interpreter.get_input_details(), key=lambda detail: detail["name"]))
    results = sorted(interpreter.get_output_details(), key=lambda detail: detail["name"])
    for detail in state:
        interpreter.set_tensor(detail["index"], np.zeros(detail["shape"], np.float32))
    values = []
    for x in work.inputs(tuple(sample["shape"])):
        interpreter.set_tensor(sample["index"], x)
        interpreter.invoke()
        output, *following = (interpreter.get_tensor(result["index"]) for result in results)
        values.append(output)
        for detail, value in zip(state, following, strict=True):
            interpreter.set_tensor(detail["index"], value)
    work.check(np.stack(values), variant)
    # copying the state into the next step is not timed
    work.time(variant, milliseconds, interpreter.invoke)


exchange.run(("litert",), program)
