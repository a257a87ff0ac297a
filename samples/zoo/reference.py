"""Computes expected.json: what the models of the zoo find in photographs, by another build of the engine and another implementation.

    ./vaccel models
    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install ai-edge-litert==2.3.0 numpy==2.4.6 pillow==13.0.0
    /tmp/venv/bin/python samples/zoo/reference.py

The engine is Google's LiteRT, which is TensorFlow Lite under a new name; pictures are read and resized by Pillow; anchors, decoding, suppression, interpolation and cropping are
written in numpy from MediaPipe's descriptions (SsdAnchorsCalculator, TensorsToDetectionsCalculator, NonMaxSuppressionCalculator,
pose_landmarks_to_roi). Nothing here reads our metadata, so a wrong number there shows.
"""

import json
import math
import pathlib
import platform

import ai_edge_litert
import numpy as np
import PIL
from ai_edge_litert.interpreter import Interpreter
from PIL import Image, ImageOps

ZOO = pathlib.Path(__file__).resolve().parent
SAMPLES = ZOO.parent
PHOTOS = ["zoo/astronaut.jpg", "photos/chelsea.jpg", "photos/coffee.jpg", "photos/coffee-exif6.jpg", "photos/photographer-grey.png",
          "photos/mountains.jpg"]
GRID = 32


class Model:
    def __init__(self, file):
        self.interpreter = Interpreter(str(ZOO / file), num_threads=1)
        self.interpreter.allocate_tensors()
        self.input = self.interpreter.get_input_details()[0]["index"]

    def run(self, pixels):
        self.interpreter.set_tensor(self.input, pixels[None].astype(np.float32))
        self.interpreter.invoke()
        return {d["name"]: self.interpreter.get_tensor(d["index"]) for d in self.interpreter.get_output_details()}


def photo(name):
    return ImageOps.exif_transpose(Image.open(SAMPLES / name)).convert("RGB")


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def ssd_anchors(side=300, lowest=0.2, highest=0.95, strides=(16, 32, 64, 128, 256, 512)):
    anchors = []
    for layer, stride in enumerate(strides):
        scale = lowest + (highest - lowest) * layer / (len(strides) - 1)
        following = lowest + (highest - lowest) * (layer + 1) / (len(strides) - 1) if layer + 1 < len(strides) else 1.0
        if layer == 0:
            shapes = [(1.0, 0.1), (2.0, scale), (0.5, scale)]
        else:
            shapes = [(ratio, scale) for ratio in (1.0, 2.0, 0.5, 3.0, 0.3333)] + [(1.0, math.sqrt(scale * following))]
        cells = math.ceil(side / stride)
        ys, xs = np.meshgrid(np.arange(cells), np.arange(cells), indexing="ij")
        for y, x in zip(ys.ravel(), xs.ravel()):
            for ratio, size in shapes:
                anchors.append(((x + 0.5) / cells, (y + 0.5) / cells, size * math.sqrt(ratio), size / math.sqrt(ratio)))
    return np.array(anchors)


def iou(box, boxes):
    left, top = np.maximum(box[0], boxes[:, 0]), np.maximum(box[1], boxes[:, 1])
    right, bottom = np.minimum(box[2], boxes[:, 2]), np.minimum(box[3], boxes[:, 3])
    common = np.clip(right - left, 0, None) * np.clip(bottom - top, 0, None)
    area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    return common / (area + (box[2] - box[0]) * (box[3] - box[1]) - common)


