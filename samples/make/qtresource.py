"""Reads one file out of a Qt resource collection (.rcc), the form in which GCompris ships its pictures.

Big-endian: "qres", version, offsets of the tree, the data and the names. A node of the tree is a name offset,
flags, and either count and first index of its children or a data offset. Format as in Qt's qresource.cpp.
"""

import struct

COMPRESSED, DIRECTORY = 1, 2


def read(collection, path):
    """The bytes stored under an absolute path such as `/a/b.jpg`; only uncompressed ones, as pictures are."""
    magic, version, tree, data, names = struct.unpack_from(">4s4i", collection)
    if magic != b"qres":
        raise ValueError("no Qt resource collection")
    size = 14 if version < 2 else 22

    def name(node):
        (offset,) = struct.unpack_from(">I", collection, tree + node * size)
        (length,) = struct.unpack_from(">H", collection, names + offset)
        start = names + offset + 6
        return collection[start:start + 2 * length].decode("utf-16-be")

    node = 0
    for part in path.strip("/").split("/"):
        flags, count, first = struct.unpack_from(">HII", collection, tree + node * size + 4)
        children = range(first, first + count) if flags & DIRECTORY else ()
        node = next((child for child in children if name(child) == part), None)
        if node is None:
            raise KeyError(f"{path}: no {part}")
    flags, _locale, offset = struct.unpack_from(">HII", collection, tree + node * size + 4)
    if flags & (COMPRESSED | DIRECTORY):
        raise ValueError(f"{path}: a folder, or compressed")
    (length,) = struct.unpack_from(">I", collection, data + offset)
    return collection[data + offset + 4:data + offset + 4 + length]
