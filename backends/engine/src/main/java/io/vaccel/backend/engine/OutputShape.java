package io.vaccel.backend.engine;

import io.vaccel.Reason;
import io.vaccel.Shape;
import io.vaccel.VaccelException;

/** The shape that a model gives an output, which is no fault of the caller's. */
public final class OutputShape {
  private OutputShape() {}

  /**
   * The shape of an output.
   *
   * @throws VaccelException {@link Reason#ENGINE_FAILED} when no tensor of ours can have it
   */
  public static Shape of(String output, long... dimensions) {
    try {
      return Shape.of(dimensions);
    } catch (VaccelException e) {
      throw new VaccelException(
          Reason.ENGINE_FAILED,
          "output '" + Printable.name(output) + "' of the model: " + e.text(),
          e);
    }
  }
}
