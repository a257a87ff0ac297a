package io.vaccel.interop;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import io.vaccel.ElementType;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the tensors of ONNX's test data: files of one {@code TensorProto}, whose fields are known
 * here by their numbers in {@code onnx.proto}.
 */
final class OnnxTensorFile {
  private static final int DIMS = 1;
  private static final int DATA_TYPE = 2;
  private static final int FLOAT_DATA = 4;
  private static final int INT32_DATA = 5;
  private static final int STRING_DATA = 6;
  private static final int INT64_DATA = 7;
  private static final int RAW_DATA = 9;
  private static final int DOUBLE_DATA = 10;
  private static final int UINT64_DATA = 11;

  private OnnxTensorFile() {}

  /** The tensor, without a name; empty when the file holds a sequence or an optional. */
  static Optional<Tensor> read(Path file) throws IOException {
    UnknownFieldSet proto = UnknownFieldSet.parseFrom(Files.readAllBytes(file));
    // Field 1 of a sequence or an optional is its name, not dimensions.
    if (proto.getField(DATA_TYPE).getVarintList().isEmpty()
        || !proto.getField(DIMS).getLengthDelimitedList().isEmpty()) {
      return Optional.empty();
    }
    List<Long> dims = proto.getField(DIMS).getVarintList();
    Optional<ElementType> type = type(proto.getField(DATA_TYPE).getVarintList().get(0).intValue());
    Shape shape = Shape.of(dims.stream().mapToLong(Long::longValue).toArray());
    return type.map(known -> tensor(proto, known, shape));
  }

  private static Tensor tensor(UnknownFieldSet proto, ElementType type, Shape shape) {
    if (type == ElementType.STRING) {
      List<byte[]> texts = new ArrayList<>();
      for (ByteString text : proto.getField(STRING_DATA).getLengthDelimitedList()) {
        texts.add(text.toByteArray());
      }
      return Tensor.ofStrings("", shape, texts);
    }
    List<ByteString> raw = proto.getField(RAW_DATA).getLengthDelimitedList();
    if (!raw.isEmpty() && shape.elements() > 0) {
      return Tensor.of("", type, shape, raw.get(0).asReadOnlyByteBuffer());
    }
    ByteBuffer data =
        ByteBuffer.allocate((int) type.bytes(shape.elements())).order(ByteOrder.LITTLE_ENDIAN);
    switch (type) {
      case FLOAT32 -> packed(proto.getField(FLOAT_DATA), data);
      case FLOAT64 -> packed(proto.getField(DOUBLE_DATA), data);
      case INT64 -> integers(proto.getField(INT64_DATA)).forEach(data::putLong);
      case UINT64 -> integers(proto.getField(UINT64_DATA)).forEach(data::putLong);
      case UINT32 -> integers(proto.getField(UINT64_DATA)).forEach(v -> data.putInt(v.intValue()));
      case INT32 -> integers(proto.getField(INT32_DATA)).forEach(v -> data.putInt(v.intValue()));
      case INT16, UINT16, FLOAT16, BFLOAT16 ->
          integers(proto.getField(INT32_DATA)).forEach(v -> data.putShort(v.shortValue()));
      default -> integers(proto.getField(INT32_DATA)).forEach(v -> data.put(v.byteValue()));
    }
    return Tensor.of("", type, shape, data.flip());
  }

  /** Numbers of fixed size, packed or not. */
  private static void packed(Field field, ByteBuffer data) {
    field.getLengthDelimitedList().forEach(part -> data.put(part.asReadOnlyByteBuffer()));
    field.getFixed32List().forEach(data::putInt);
    field.getFixed64List().forEach(data::putLong);
  }

  /** Numbers of variable size, packed or not. */
  private static List<Long> integers(Field field) {
    List<Long> values = new ArrayList<>(field.getVarintList());
    try {
      for (ByteString part : field.getLengthDelimitedList()) {
        CodedInputStream in = part.newCodedInput();
        while (!in.isAtEnd()) {
          values.add(in.readRawVarint64());
        }
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return values;
  }

  private static Optional<ElementType> type(int number) {
    return Optional.ofNullable(
        switch (number) {
          case 1 -> ElementType.FLOAT32;
          case 2 -> ElementType.UINT8;
          case 3 -> ElementType.INT8;
          case 4 -> ElementType.UINT16;
          case 5 -> ElementType.INT16;
          case 6 -> ElementType.INT32;
          case 7 -> ElementType.INT64;
          case 8 -> ElementType.STRING;
          case 9 -> ElementType.BOOL;
          case 10 -> ElementType.FLOAT16;
          case 11 -> ElementType.FLOAT64;
          case 12 -> ElementType.UINT32;
          case 13 -> ElementType.UINT64;
          case 16 -> ElementType.BFLOAT16;
          default -> null;
        });
  }
}
