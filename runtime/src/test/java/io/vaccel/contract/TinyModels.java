package io.vaccel.contract;

import static io.vaccel.contract.OnnxFile.body;
import static io.vaccel.contract.OnnxFile.integer;
import static io.vaccel.contract.OnnxFile.integers;

import io.vaccel.ElementType;
import io.vaccel.ModelFormat;
import io.vaccel.ModelSpec;
import io.vaccel.Resource;
import io.vaccel.ResourceFile;
import io.vaccel.ResourceKind;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Models of a few hundred bytes whose results can be told by hand. */
public final class TinyModels {
  private static final String NAME = "tiny";

  private TinyModels() {}

  /** {@code y = x}, both of this type and shape. */
  public static OnnxFile identity(ElementType type, long... dimensions) {
    return new OnnxFile("identity")
        .input("x", type, dimensions)
        .node("Identity", List.of("x"), List.of("y"))
        .output("y", type, dimensions);
  }

  /** {@code sum = a + b} and {@code difference = a - b}, of FLOAT32[any, 2]. */
  public static OnnxFile sumAndDifference() {
    return new OnnxFile("arithmetic")
        .input("a", ElementType.FLOAT32, -1, 2)
        .input("b", ElementType.FLOAT32, -1, 2)
        .node("Add", List.of("a", "b"), List.of("sum"))
        .node("Sub", List.of("a", "b"), List.of("difference"))
        .output("sum", ElementType.FLOAT32, -1, 2)
        .output("difference", ElementType.FLOAT32, -1, 2);
  }

  /** Adds one to {@code x} FLOAT32[1] for {@code n} INT64[] times: as slow as is wanted. */
  public static OnnxFile counting() {
    OnnxFile step =
        new OnnxFile("step")
            .input("i", ElementType.INT64)
            .input("go", ElementType.BOOL)
            .input("before", ElementType.FLOAT32, 1)
            .constant("one", new float[] {1}, 1)
            .node("Identity", List.of("go"), List.of("on"))
            .node("Add", List.of("before", "one"), List.of("after"))
            .output("on", ElementType.BOOL)
            .output("after", ElementType.FLOAT32, 1);
    return new OnnxFile("counting")
        .input("n", ElementType.INT64)
        .input("x", ElementType.FLOAT32, 1)
        .constant("true", ElementType.BOOL, new byte[] {1})
        .node("Loop", List.of("n", "true", "x"), List.of("y"), body("body", step))
        .output("y", ElementType.FLOAT32, 1);
  }

  /** The inputs of {@link #counting} for so many steps from zero. */
  public static List<Tensor> steps(long times) {
    ByteBuffer n = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, times);
    return List.of(
        Tensor.of("n", ElementType.INT64, Shape.of(), n), Tensor.ofFloats("x", Shape.of(1), 0));
  }

  /** Repeats {@code x} FLOAT32[1] to {@code n} INT64[1] elements: as large as is wanted. */
  public static OnnxFile repeating() {
    return new OnnxFile("repeating")
        .input("x", ElementType.FLOAT32, 1)
        .input("n", ElementType.INT64, 1)
        .node("Expand", List.of("x", "n"), List.of("y"))
        .output("y", ElementType.FLOAT32, -1);
  }

  /** Uses an operator that no engine has. */
  public static OnnxFile unknownOperator() {
    return new OnnxFile("unknown")
        .input("x", ElementType.FLOAT32, 1)
        .node("Frobnicate", List.of("x"), List.of("y"))
        .output("y", ElementType.FLOAT32, 1);
  }

  /**
   * Tells red, green and blue apart: the mean of each channel of a picture of 4 x 4 pixels, times
   * 4. Input {@code image}, output {@code logits} FLOAT32[1, 3].
   *
   * @param nchw whether the channels come before the rows, else after the columns
   * @param type FLOAT32 or UINT8
   */
  public static OnnxFile colours(boolean nchw, ElementType type) {
    long[] shape = nchw ? new long[] {1, 3, 4, 4} : new long[] {1, 4, 4, 3};
    return new OnnxFile("colours")
        .input("image", type, shape)
        .constant("four", new float[] {type == ElementType.UINT8 ? 4f / 255 : 4}, 1)
        .node("Cast", List.of("image"), List.of("values"), integer("to", 1))
        .node(
            "ReduceMean",
            List.of("values"),
            List.of("means"),
            nchw ? integers("axes", 2, 3) : integers("axes", 1, 2),
            integer("keepdims", 0))
        .node("Mul", List.of("means", "four"), List.of("logits"))
        .output("logits", ElementType.FLOAT32, 1, 3);
  }

  /** The metadata of {@link #colours}, with pixels scaled to 0..1, or as they are for UINT8. */
  public static String coloursMetadata(boolean nchw, ElementType type, String color) {
    String std = type == ElementType.UINT8 ? "[1, 1, 1]" : "[255, 255, 255]";
    return ("{'version': 1, 'task': 'image-classification', 'input': {'name': 'image',"
            + " 'width': 4, 'height': 4, 'layout': '%s', 'color': '%s', 'resize': 'stretch',"
            + " 'interpolation': 'bilinear', 'mean': [0, 0, 0], 'std': %s},"
            + " 'output': {'name': 'logits', 'activation': 'softmax'},"
            + " 'labels': 'tiny.labels.txt'}")
        .formatted(nchw ? "NCHW" : "NHWC", color, std)
        .replace('\'', '"');
  }

  /** The labels of {@link #colours} for colour order RGB. */
  public static String coloursLabels() {
    return "red\ngreen\nblue\n";
  }

  /** The model alone. */
  public static ModelSpec spec(OnnxFile model) {
    return spec(model.bytes());
  }

  /** Bytes that claim to be an ONNX model. */
  public static ModelSpec spec(ByteBuffer model) {
    Resource resource = Resource.ofBytes(ResourceKind.MODEL, NAME + ".onnx", model);
    return new ModelSpec(resource, ModelFormat.ONNX);
  }

  /** The model with metadata and labels beside it. */
  public static ModelSpec spec(OnnxFile model, String metadata, String labels) {
    List<ResourceFile> files = new ArrayList<>();
    files.add(ResourceFile.ofBytes(NAME + ".onnx", model.bytes()));
    files.add(text(NAME + ".json", metadata));
    files.add(text(NAME + ".labels.txt", labels));
    return new ModelSpec(new Resource(ResourceKind.MODEL, files), ModelFormat.ONNX);
  }

  /** {@link #colours} with its metadata and labels. */
  public static ModelSpec colours() {
    return spec(
        colours(true, ElementType.FLOAT32),
        coloursMetadata(true, ElementType.FLOAT32, "RGB"),
        coloursLabels());
  }

  private static ResourceFile text(String name, String content) {
    return ResourceFile.ofBytes(name, ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)));
  }
}
