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
import io.vaccel.backend.engine.OutputLimit;
import io.vaccel.backend.engine.OutputShape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
      return engine.strings().in(input, tensor);
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

  /**
   * A copy of one of the engine's tensors, which outlives it.
   *
   * @throws VaccelException {@link Reason#QUOTA_EXCEEDED} when that is too large
   */
  static Tensor out(
      OnnxEngine engine, String name, ElementType type, OnnxTensor value, OutputLimit.Tally tally) {
    Shape shape = OutputShape.of(name, value.getInfo().getShape());
    long bytes = OutputLimit.bytes(type, shape.elements());
    try {
      if (type == ElementType.STRING) {
        return engine.strings().out(name, shape, value, tally);
      }
      tally.add(name, bytes);
      return Tensor.of(
          name, type, shape, bytes == 0 ? ByteBuffer.allocate(0) : value.getByteBuffer());
    } catch (OutOfMemoryError e) {
      throw OutputLimit.noMemory(name, bytes, e);
    }
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
}