def detect(model, labels, image, least=0.3, overlap=0.5):
    pixels = (np.asarray(image.resize((300, 300), Image.Resampling.BILINEAR), np.float64) - 127.5) / 127.5
    out = model.run(pixels)
    raw, scores = out["raw_outputs/box_encodings"][0], sigmoid(out["raw_outputs/class_predictions"][0])
    a = ssd_anchors()
    x, y = raw[:, 1] / 10 * a[:, 2] + a[:, 0], raw[:, 0] / 10 * a[:, 3] + a[:, 1]
    w, h = np.exp(raw[:, 3] / 5) * a[:, 2], np.exp(raw[:, 2] / 5) * a[:, 3]
    boxes = np.clip(np.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], 1), 0, 1)
    boxes = boxes * np.array([image.width, image.height] * 2)
    scores[:, 0] = 0
    classes, best = scores.argmax(1), scores.max(1)
    found = []
    for label in np.unique(classes[best >= least]):
        rest = [i for i in np.argsort(-best) if classes[i] == label and best[i] >= least]
        while rest:
            first = rest.pop(0)
            found.append(first)
            rest = [i for i in rest if iou(boxes[first], boxes[[i]])[0] <= overlap]
    found.sort(key=lambda i: -best[i])
    return [{"label": labels[classes[i]], "score": round(float(best[i]), 4),
             "box": [round(float(v), 1) for v in (boxes[i][0], boxes[i][1], *(boxes[i][2:] - boxes[i][:2]))]} for i in found]


def segment(model, image):
    # The whole picture in a square, black around it; the model gives logits.
    side = max(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    seen = image.crop((left, top, left + side, top + side)).resize((256, 256), Image.Resampling.BILINEAR)
    logits = model.run(np.asarray(seen, np.float64) / 255)["Identity_2"][0, :, :, 0]
    square = np.asarray(Image.fromarray(logits).resize((side, side), Image.Resampling.BILINEAR)) >= 0
    full = square[-top:-top + image.height, -left:-left + image.width]
    ys = ((np.arange(GRID) + 0.5) / GRID * image.height).astype(int)
    xs = ((np.arange(GRID) + 0.5) / GRID * image.width).astype(int)
    return {"share": round(float(full.mean()), 4), "grid": ["".join("01"[v] for v in row) for row in full[np.ix_(ys, xs)].astype(int)]}


def landmarks(model, image, box):
    """Runs on a square of the picture, black outside of it; points in pixels of the picture."""
    left, top, side = box
    seen = image.crop((round(left), round(top), round(left + side), round(top + side)))
    pixels = np.asarray(seen.resize((256, 256), Image.Resampling.BILINEAR), np.float64) / 255
    out = model.run(pixels)
    points = out["Identity"][0].reshape(39, 5)
    xy = points[:, :2] / 256 * side + np.array([left, top])
    return xy, sigmoid(points[:, 3]), float(out["Identity_1"][0, 0])


def pose(model, names, image):
    side = max(image.size)
    xy, visible, presence = landmarks(model, image, ((image.width - side) / 2, (image.height - side) / 2, side))
    if presence >= 0.5:
        (cx, cy), (ex, ey) = xy[33], xy[34]
        side = 2 * math.hypot(ex - cx, ey - cy) * 1.25
        closer = landmarks(model, image, (cx - side / 2, cy - side / 2, side))
        if closer[2] >= 0.5:
            xy, visible, presence = closer
    if presence < 0.5:
        return {"score": round(presence, 4), "points": []}
    return {"score": round(presence, 4), "points": [
        {"name": names[i], "x": round(float(xy[i][0]), 1), "y": round(float(xy[i][1]), 1), "score": round(float(visible[i]), 3)}
        for i in range(33)]}


def main():
    detector, labels = Model("ssd-mobilenet-v2.tflite"), (ZOO / "ssd-mobilenet-v2.labels.txt").read_text().splitlines()
    segmenter = Model("person-segmentation.tflite")
    poser, names = Model("blazepose-full.tflite"), (ZOO / "blazepose-full.labels.txt").read_text().splitlines()
    photos = []
    for name in PHOTOS:
        image = photo(name)
        photos.append({"file": name, "width": image.width, "height": image.height, "detect": detect(detector, labels, image),
                       "segment": segment(segmenter, image), "pose": pose(poser, names, image)})
        print(name, photos[-1]["detect"], photos[-1]["segment"]["share"], photos[-1]["pose"]["score"])
    document = {
        "computedBy": f"samples/zoo/reference.py: LiteRT {ai_edge_litert.__version__}, numpy {np.__version__}, "
                      f"Pillow {PIL.__version__}, Python {platform.python_version()}, {platform.machine()}",
        "photos": photos,
    }
    (ZOO / "expected.json").write_text(json.dumps(document, indent=1) + "\n")


if __name__ == "__main__":
    main()
