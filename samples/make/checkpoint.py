"""Reads the tensors of a PyTorch checkpoint without PyTorch, and without running anything the file names.

The format is the one that torch.save wrote before version 1.6: five pickles in a row (a magic number, the
protocol version, facts about the writer, the object, the keys of its storages), then each storage as a
little-endian 64-bit element count and the raw elements. A tensor in the third pickle is a view of a storage:
offset, shape and strides in elements. Format as in torch/serialization.py (`_legacy_load`), PyTorch 1.5.
"""

import collections
import pickle
import struct

import numpy as np

MAGIC = 0x1950A86A20F9469CFC6C
PROTOCOL = 1001
DTYPES = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}


class _Storage:
    """A run of elements that tensors are views of; filled once its bytes are reached."""

    def __init__(self, dtype, count):
        self.dtype = dtype
        self.count = count
        self.data = None


class _View:
    """A tensor before its storage is filled."""

    def __init__(self, storage, offset, shape, strides, *_):
        self.storage = storage
        self.offset = offset
        self.shape = shape
        self.strides = strides

    def array(self):
        size = self.storage.dtype.itemsize
        last = self.offset + sum((n - 1) * s for n, s in zip(self.shape, self.strides))
        if self.offset < 0 or min(self.strides, default=0) < 0 or not 0 <= last < self.storage.count:
            raise ValueError(f"view of shape {self.shape} reaches outside its storage of {self.storage.count}")
        view = np.lib.stride_tricks.as_strided(
            self.storage.data[self.offset:], self.shape, [s * size for s in self.strides])
        return np.ascontiguousarray(view)


class _Unpickler(pickle.Unpickler):
    """Knows the four names such a file needs, and refuses every other."""

    def __init__(self, file, storages):
        super().__init__(file)
        self.storages = storages

    def find_class(self, module, name):
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _View
        if module == "torch" and name in DTYPES:
            return DTYPES[name]
        raise pickle.UnpicklingError(f"checkpoint names {module}.{name}, which no plain state dictionary needs")

    def persistent_load(self, pid):
        kind, dtype, key, _location, count, view = pid
        if kind != "storage" or view is not None:
            raise pickle.UnpicklingError(f"unknown persistent object {kind!r}")
        return self.storages.setdefault(key, _Storage(dtype, count))


def read(file):
    """The tensors in a binary file object, by name, as contiguous numpy arrays."""
    storages = {}

    def load():
        return _Unpickler(file, storages).load()

    magic, protocol, system = load(), load(), load()
    if magic != MAGIC or protocol != PROTOCOL or not system["little_endian"]:
        raise ValueError(f"no little-endian checkpoint of protocol {PROTOCOL}")
    views = load()
    for key in load():
        storage = storages[key]
        (count,) = struct.unpack("<q", file.read(8))
        if count != storage.count:
            raise ValueError(f"storage {key} has {count} elements where {storage.count} are announced")
        raw = file.read(count * storage.dtype.itemsize)
        storage.data = np.frombuffer(raw, storage.dtype, count)
    if file.read(1):
        raise ValueError("bytes after the last storage")
    return {name: view.array() for name, view in views.items()}
