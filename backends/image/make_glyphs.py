"""Makes src/main/resources/io/vaccel/backend/image/glyphs.txt: the outlines of the letters that are drawn into pictures.

    apt-get download fonts-roboto-unhinted && dpkg-deb -x fonts-roboto-unhinted_*.deb roboto     # 2:0~20170802-3
    pip install fonttools==4.68.0
    python3 backends/image/make_glyphs.py roboto/usr/share/fonts/truetype/roboto/unhinted/RobotoTTF/Roboto-Medium.ttf

A line is a code point, how far the next letter is, and the outline as in SVG; 2048 units are the size of the letters, y goes down.
"""

import pathlib
import sys

from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont

TARGET = pathlib.Path(__file__).parent / "src/main/resources/io/vaccel/backend/image/glyphs.txt"
CODE_POINTS = [*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x391, 0x3CF), *range(0x401, 0x460), 0x2026]
HEADER = """\
# Outlines of Roboto Medium 2.138, Copyright 2011 Google Inc., Apache License 2.0; made by make_glyphs.py.
"""


class Outline(BasePen):
    def __init__(self, glyphs):
        super().__init__(glyphs)
        self.parts = []

    def add(self, letter, *points):
        numbers = (f"{round(x)} {round(-y)}" for x, y in points)
        self.parts.append(letter + " ".join(numbers))

    def _moveTo(self, point):
        self.add("M", point)

    def _lineTo(self, point):
        self.add("L", point)

    def _qCurveToOne(self, control, point):
        self.add("Q", control, point)

    def _closePath(self):
        self.add("Z")


def main(file):
    font = TTFont(file)
    assert font["head"].unitsPerEm == 2048
    names, glyphs = font.getBestCmap(), font.getGlyphSet()
    lines = []
    for code in CODE_POINTS:
        if code in names:
            outline = Outline(glyphs)
            glyphs[names[code]].draw(outline)
            lines.append(f"{code:04X} {glyphs[names[code]].width} {' '.join(outline.parts)}".rstrip())
    TARGET.write_text(HEADER + "\n".join(lines) + "\n")
    print(font["name"].getDebugName(5), font["name"].getDebugName(0), len(lines), "glyphs")


if __name__ == "__main__":
    main(sys.argv[1])
