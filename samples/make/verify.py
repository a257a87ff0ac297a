"""Classifies every photograph with ONNX Runtime, as the model's metadata says, and compares with photos/expected.json."""

import json
import pathlib
import sys

import numpy as np
import onnxruntime
from PIL import Image, ImageOps

SAMPLES = pathlib.Path(__file__).resolve().parent.parent
MODEL = SAMPLES / "models/efficientnet-lite0.onnx"


def tensor(file, spec):
    """A photograph as the model's input."""
    if (spec["layout"], spec["color"], spec["resize"]) != ("NCHW", "RGB", "crop"):
        raise ValueError("this check knows only models that take NCHW, RGB and a central crop")
    image = ImageOps.exif_transpose(Image.open(file)).convert("RGB")
    side = int(spec["crop"] * min(image.size))
    left, top = (image.width - side + 1) // 2, (image.height - side + 1) // 2
    method = Image.Resampling[spec["interpolation"].upper()]
    image = image.resize((spec["width"], spec["height"]), method, box=(left, top, left + side, top + side))
    pixels = (np.asarray(image, dtype=np.float32) - np.float32(spec["mean"])) / np.float32(spec["std"])
    return pixels.transpose(2, 0, 1)[None]


def softmax(logits):
    e = np.exp(logits - logits.max())
    return e / e.sum()


def main():
    meta = json.loads(MODEL.with_suffix(".json").read_text())
    labels = (MODEL.parent / meta["labels"]).read_text(encoding="utf-8").splitlines()
    expected = json.loads((SAMPLES / "photos/expected.json").read_text())["photos"]
    session = onnxruntime.InferenceSession(MODEL, providers=["CPUExecutionProvider"])
    failed = 0
    print(f"{'photograph':26} {'label':16} {'score':>6} {'reference':>9}  band")
    for want in expected:
        inputs = {meta["input"]["name"]: tensor(SAMPLES / "photos" / want["file"], meta["input"])}
        scores = softmax(session.run([meta["output"]["name"]], inputs)[0][0])
        index = int(scores.argmax())
        good = (index == want["index"] and labels[index] == want["label"]
                and want["minScore"] <= scores[index] <= want["maxScore"])
        failed += not good
        print(f"{want['file']:26} {labels[index]:16} {scores[index]:6.4f} {want['score']:9.4f}  "
              f"{want['minScore']:.2f}-{want['maxScore']:.2f} {'' if good else 'WRONG: expected ' + want['label']}")
    present = {p.name for p in (SAMPLES / "photos").iterdir() if p.suffix != ".json"}
    for name in sorted(present ^ {want["file"] for want in expected}):
        print(f"{name}: only in one of photos/ and expected.json")
        failed += 1
    print(f"{len(expected)} photographs, {failed} wrong")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
