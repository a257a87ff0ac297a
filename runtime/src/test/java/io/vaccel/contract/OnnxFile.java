package io.vaccel.contract;

import io.vaccel.ElementType;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes tiny ONNX models, so that tests need neither a file nor Python; a builder, not safe for
 * use by several threads.
 *
 * <p>The field numbers are those of {@code onnx.proto} of the ONNX project (ONNX IR version 8); the
 * encoding is that of protocol buffers.
 */
public final class OnnxFile {
  private static final long IR_VERSION = 8;
  private static final long OPSET = 17;

  private final Message graph = new Message();
  private long irVersion = IR_VERSION;
  private int nodes;

  /** A model without nodes. */
  public OnnxFile(String name) {
    graph.string(2, name);
  }

  /** The number of ONNX's {@code TensorProto.DataType} for an element type that it has. */
  public static long dataType(ElementType type) {
    return switch (type) {
      case FLOAT32 -> 1;
      case UINT8 -> 2;
      case INT8 -> 3;
      case UINT16 -> 4;
      case INT16 -> 5;
      case INT32 -> 6;
      case INT64 -> 7;
      case STRING -> 8;
      case BOOL -> 9;
      case FLOAT16 -> 10;
      case FLOAT64 -> 11;
      case UINT32 -> 12;
      case UINT64 -> 13;
      case COMPLEX64 -> 14;
      case COMPLEX128 -> 15;
      case BFLOAT16 -> 16;
      case INT4 -> 22;
      case QINT8, QUINT8, QINT16, QUINT16, QINT32 ->
          throw new IllegalArgumentException("ONNX has no " + type);
    };
  }

  /** Declares a graph input; a dimension of -1 may have any size. */
  public OnnxFile input(String name, ElementType type, long... dimensions) {
    graph.message(11, valueInfo(name, type, dimensions));
    return this;
  }

  /** Declares a graph output; a dimension of -1 may have any size. */
  public OnnxFile output(String name, ElementType type, long... dimensions) {
    graph.message(12, valueInfo(name, type, dimensions));
    return this;
  }

  /** Adds a constant. */
  public OnnxFile constant(String name, float[] values, long... dimensions) {
    ByteBuffer raw = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values);
    return constant(name, ElementType.FLOAT32, raw.array(), dimensions);
  }

  /** Adds a constant from packed little-endian elements. */
  public OnnxFile constant(String name, ElementType type, byte[] raw, long... dimensions) {
    graph.message(5, tensor(name, type, dimensions).bytes(9, raw));
    return this;
  }

  /** Adds a constant of strings. */
  public OnnxFile constant(String name, List<String> values, long... dimensions) {
    Message tensor = tensor(name, ElementType.STRING, dimensions);
    values.forEach(value -> tensor.string(6, value));
    graph.message(5, tensor);
    return this;
  }

  /** Adds a constant whose elements lie in another file. */
  public OnnxFile externalConstant(
      String name, ElementType type, String location, long... dimensions) {
    Message tensor = tensor(name, type, dimensions);
    tensor.message(13, new Message().string(1, "location").string(2, location));
    graph.message(5, tensor.number(14, 1));
    return this;
  }

  /** Adds a node; attributes come from {@link #integer} and the like. */
  public OnnxFile node(
      String operator, List<String> inputs, List<String> outputs, Message... attributes) {
    Message node = new Message();
    inputs.forEach(input -> node.string(1, input));
    outputs.forEach(output -> node.string(2, output));
    node.string(3, "node" + nodes++).string(4, operator);
    for (Message attribute : attributes) {
      node.message(5, attribute);
    }
    graph.message(1, node);
    return this;
  }

  /** Claims another version of the file format. */
  public OnnxFile irVersion(long version) {
    irVersion = version;
    return this;
  }

  /** An integer attribute. */
  public static Message integer(String name, long value) {
    return new Message().string(1, name).number(3, value).number(20, 2);
  }

  /** An attribute of several integers. */
  public static Message integers(String name, long... values) {
    Message attribute = new Message().string(1, name);
    for (long value : values) {
      attribute.number(8, value);
    }
    return attribute.number(20, 7);
  }

  /** An attribute that is a graph: the body of a loop. */
  public static Message body(String name, OnnxFile body) {
    return new Message().string(1, name).message(6, body.graph).number(20, 5);
  }

  /** The file. */
  public ByteBuffer bytes() {
    return ByteBuffer.wrap(model().message(7, graph).bytes());
  }

  /**
   * The file up to the elements of one more constant, which must follow: for one that is too large
   * to be made in memory.
   *
   * @param bytes of all its elements
   */
  public byte[] head(String constant, ElementType type, long bytes, long... dimensions) {
    byte[] tensor = tensor(constant, type, dimensions).head(9, bytes).bytes();
    byte[] all =
        new Message().append(graph.bytes()).head(5, tensor.length + bytes).append(tensor).bytes();
    return model().head(7, all.length + bytes).append(all).bytes();
  }

  private Message model() {
    Message model = new Message().number(1, irVersion).string(2, "vaccel tests");
    return model.message(8, new Message().string(1, "").number(2, OPSET));
  }

  private static Message tensor(String name, ElementType type, long... dimensions) {
    Message tensor = new Message();
    for (long dimension : dimensions) {
      tensor.number(1, dimension);
    }
    return tensor.number(2, dataType(type)).string(8, name);
  }

  private static Message valueInfo(String name, ElementType type, long... dimensions) {
    Message shape = new Message();
    for (int i = 0; i < dimensions.length; i++) {
      Message dimension = new Message();
      shape.message(
          1,
          dimensions[i] < 0 ? dimension.string(2, "any" + i) : dimension.number(1, dimensions[i]));
    }
    Message tensorType = new Message().number(1, dataType(type)).message(2, shape);
    return new Message().string(1, name).message(2, new Message().message(1, tensorType));
  }

  /** A protocol buffer message under construction. */
  public static final class Message {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private Message() {}

    Message number(int field, long value) {
      varint((long) field << 3);
      varint(value);
      return this;
    }

    Message string(int field, String value) {
      return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Message message(int field, Message value) {
      return bytes(field, value.bytes());
    }

    Message bytes(int field, byte[] value) {
      return head(field, value.length).append(value);
    }

    /** Begins a field of so many bytes. */
    private Message head(int field, long length) {
      varint(((long) field << 3) | 2);
      varint(length);
      return this;
    }

    private Message append(byte[] value) {
      out.writeBytes(value);
      return this;
    }

    byte[] bytes() {
      return out.toByteArray();
    }

    private void varint(long value) {
      long rest = value;
      while ((rest & ~0x7fL) != 0) {
        out.write((int) ((rest & 0x7f) | 0x80));
        rest >>>= 7;
      }
      out.write((int) rest);
    }
  }
}
