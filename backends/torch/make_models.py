"""Makes the TorchScript models of src/test/resources/models and what PyTorch gets from them.

    /usr/bin/python3 backends/torch/make_models.py     (Debian 12: apt-get install python3-torch python3-numpy)

The models hold random weights from a fixed seed and are ours (Apache-2.0). expected.json was computed by PyTorch 1.13.1 of
Debian, eagerly, from the Python modules: by another version of the library and without TorchScript.
"""

import json
import os
import pathlib
import sys

import torch
from torch import nn

HERE = pathlib.Path(__file__).resolve().parent / "src/test/resources/models"
VERSION = "1.13"


class Convolutional(nn.Module):
    """Convolution, batch normalisation, ReLU in place, dropout, pooling; two named outputs."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(3, 8, 3, padding=1, bias=False), nn.BatchNorm2d(8), nn.ReLU(inplace=True),
            nn.Conv2d(8, 8, 3, stride=2, groups=8), nn.Hardswish(), nn.Dropout(0.5), nn.AdaptiveAvgPool2d(1))
        self.head = nn.Linear(8, 5)

    def forward(self, image):
        features = self.layers(image).flatten(1)
        return {"logits": self.head(features), "features": features}


class Recurrent(nn.Module):
    """An embedding and an LSTM over tokens, with a loop and a branch of TorchScript's own; a tuple."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(20, 6)
        self.lstm = nn.LSTM(6, 7, batch_first=True, bidirectional=True)

    def forward(self, tokens, steps: int = 2):
        x, _ = self.lstm(self.embedding(tokens))
        for step in range(steps):
            if step % 2 == 0:
                x = torch.tanh(x)
            else:
                x = x * x
        return x, tokens.ne(0)


class Attention(nn.Module):
    """One layer of a transformer."""

    def __init__(self):
        super().__init__()
        self.layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)

    def forward(self, x):
        return self.layer(x)


class Types(nn.Module):
    """Values of many element types."""

    def forward(self, x):
        return {
            "half": (x * 3).half(),
            "brain": (x / 3).to(torch.bfloat16),
            "double": x.double() / 7,
            "complex": torch.fft.fft(x),
            "bytes": (x * 10).to(torch.uint8),
            "shorts": (x * 1000).to(torch.int16),
            "flags": x > 0.5,
        }


def document(value):
    """A tensor for a JSON file: type, shape, values; complex ones as pairs of numbers, the halves as their bits."""
    described = {"type": str(value.dtype).replace("torch.", "").upper(), "shape": list(value.shape)}
    if value.is_complex():
        value = torch.view_as_real(value)
    if value.dtype in (torch.float16, torch.bfloat16):
        value = value.view(torch.int16)
    return {**described, "values": value.double().flatten().tolist()}


def main():
    if not torch.__version__.startswith(VERSION):
        raise SystemExit("PyTorch %s made the files that are here, this is %s" % (VERSION, torch.__version__))
    torch.manual_seed(7)
    image, tokens, x = torch.rand(2, 3, 9, 9), torch.randint(0, 20, (2, 5)), torch.rand(2, 4, 8)
    scripted, traced = torch.jit.script, lambda module: torch.jit.trace(module, x)
    cases = [
        ("convolutional", Convolutional(), scripted, {"image": image}),
        ("recurrent", Recurrent(), scripted, {"tokens": tokens}),
        ("attention", Attention(), traced, {"x": x}),
        ("types", Types(), scripted, {"x": x[0, 0]}),
    ]
    HERE.mkdir(parents=True, exist_ok=True)
    expected = {}
    for name, module, how, inputs in cases:
        module.eval()
        with torch.no_grad():
            outputs = module(**inputs)
            how(module).save(str(HERE / (name + ".pt")))
        if torch.is_tensor(outputs):
            outputs = [outputs]
        pairs = outputs.items() if isinstance(outputs, dict) else [("", value) for value in outputs]
        expected[name] = {
            "inputs": [{"name": key, **document(value)} for key, value in inputs.items()],
            "outputs": [{"name": key, **document(value)} for key, value in pairs],
        }
    (HERE / "expected.json").write_text(json.dumps(expected).replace("}, ", "},\n ") + "\n")


if __name__ == "__main__":
    # Names of constants are written in the order of a set.
    if os.environ.get("PYTHONHASHSEED") != "0":
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "PYTHONHASHSEED": "0"})
    main()
