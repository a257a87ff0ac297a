package io.vaccel;

import java.util.Optional;

/**
 * How far each pixel of a picture is.
 *
 * @param depth FLOAT32[height, width] in the model's unit, in the size of the upright picture; for
 *     many models, MiDaS among them, larger is nearer
 * @param annotated a picture of the depth, near being bright, when asked for
 * @param executedOn where
 */
public record DepthMap(Tensor depth, Optional<Image.Encoded> annotated, ExecutedOn executedOn)
    implements Annotated {
  /** Checks the form. */
  public DepthMap {
    if (depth.type() != ElementType.FLOAT32 || depth.shape().rank() != 2) {
      throw new VaccelException(
          Reason.TENSOR_INVALID, "depth is " + depth + ", must be FLOAT32[height, width]");
    }
  }
}
