"""Makes the models in `models/`, and what their own runtimes compute with them.

    python examples/data/models.py mnist PATH/TO/mnist.onnx    converts the weights of a published classifier
    python examples/data/models.py digit_reader                trains a classifier with PyTorch on digits.csv

`mnist.onnx` is `test-data/mnist.onnx` of the Rust crate rten-onnx 0.27.0. `NAME.safetensors` has the weights alone, as PyTorch's
`state_dict` has them; `NAME.expected.safetensors` has inputs and outputs: onnxruntime's of the first model, PyTorch's of the second.
"""

import csv
import hashlib
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn

FOLDER = Path(__file__).parent
MNIST = "43e495fcbff432f7032ea3a5a9d3f9831cc424157e2631ba455d115fa3204d18"
TRAINING = 1437


def digits():
    """The pixels of all digits, from 0 to 1, and their labels."""
    with open(FOLDER / "digits.csv") as file:
        rows = np.array([[int(value) for value in row] for row in csv.reader(file)])
    return rows[:, :64].astype(np.float32).reshape(-1, 1, 8, 8) / 16, rows[:, 64]


def write(name, weights, inputs, outputs):
    folder = FOLDER / "models"
    save_file(weights, folder / f"{name}.safetensors", {"format": "pt"})
    expected = {"input": inputs, "output": outputs}
    save_file({key: torch.from_numpy(value.copy()) for key, value in expected.items()}, folder / f"{name}.expected.safetensors")


def mnist(path):
    import onnx
    import onnxruntime
    from onnx import numpy_helper

    data = Path(path).read_bytes()
    assert hashlib.sha256(data).hexdigest() == MNIST, f"{path} is not the file of rten-onnx 0.27.0"
    tensors = onnx.load_from_string(data).graph.initializer
    weights = {tensor.name: torch.from_numpy(numpy_helper.to_array(tensor).copy()) for tensor in tensors}
    # the test digits at three times their size, in a frame of two pixels
    pixels = digits()[0][TRAINING : TRAINING + 10].repeat(3, axis=2).repeat(3, axis=3)
    inputs = np.pad(pixels, ((0, 0), (0, 0), (2, 2), (2, 2)))
    session = onnxruntime.InferenceSession(data)
    outputs = np.concatenate([session.run(None, {"input": image[None]})[0] for image in inputs])
    write("mnist", weights, inputs, outputs)


class DigitReader(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, kernel_size=3, padding=1)
        self.norm = nn.BatchNorm2d(8)
        self.gru = nn.GRU(8, 24, batch_first=True)
        self.out = nn.Linear(24, 10)

    def forward(self, image):
        features = nn.functional.max_pool2d(torch.relu(self.norm(self.conv(image))), 2)
        steps = features.flatten(2).transpose(1, 2)  # the pixels one after the other
        return self.out(self.gru(steps)[0][:, -1])


def digit_reader():
    torch.manual_seed(1)
    torch.set_num_threads(1)
    pixels, labels = map(torch.from_numpy, digits())
    model = DigitReader()
    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 60)
    for _ in range(60):
        for batch in torch.randperm(TRAINING).split(32):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(pixels[batch]), labels[batch]).backward()
            optimizer.step()
        schedule.step()
    model.eval()
    with torch.no_grad():
        inputs = pixels[TRAINING:]
        outputs = model(inputs)
    accuracy = (outputs.argmax(1) == labels[TRAINING:]).float().mean()
    print(f"{accuracy:.3f} of the test digits")
    write("digit_reader", model.state_dict(), inputs[:20].numpy(), outputs[:20].numpy())


if __name__ == "__main__":
    {"mnist": mnist, "digit_reader": digit_reader}[sys.argv[1]](*sys.argv[2:])
