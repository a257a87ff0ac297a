package io.vaccel.backend.torch;

import io.vaccel.ElementType;
import io.vaccel.Reason;
import io.vaccel.Shape;
import io.vaccel.VaccelException;
import io.vaccel.backend.engine.OutputLimit;
import io.vaccel.backend.engine.OutputShape;
import io.vaccel.backend.engine.Printable;
import java.nio.ByteBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.Layout;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Tensors into the engine and out of it. */
final class EngineTensors {
  private EngineTensors() {}

  /**
   * The engine's copy of a tensor: a model may write into what it is given, and into no caller's
   * memory.
   *
   * @throws VaccelException {@link Reason#TENSOR_INVALID} for an element type that it has not
   */
  static Tensor in(String input, io.vaccel.Tensor tensor) {
    ScalarType type =
        TorchTypes.of(tensor.type())
            .orElseThrow(
                () ->
                    new VaccelException(
                        Reason.TENSOR_INVALID,
                        "input '" + input + "': LibTorch has no " + tensor.type() + " tensors"));
    Tensor copy =
        torch.empty(
            tensor.shape().dimensions(), new TensorOptions(type), new MemoryFormatOptional());
    ByteBuffer data = tensor.data();
    if (data.hasRemaining()) {
      new BytePointer(copy.data_ptr()).capacity(data.remaining()).asByteBuffer().put(data);
    }
    return copy;
  }

  /**
   * A copy of one of the engine's tensors.
   *
   * @throws VaccelException {@link Reason#QUOTA_EXCEEDED} when that is too large, {@link
   *     Reason#ENGINE_FAILED} when it is no tensor of ours
   */
  static io.vaccel.Tensor out(String name, Tensor value, OutputLimit.Tally tally) {
    if (!value.defined() || value.layout().intern() != Layout.Strided || !value.is_cpu()) {
      throw new VaccelException(
          Reason.ENGINE_FAILED,
          "output '" + Printable.name(name) + "' of the model is no dense tensor in memory");
    }
    ScalarType engineType = value.scalar_type();
    ElementType type =
        TorchTypes.of(engineType)
            .orElseThrow(
                () ->
                    new VaccelException(
                        Reason.ENGINE_FAILED,
                        "output '"
                            + Printable.name(name)
                            + "' of the model has the element type "
                            + engineType
                            + ", which is not supported"));
    long[] dimensions = new long[Math.toIntExact(value.dim())];
    for (int i = 0; i < dimensions.length; i++) {
      dimensions[i] = value.size(i);
    }
    Shape shape = OutputShape.of(name, dimensions);
    // Before anything is copied: a tensor may repeat one element as often as it likes.
    long bytes = OutputLimit.bytes(type, shape.elements());
    tally.add(Printable.name(name), bytes);
    Tensor packed = value.resolve_conj().resolve_neg().contiguous();
    try {
      ByteBuffer copy = ByteBuffer.allocateDirect(Math.toIntExact(bytes));
      if (bytes > 0) {
        copy.put(new BytePointer(packed.data_ptr()).capacity(bytes).asByteBuffer()).flip();
      }
      return io.vaccel.Tensor.of(name, type, shape, copy);
    } catch (OutOfMemoryError e) {
      throw OutputLimit.noMemory(Printable.name(name), bytes, e);
    }
  }
}
