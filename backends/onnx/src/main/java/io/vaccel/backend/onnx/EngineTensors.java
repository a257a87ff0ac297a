package io.vaccel.backend.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.vaccel.ElementType;
import io.vaccel.Reason;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.VaccelException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tensors into the engine, without a copy where the buffer is direct, and out of it. */
final class EngineTensors {
  /** What the widest element needs, so that the engine's vector code may use aligned loads. */
  private static final int ALIGNMENT = 8;

  private EngineTensors() {}

  /** The engine's view of a tensor; the tensor's buffer must stay reachable until it is closed. */
  static OnnxTensor in(OnnxEngine engine, String input, Tensor tensor) throws OrtException {
    OrtEnvironment environment = engine.environment();
    long[] dimensions = tensor.shape().dimensions();
    if (tensor.type() == ElementType.STRING) {
      return OnnxTensor.createTensor(environment, texts(input, tensor), dimensions);
    }
    Optional<OnnxJavaType> twin = UnsignedInputs.signed(tensor.type());
    if (twin.isPresent()) {
      try (OnnxTensor signed =
          OnnxTensor.createTensor(environment, direct(tensor), dimensions, twin.get())) {
        return engine.unsigned().of(tensor.type(), signed);
      }
    }
    Optional<OnnxJavaType> type = ElementTypes.packed(tensor.type());
    if (type.isEmpty()) {
      throw new VaccelException(
          Reason.TENSOR_INVALID,
          "input '" + input + "': ONNX Runtime's Java API takes no " + tensor.type() + " inputs");
    }
    return OnnxTensor.createTensor(environment, direct(tensor), dimensions, type.get());
  }

  /** A copy of one of the engine's tensors, which outlives it. */
  static Tensor out(String name, ElementType type, OnnxTensor value) throws OrtException {
    Shape shape = Shape.of(value.getInfo().getShape());
    if (type == ElementType.STRING) {
      List<byte[]> texts = new ArrayList<>();
      flatten(value.getValue(), texts);
      return Tensor.ofStrings(name, shape, texts);
    }
    ByteBuffer data = shape.elements() == 0 ? ByteBuffer.allocate(0) : value.getByteBuffer();
    return Tensor.of(name, type, shape, data);
  }

  private static ByteBuffer direct(Tensor tensor) {
    // The packed order of tensors is the native order of every platform that the engine has.
    ByteBuffer data = tensor.data().order(ByteOrder.nativeOrder());
    if (data.isDirect() && data.alignmentOffset(0, ALIGNMENT) == 0) {
      return data;
    }
    return ByteBuffer.allocateDirect(data.remaining())
        .order(ByteOrder.nativeOrder())
        .put(data)
        .flip();
  }

  private static String[] texts(String input, Tensor tensor) {
    List<byte[]> values = tensor.strings();
    String[] texts = new String[values.size()];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = text(input, i, values.get(i));
    }
    return texts;
  }

  /** The engine's Java API passes C strings of Unicode, not bytes. */
  private static String text(String input, int index, byte[] value) {
    try {
      CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value));
      if (text.chars().noneMatch(c -> c == 0)) {
        return text.toString();
      }
    } catch (CharacterCodingException e) {
      // Said below, together with zero bytes.
    }
    throw new VaccelException(
        Reason.TENSOR_INVALID,
        "input '" + input + "': string " + index + " is not UTF-8 text without zero bytes");
  }

  private static void flatten(Object value, List<byte[]> texts) {
    if (value instanceof Object[] array) {
      for (Object element : array) {
        flatten(element, texts);
      }
    } else {
      texts.add(String.valueOf(value).getBytes(StandardCharsets.UTF_8));
    }
  }
}
