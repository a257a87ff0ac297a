"""Writes the sample classifier as TorchScript: python3 torchscript.py efficientnet-lite0.onnx efficientnet-lite0.pt

Neither PyTorch nor ONNX is needed: the operators of that one file are known (samples/make/network.py), its weights are
copied bit by bit, and the TorchScript source, the pickle and the archive are written directly. Formats: onnx.proto3 of
ONNX; docs/source/jit_language_reference and torch/csrc/jit/serialization of PyTorch; pickle protocol 2. The result is
the same bytes every time.
"""

import struct
import sys
import zipfile

FLOAT, FLOAT16 = 1, 10
STORAGES = {FLOAT: ("FloatStorage", 4), FLOAT16: ("HalfStorage", 2)}
TORCH_FLOAT32 = 6


def fields(data):
    """The fields of a protobuf message: number and value, an integer or bytes."""
    at = 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(data):
        key = varint()
        if key & 7 == 0:
            yield key >> 3, varint()
        else:
            size = {1: 8, 5: 4}.get(key & 7) or varint()
            yield key >> 3, data[at:at + size]
            at += size


def numbers(packed):
    """Values of a repeated integer field, whether it was packed or not."""
    for value in packed:
        if isinstance(value, int):
            yield value
        else:
            yield from (v for _, v in fields(b"".join(b"\x08" + b for b in varints(value))))


def varints(data):
    start = 0
    for at, byte in enumerate(data):
        if byte < 128:
            yield data[start:at + 1]
            start = at + 1


def message(data):
    grouped = {}
    for number, value in fields(data):
        grouped.setdefault(number, []).append(value)
    return grouped


class Tensor:
    """An initializer: element type, shape and little-endian bytes."""

    def __init__(self, data):
        parts = message(data)
        self.shape = list(numbers(parts.get(1, [])))
        self.type = parts[2][0]
        self.name = parts[8][0].decode()
        self.bytes = parts[9][0] if 9 in parts else b"".join(parts[4])


class Node:
    """An operator: names of inputs and output, integer attributes."""

    def __init__(self, data):
        parts = message(data)
        self.inputs = [name.decode() for name in parts.get(1, [])]
        self.output = parts[2][0].decode()
        self.operator = parts[4][0].decode()
        self.attributes = {}
        for attribute in parts.get(5, []):
            a = message(attribute)
            self.attributes[a[1][0].decode()] = list(numbers(a.get(8, []))) or a.get(3, [0])[0]


def code(nodes, constants):
    """The lines of forward, one for each operator."""
    names = {"input": "input"}

    def value(name):
        if name in constants:
            return "self.w%d" % list(constants).index(name)
        return names[name]

    for index, node in enumerate(nodes):
        a, i = node.attributes, [value(name) for name in node.inputs]
        names[node.output] = "v%d" % index
        if node.operator == "Cast":
            line = "torch.to(%s, %d)" % (i[0], TORCH_FLOAT32)
        elif node.operator == "Conv":
            top, left, bottom, right = a["pads"]
            line = "torch.conv2d(torch.constant_pad_nd(%s, [%d, %d, %d, %d]), %s, %s, %s, [0, 0], [1, 1], %d)" % (
                i[0], left, right, top, bottom, i[1], i[2], a["strides"], a.get("group", 1))
        elif node.operator == "Clip":
            line = "torch.clamp(%s, 0, 6)" % i[0]
        elif node.operator == "Add":
            line = "torch.add(%s, %s)" % (i[0], i[1])
        elif node.operator == "GlobalAveragePool":
            line = "torch.adaptive_avg_pool2d(%s, [1, 1])" % i[0]
        elif node.operator == "Flatten":
            line = "torch.flatten(%s, 1)" % i[0]
        elif node.operator == "Gemm":
            line = "torch.linear(%s, %s, %s)" % tuple(i)
        else:
            raise ValueError("no TorchScript is known for " + node.operator)
        yield "v%d = %s" % (index, line)
    yield 'return {"logits": v%d}' % (len(nodes) - 1)


def text(value):
    data = value.encode()
    return b"X" + struct.pack("<I", len(data)) + data


def integer(value):
    return b"J" + struct.pack("<i", value)


def integers(values):
    return b"(" + b"".join(map(integer, values)) + b"t"


def pickled(tensors):
    """An instance of __torch__.M whose attributes are these tensors."""
    out = b"\x80\x02c__torch__\nM\n)\x81}("
    for index, tensor in enumerate(tensors):
        storage, size = STORAGES[tensor.type]
        strides = [1] * len(tensor.shape)
        for d in range(len(tensor.shape) - 1, 0, -1):
            strides[d - 1] = strides[d] * tensor.shape[d]
        out += text("w%d" % index) + b"ctorch._utils\n_rebuild_tensor_v2\n(("
        out += text("storage") + b"ctorch\n" + storage.encode() + b"\n" + text(str(index)) + text("cpu")
        out += integer(len(tensor.bytes) // size) + b"tQ" + integer(0) + integers(tensor.shape) + integers(strides)
        out += b"\x89ccollections\nOrderedDict\n)RtR"
    return out + text("training") + b"\x89ub."


def main(source, target):
    with open(source, "rb") as file:
        graph = message(message(file.read())[7][0])
    tensors = {t.name: t for t in map(Tensor, graph[5])}
    nodes = [Node(data) for data in graph[1]]
    program = ["class M(Module):", "  __parameters__ = []"]
    program += ["  __buffers__ = [%s]" % "".join('"w%d", ' % i for i in range(len(tensors)))]
    program += ["  w%d : Tensor" % i for i in range(len(tensors))]
    program += ["  training : bool", "  def forward(self: __torch__.M,", "    input: Tensor) -> Dict[str, Tensor]:"]
    program += ["    " + line for line in code(nodes, tensors)]
    records = {
        "data.pkl": pickled(tensors.values()),
        "code/__torch__.py": ("\n".join(program) + "\n").encode(),
        "constants.pkl": b"\x80\x02).",
        "version": b"3\n",
    }
    records.update({"data/%d" % i: t.bytes for i, t in enumerate(tensors.values())})
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, data in records.items():
            archive.writestr(zipfile.ZipInfo("efficientnet-lite0/" + name), data)


if __name__ == "__main__":
    main(*sys.argv[1:])
