package io.vaccel.backend.image;

import java.util.List;

/** What a model's outputs mean: one form for each task of the metadata. */
sealed interface Output permits ScoresOutput, BoxesOutput, MaskOutput, PoseOutput, DepthOutput {
  /** What the model does. */
  Metadata.Task task();

  /** The names of the outputs that are wanted. */
  List<String> tensors();

  /**
   * Compares with what the engine says of the model, as far as it says anything.
   *
   * @param input what the model takes
   * @param labels the names of its classes or points
   * @throws io.vaccel.VaccelException {@link io.vaccel.Reason#MODEL_MISMATCH} in words that name
   *     what to change
   */
  void check(OutputInfos infos, Metadata.Input input, List<String> labels);
}
