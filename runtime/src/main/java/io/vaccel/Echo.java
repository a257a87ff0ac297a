package io.vaccel;

import java.util.List;

/**
 * The input of {@link Operations#ECHO}, which returns its tensors unchanged.
 *
 * @param tensors what to send back
 */
public record Echo(List<Tensor> tensors) {
  /** Copies the list; the tensors' data is shared. */
  public Echo {
    tensors = List.copyOf(tensors);
  }

  /**
   * The tensors as they came back.
   *
   * @param tensors the same tensors in the same order
   * @param executedOn where
   */
  public record Reply(List<Tensor> tensors, ExecutedOn executedOn) implements Result {
    /** Copies the list; the tensors' data is shared. */
    public Reply {
      tensors = List.copyOf(tensors);
    }
  }
}
