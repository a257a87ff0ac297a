package io.vaccel;

import java.util.List;
import java.util.Optional;

/**
 * The input of {@link Operations#MODEL_RUN}.
 *
 * @param model a loaded model
 * @param inputs the model's inputs: all named, in any order, or all unnamed, in the model's order
 * @param outputs names of the wanted outputs, in the wanted order; empty for all
 */
public record ModelRun(Model model, List<Tensor> inputs, List<String> outputs)
    implements ModelInput {
  /** Copies the lists; the tensors' data is shared. */
  public ModelRun {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /**
   * The outputs of a run.
   *
   * @param tensors the outputs, named as in the model where the format has names
   * @param executedOn where
   */
  public record Outputs(List<Tensor> tensors, ExecutedOn executedOn) implements Result {
    /** Copies the list; the tensors' data is shared. */
    public Outputs {
      tensors = List.copyOf(tensors);
    }

    /** The output with this name. */
    public Optional<Tensor> tensor(String name) {
      return tensors.stream().filter(tensor -> tensor.name().equals(name)).findFirst();
    }
  }
}
