"""Makes the photographs from published packages, in the formats and variants that an image reader must cope with.

Every change to a photograph - size, crop, rotation, format - happens here and is ours, not its author's.
"""

import io
import pathlib
import sys

from PIL import Image, ImageDraw

import qtresource
from packages import Packages

PHOTOS = pathlib.Path(__file__).resolve().parent.parent / "photos"
LONGEST_SIDE = 512
ORIENTATION = 0x0112


def shrink(image, side=LONGEST_SIDE):
    image = image.convert("RGB")
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    return image


def rounded(image, radius):
    """The same colours, with an alpha channel that is zero in the corners."""
    mask = Image.new("L", image.size, 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, image.width - 1, image.height - 1), radius, fill=255)
    image = image.convert("RGBA")
    image.putalpha(mask)
    return image


def oriented(image, orientation):
    """Stores the pixels so that a viewer which honours the EXIF orientation shows the image as it is given."""
    undo = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE}
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return image.transpose(undo[orientation]), exif


def main(cache):
    packages = Packages(cache)
    skimage = packages.wheel("scikit-image==0.19.3")

    def from_skimage(name):
        return Image.open(io.BytesIO(skimage.read("skimage/data/" + name)))

    def wallpaper(name):
        return Image.open(io.BytesIO(packages.debian(
            "lomiri-wallpapers-16.04=20.04.0-2", "usr/share/backgrounds/" + name)))

    animals = packages.debian(
        "gcompris-qt-data=3.1-2", "usr/share/gcompris-qt/rcc/explore_world_animals.rcc")
    panda = Image.open(io.BytesIO(qtresource.read(
        animals, "/gcompris/src/activities/explore_world_animals/resource/animals/panda.webp")))

    PHOTOS.mkdir(exist_ok=True)
    jpeg = {"format": "JPEG", "quality": 90, "subsampling": "4:2:0", "optimize": True}

    coffee = shrink(from_skimage("coffee.png"))
    coffee.save(PHOTOS / "coffee.jpg", **jpeg)
    turned, exif = oriented(coffee, 6)
    turned.save(PHOTOS / "coffee-exif6.jpg", exif=exif, **jpeg)
    shrink(coffee, 320).save(PHOTOS / "coffee.bmp")

    # Of the whole picture the model sees only the middle, where Egyptian cat and tiger cat come out the same.
    chelsea = from_skimage("chelsea.png").convert("RGB").crop((30, 0, 330, 300))
    chelsea.save(PHOTOS / "chelsea.jpg", **{**jpeg, "subsampling": "4:4:4"}, progressive=True)
    chelsea.quantize(256, method=Image.Quantize.MEDIANCUT).save(PHOTOS / "chelsea-palette.png", optimize=True)
    chelsea.save(PHOTOS / "chelsea.png", optimize=True)

    mirrored, exif = oriented(shrink(panda), 7)
    shrink(panda).save(PHOTOS / "panda.jpg", **jpeg)
    mirrored.save(PHOTOS / "panda-exif7.jpg", exif=exif, **jpeg)

    from_skimage("camera.png").save(PHOTOS / "photographer-grey.png", optimize=True)
    shrink(wallpaper("picosdeeuropa_by_Aitzol_Berasategi.jpg")).save(PHOTOS / "mountains.jpg", progressive=True, **jpeg)
    brushes = shrink(wallpaper("Picture_1A_by_freespace.jpg"), 320)
    rounded(brushes, 40).save(PHOTOS / "paintbrushes-alpha.png", optimize=True)


if __name__ == "__main__":
    main(sys.argv[1])
