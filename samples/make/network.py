"""Writes EfficientNet-Lite0 as an ONNX graph from the tensors of its PyTorch checkpoint.

Batch normalisation is folded into the convolution before it (in double precision, rounded once), which leaves
convolutions, ReLU6, additions, one pooling and one fully connected layer. Weights are stored as float16 with a
Cast beside each: half the file, and a runtime folds the Cast when it loads the model, so that it computes in float32.

The architecture is that of the EfficientNet-Lite paper code (tensorflow/tpu, efficientnet_lite_builder.py): the
table below, no squeeze-and-excitation, ReLU6, and a stem and head of fixed width.
"""

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper

BATCH_NORM_EPSILON = 1e-3
SIZE = 224
OPSET = 13
IR_VERSION = 8

# repeats, kernel, stride of the first repeat, expansion, output channels
STAGES = [
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
]


class Network:
    """The graph while it grows; each method appends one layer and returns the name of its output."""

    def __init__(self, tensors, half):
        self.tensors = dict(tensors)
        self.half = half
        self.nodes = []
        self.initializers = []
        self.constant("zero", np.float32(0))
        self.constant("six", np.float32(6))

    def take(self, name):
        """A tensor of the checkpoint; what is left at the end is an error."""
        return self.tensors.pop(name)

    def constant(self, name, array):
        self.initializers.append(numpy_helper.from_array(np.asarray(array), name))
        return name

    def weight(self, name, array):
        if not self.half:
            return self.constant(name, array.astype(np.float32))
        stored = self.constant(name + ".half", array.astype(np.float16))
        return self.node("Cast", [stored], name, to=TensorProto.FLOAT)

    def node(self, operator, inputs, output, **attributes):
        self.nodes.append(helper.make_node(operator, inputs, [output], name=output + "/" + operator, **attributes))
        return output

    def convolution(self, x, size, weight_name, norm, stride, activation):
        """Convolution with TensorFlow's SAME padding and batch normalisation; returns the output and its size."""
        weight = self.take(weight_name + ".weight").astype(np.float64)
        gamma, beta, mean, variance = (
            self.take(f"{norm}.{part}").astype(np.float64) for part in ("weight", "bias", "running_mean", "running_var"))
        self.take(norm + ".num_batches_tracked")
        scale = gamma / np.sqrt(variance + BATCH_NORM_EPSILON)
        depthwise = weight.shape[1] == 1
        kernel = weight.shape[2]
        out = -(-size // stride)
        padding = max((out - 1) * stride + kernel - size, 0)
        before, after = padding // 2, padding - padding // 2
        inputs = [
            x,
            self.weight(weight_name + ".weight", weight * scale.reshape(-1, 1, 1, 1)),
            self.constant(weight_name + ".bias", (beta - mean * scale).astype(np.float32)),
        ]
        x = self.node(
            "Conv", inputs, weight_name, kernel_shape=[kernel, kernel], strides=[stride, stride],
            pads=[before, before, after, after], group=weight.shape[0] if depthwise else 1)
        if activation:
            x = self.node("Clip", [x, "zero", "six"], weight_name + ".relu6")
        return x, out

    def block(self, x, size, name, stride, expansion, shortcut):
        """Expand, filter each channel, project; added to its input where the shapes are the same."""
        y = x
        if expansion != 1:
            y, size = self.convolution(y, size, name + "._expand_conv", name + "._bn0", 1, True)
        y, size = self.convolution(y, size, name + "._depthwise_conv", name + "._bn1", stride, True)
        y, size = self.convolution(y, size, name + "._project_conv", name + "._bn2", 1, False)
        if shortcut:
            y = self.node("Add", [y, x], name + ".sum")
        return y, size


def build(tensors, source, half=True):
    """The model: f32[N,3,224,224] `input` to f32[N,1000] `logits`."""
    net = Network(tensors, half)
    x, size = net.convolution("input", SIZE, "_conv_stem", "_bn0", 2, True)
    channels, index = 32, 0
    for repeats, kernel, first_stride, expansion, filters in STAGES:
        for repeat in range(repeats):
            stride = first_stride if repeat == 0 else 1
            name = f"_blocks.{index}"
            assert net.tensors[name + "._depthwise_conv.weight"].shape[2] == kernel
            x, size = net.block(x, size, name, stride, expansion, stride == 1 and channels == filters)
            channels, index = filters, index + 1
    x, size = net.convolution(x, size, "_conv_head", "_bn1", 1, True)
    x = net.node("GlobalAveragePool", [x], "pool")
    x = net.node("Flatten", [x], "features", axis=1)
    weight = net.weight("_fc.weight", net.take("_fc.weight"))
    net.node("Gemm", [x, weight, net.constant("_fc.bias", net.take("_fc.bias"))], "logits", transB=1)
    if net.tensors:
        raise ValueError(f"tensors that the graph does not use: {sorted(net.tensors)}")

    graph = helper.make_graph(
        net.nodes, "efficientnet-lite0",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["N", 3, SIZE, SIZE])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["N", 1000])],
        net.initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="vaccel-samples")
    model.ir_version = IR_VERSION
    model.doc_string = source
    checker.check_model(model, full_check=True)
    return model
