package io.vaccel;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * The input of {@link Operations#MODEL_RUN}.
 *
 * @param model a loaded model
 * @param inputs the model's inputs: all named, in any order, or all unnamed, in the model's order
 * @param outputs names of the wanted outputs, in the wanted order; empty for all
 * @param options of this run, in the engine's own form and at most {@link #MAX_OPTIONS_BYTES}: a
 *     serialised {@code tensorflow.RunOptions} for TensorFlow; empty for none, which is all that
 *     other engines take
 */
public record ModelRun(Model model, List<Tensor> inputs, List<String> outputs, ByteBuffer options)
    implements ModelInput {
  /** The most bytes of options. */
  public static final int MAX_OPTIONS_BYTES = 1 << 16;

  /** Copies the lists; the data of tensors and options is shared. */
  public ModelRun {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    options = checkOptions(options).slice().asReadOnlyBuffer();
  }

  /** The same options, if they are not too large. */
  static ByteBuffer checkOptions(ByteBuffer options) {
    if (options.remaining() > MAX_OPTIONS_BYTES) {
      throw badOptions("have " + options.remaining() + " bytes, the limit is " + MAX_OPTIONS_BYTES);
    }
    return options;
  }

  /** The error for options that cannot be taken; the text begins with {@code run options}. */
  public static VaccelException badOptions(String problem) {
    return new VaccelException(Reason.ARGUMENT_INVALID, "run options " + problem)
        .about("run_options");
  }

  /** A run without options. */
  public ModelRun(Model model, List<Tensor> inputs, List<String> outputs) {
    this(model, inputs, outputs, ByteBuffer.allocate(0));
  }

  /** A read-only view of the options, with its own position. */
  @Override
  public ByteBuffer options() {
    return options.duplicate();
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
