package io.vaccel.backend.tflite;

import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteTensorByteSize;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteTensorData;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteTensorDim;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteTensorNumDims;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteTensorRealloc;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteTensorType;

import io.vaccel.ElementType;
import io.vaccel.Reason;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.TensorInfo;
import io.vaccel.VaccelException;
import io.vaccel.backend.engine.OutputLimit;
import io.vaccel.backend.engine.OutputShape;
import io.vaccel.backend.engine.Printable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.tensorflowlite.TfLiteIntArray;
import org.bytedeco.tensorflowlite.TfLiteTensor;

/** A tensor of an interpreter: a view of the engine's memory, valid until the next run. */
final class EngineTensor {
  private final TfLiteTensor tensor;

  EngineTensor(TfLiteTensor tensor) {
    this.tensor = tensor;
  }

  /**
   * What the model says of it.
   *
   * @throws VaccelException {@link Reason#MODEL_UNREADABLE} for an element type that is not ours
   */
  TensorInfo info(String model, String name) {
    ElementType type =
        TfliteTypes.of(TfLiteTensorType(tensor))
            .orElseThrow(
                () ->
                    new VaccelException(
                        Reason.MODEL_UNREADABLE,
                        "model '"
                            + model
                            + "': tensor '"
                            + Printable.name(name)
                            + "' has an element type that is not supported"));
    List<Long> dimensions = new ArrayList<>();
    TfLiteIntArray any = tensor.dims_signature();
    boolean given = !Pointer.isNull(any) && any.size() == TfLiteTensorNumDims(tensor);
    for (int i = 0; i < TfLiteTensorNumDims(tensor); i++) {
      dimensions.add((long) (given ? Math.max(-1, any.data(i)) : TfLiteTensorDim(tensor, i)));
    }
    return new TensorInfo(name, type, dimensions);
  }

  /** Whether its dimensions are these at the moment. */
  boolean hasShape(long[] dimensions) {
    boolean same = TfLiteTensorNumDims(tensor) == dimensions.length;
    for (int i = 0; same && i < dimensions.length; i++) {
      same = TfLiteTensorDim(tensor, i) == dimensions[i];
    }
    return same;
  }

  /** Copies a tensor of the same type and shape into it. */
  void write(String name, Tensor value) {
    if (value.type() == ElementType.STRING) {
      TfLiteTensorRealloc(StringTensor.packedBytes(value), tensor);
      StringTensor.pack(value, memory(name));
      return;
    }
    ByteBuffer data = value.data();
    if (TfLiteTensorByteSize(tensor) != data.remaining()) {
      throw new VaccelException(
          Reason.TENSOR_INVALID,
          "input '" + name + "' has " + data.remaining() + " bytes, not as many as the model's");
    }
    if (data.hasRemaining()) {
      memory(name).put(data);
    }
  }

  /**
   * A copy of it.
   *
   * @throws VaccelException {@link Reason#QUOTA_EXCEEDED} when that is too large
   */
  Tensor read(TensorInfo info, OutputLimit.Tally tally) {
    long bytes = TfLiteTensorByteSize(tensor);
    tally.add(info.name(), bytes);
    long[] dimensions = new long[TfLiteTensorNumDims(tensor)];
    for (int i = 0; i < dimensions.length; i++) {
      dimensions[i] = TfLiteTensorDim(tensor, i);
    }
    Shape shape = OutputShape.of(info.name(), dimensions);
    try {
      ByteBuffer data = bytes == 0 ? ByteBuffer.allocate(0) : memory(info.name());
      if (info.type() == ElementType.STRING) {
        return StringTensor.unpack(info.name(), shape, data);
      }
      ByteBuffer copy = ByteBuffer.allocateDirect(data.remaining()).put(data).flip();
      return Tensor.of(info.name(), info.type(), shape, copy);
    } catch (OutOfMemoryError e) {
      throw OutputLimit.noMemory(info.name(), bytes, e);
    }
  }

  private ByteBuffer memory(String name) {
    Pointer data = TfLiteTensorData(tensor);
    if (Pointer.isNull(data)) {
      throw new VaccelException(
          Reason.ENGINE_FAILED, "the model has no memory for '" + Printable.name(name) + "'");
    }
    return new BytePointer(data).capacity(TfLiteTensorByteSize(tensor)).asByteBuffer();
  }
}
