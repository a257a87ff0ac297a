package io.vaccel.backend.tensorflow;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_AllocateTensor;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteTensor;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_Dim;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NumDims;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_TensorByteSize;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_TensorData;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_TensorType;

import io.vaccel.ElementType;
import io.vaccel.Reason;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.VaccelException;
import io.vaccel.backend.engine.OutputLimit;
import io.vaccel.backend.engine.OutputShape;
import java.nio.ByteBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.tensorflow.internal.c_api.TF_Tensor;

/** A tensor in TensorFlow's memory. */
final class NativeTensor implements AutoCloseable {
  private final TF_Tensor tensor;
  private final NativeStrings strings;

  /** One that TensorFlow has made. */
  NativeTensor(TF_Tensor tensor) {
    this(tensor, NativeStrings.NONE);
  }

  private NativeTensor(TF_Tensor tensor, NativeStrings strings) {
    this.tensor = tensor;
    this.strings = strings;
  }

  /**
   * A copy of a tensor.
   *
   * @throws VaccelException {@link Reason#QUOTA_EXCEEDED} when there is no memory for it
   */
  static NativeTensor of(Tensor value) {
    long elements = value.shape().elements();
    long bytes =
        switch (value.type()) {
          case STRING -> elements * NativeStrings.SIZE;
          // TensorFlow takes a byte for each.
          case INT4 -> elements;
          default -> value.sizeBytes();
        };
    long[] dimensions = value.shape().dimensions();
    TF_Tensor made =
        TF_AllocateTensor(
            TensorFlowTypes.number(value.type()), dimensions, dimensions.length, bytes);
    if (Pointer.isNull(made) || TF_TensorByteSize(made) < bytes) {
      throw new VaccelException(
          Reason.QUOTA_EXCEEDED,
          "there is no memory for the " + bytes + " bytes of input '" + value.name() + "'");
    }
    if (value.type() == ElementType.STRING) {
      return new NativeTensor(made, NativeStrings.write(TF_TensorData(made), value));
    }
    if (bytes > 0) {
      ByteBuffer memory = memory(made, bytes);
      if (value.type() == ElementType.INT4) {
        PackedInt4.unpack(value.data(), memory);
      } else {
        memory.put(value.data());
      }
    }
    return new NativeTensor(made);
  }

  TF_Tensor handle() {
    return tensor;
  }

  /**
   * A copy of it.
   *
   * @throws VaccelException {@link Reason#QUOTA_EXCEEDED} when that is too large
   */
  Tensor read(String name, OutputLimit.Tally tally) {
    ElementType type =
        TensorFlowTypes.of(TF_TensorType(tensor))
            .orElseThrow(
                () ->
                    new VaccelException(
                        Reason.ENGINE_FAILED,
                        "output '" + name + "' has an element type that is not supported"));
    long[] dimensions = new long[TF_NumDims(tensor)];
    for (int i = 0; i < dimensions.length; i++) {
      dimensions[i] = TF_Dim(tensor, i);
    }
    Shape shape = OutputShape.of(name, dimensions);
    if (type == ElementType.STRING) {
      return NativeStrings.read(name, shape, TF_TensorData(tensor), tally);
    }
    long bytes = type.bytes(shape.elements());
    long there = TF_TensorByteSize(tensor);
    if (there < (type == ElementType.INT4 ? shape.elements() : bytes)) {
      throw new VaccelException(
          Reason.ENGINE_FAILED, "output '" + name + "' has less bytes than its shape says");
    }
    tally.add(name, there);
    try {
      ByteBuffer data = ByteBuffer.allocateDirect((int) bytes);
      if (type == ElementType.INT4) {
        PackedInt4.pack(memory(tensor, there), data);
      } else if (bytes > 0) {
        data.put(memory(tensor, bytes));
      }
      return Tensor.of(name, type, shape, data.flip());
    } catch (OutOfMemoryError e) {
      throw OutputLimit.noMemory(name, bytes, e);
    }
  }

  @Override
  public void close() {
    strings.close();
    TF_DeleteTensor(tensor);
  }

  private static ByteBuffer memory(TF_Tensor tensor, long bytes) {
    return bytes == 0
        ? ByteBuffer.allocate(0)
        : new BytePointer(TF_TensorData(tensor)).capacity(bytes).asByteBuffer();
  }
}
