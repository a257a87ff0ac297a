package io.vaccel.backend.image;

import io.vaccel.ElementType;
import io.vaccel.ModelRun;
import io.vaccel.Reason;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.VaccelException;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a model gave for one output: finite numbers in a shape that was asked for.
 *
 * @param values read by index only
 */
record OutputTensor(Shape shape, FloatBuffer values) {
  /**
   * The output with this name; a negative dimension may have any size.
   *
   * @throws VaccelException {@link Reason#MODEL_MISMATCH} when it is missing, of another type or
   *     shape, or holds what is no number
   */
  static OutputTensor of(ModelRun.Outputs outputs, String name, long... dimensions) {
    Tensor tensor = named(outputs, name);
    List<Long> found =
        IntStream.range(0, tensor.shape().rank()).mapToObj(tensor.shape()::dimension).toList();
    if (tensor.type() != ElementType.FLOAT32 || !OutputInfos.fits(found, dimensions)) {
      throw OutputInfos.mismatch(
          name,
          "is "
              + tensor.type()
              + tensor.shape()
              + ", must be FLOAT32"
              + OutputInfos.inWords(dimensions));
    }
    return checked(tensor);
  }

  /** The same in any shape. */
  static OutputTensor ofAnyShape(ModelRun.Outputs outputs, String name) {
    Tensor tensor = named(outputs, name);
    if (tensor.type() != ElementType.FLOAT32) {
      throw OutputInfos.mismatch(name, "is " + tensor.type() + ", must be FLOAT32");
    }
    return checked(tensor);
  }

  private static Tensor named(ModelRun.Outputs outputs, String name) {
    return outputs
        .tensor(name)
        .orElseThrow(() -> OutputInfos.mismatch(name, "is missing from the results"));
  }

  private static OutputTensor checked(Tensor tensor) {
    FloatBuffer values = tensor.data().asFloatBuffer();
    for (int i = 0; i < values.limit(); i++) {
      if (!Float.isFinite(values.get(i))) {
        throw OutputInfos.mismatch(
            tensor.name(), "holds " + values.get(i) + ", which is no number");
      }
    }
    return new OutputTensor(tensor.shape(), values);
  }

  /** The size of one dimension. */
  int size(int dimension) {
    return Math.toIntExact(shape.dimension(dimension));
  }

  /** The element at this place in row-major order. */
  float get(int index) {
    return values.get(index);
  }
}
