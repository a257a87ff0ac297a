package io.vaccel;

import java.util.List;

/**
 * The inputs and outputs of a loaded model, in the model's own order.
 *
 * @param inputs what a run must supply
 * @param outputs what a run can return
 */
public record Signature(List<TensorInfo> inputs, List<TensorInfo> outputs) {
  /** Copies the lists. */
  public Signature {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }
}
