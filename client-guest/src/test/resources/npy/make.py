#!/usr/bin/env python3
"""Makes the .npy and .npz files of this directory with NumPy, which reads and writes them for real (numpy 2, ml_dtypes 0.5)."""
import os

import ml_dtypes
import numpy as np

os.chdir(os.path.dirname(os.path.abspath(__file__)))
numbers = np.arange(6).reshape(2, 3)
for kind in ["b1", "u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f2", "f4", "f8", "c8", "c16"]:
    np.save(kind, (numbers % 2 if kind == "b1" else numbers).astype("<" + kind))
np.save("bfloat16", numbers.astype(ml_dtypes.bfloat16))
np.save("big-endian", numbers.astype(">f4"))
np.save("fortran", np.asfortranarray(numbers.astype("<i4")))
np.save("scalar", np.float32(2.5))
np.save("vector", np.array([1, 2, 3], "<i4"))
np.save("empty", np.zeros((0, 3), "<f4"))
np.save("bytes", np.array([b"one", b"", b"three"]))
np.save("text", np.array(["gr\u00fc\u00dfe", "", "\U0001f600"]))
np.save("big-text", np.array(["ab", "c"], ">U2"))
np.save("objects", np.array([{}], object), allow_pickle=True)
np.save("records", np.zeros(2, [("a", "<i4"), ("b", "<f4")]))
np.save("dates", np.array(["2026-01-01"], "M8[D]"))
np.savez("two", a=numbers.astype("<f4"), b=np.array([7], "<i8"))
np.savez_compressed("unnamed", np.zeros((100, 100), "<f4"), np.array([7], "<i8"))
