"""Makes opencv.txt, the results that OpenCvContract compares with: python3 opencv.py > opencv.txt (needs opencv-python-headless)."""

import cv2
import numpy as np

WIDTH, HEIGHT = 24, 18


def picture():
    """A circle on a slope with some noise; the same as OpenCvContract.picture()."""
    rgb = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    for y in range(HEIGHT):
        for x in range(WIDTH):
            inside = (x - 11) * (x - 11) + (y - 8) * (y - 8) < 30
            for c in range(3):
                rgb[y, x, c] = (200 - 40 * c if inside else 3 * x + 2 * y) + (x * 7 + y * 13 + c * 5) % 11
    return rgb


def show(name, image):
    print(name, image.shape[1], image.shape[0], image.tobytes().hex())


rgb = picture()
gray = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
show("grayscale", gray)
show("shrunk", cv2.resize(rgb, (10, 7), interpolation=cv2.INTER_LINEAR))
show("grown", cv2.resize(rgb, (37, 29), interpolation=cv2.INTER_LINEAR))
show("blurred", cv2.GaussianBlur(rgb, (2 * 5 + 1, 2 * 5 + 1), 1.5))
show("threshold", cv2.threshold(gray, 90, 255, cv2.THRESH_BINARY)[1])
show("edges", cv2.Canny(gray, 100, 300))
show("edges-of-blurred", cv2.Canny(cv2.GaussianBlur(gray, (7, 7), 1.0), 40, 120))
show("flip-left-right", cv2.flip(rgb, 1))
show("flip-top-bottom", cv2.flip(rgb, 0))
show("rotate-1", cv2.rotate(rgb, cv2.ROTATE_90_CLOCKWISE))
show("rotate-2", cv2.rotate(rgb, cv2.ROTATE_180))
show("rotate-3", cv2.rotate(rgb, cv2.ROTATE_90_COUNTERCLOCKWISE))
show("crop", np.ascontiguousarray(rgb[2:13, 5:20]))
