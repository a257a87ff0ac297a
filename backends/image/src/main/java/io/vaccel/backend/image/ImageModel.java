package io.vaccel.backend.image;

import io.vaccel.ElementType;
import io.vaccel.Operation;
import io.vaccel.Reason;
import io.vaccel.Resource;
import io.vaccel.Shape;
import io.vaccel.Signature;
import io.vaccel.TensorInfo;
import io.vaccel.VaccelException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A model with metadata that fits it.
 *
 * @param metadata how to use it
 * @param labels the names of its classes or points
 * @param inputType FLOAT32 or UINT8
 * @param anchors those of a detector that has them
 */
record ImageModel(Metadata metadata, List<String> labels, ElementType inputType, Anchors anchors) {
  /** The field of a request that is at fault when a model does not fit. */
  static final String FIELD = "model_id";

  /**
   * Reads the files beside a model and compares them with what its engine says.
   *
   * @throws VaccelException {@link Reason#MODEL_MISMATCH} in words that name what to change
   */
  static ImageModel of(Resource resource, Signature signature) {
    Metadata metadata = Metadata.of(resource);
    Metadata.Input wanted = metadata.input();
    // TorchScript tells nothing of its tensors: what the metadata says is found out by running it.
    boolean tells = !signature.inputs().isEmpty() || !signature.outputs().isEmpty();
    ElementType inputType = tells ? inputType(signature, wanted) : ElementType.FLOAT32;
    List<String> labels = Labels.of(resource, metadata);
    if (tells) {
      metadata.output().check(new OutputInfos(signature.outputs()), wanted, labels);
    }
    Anchors anchors =
        metadata.output() instanceof BoxesOutput boxes
            ? boxes.form().anchors(wanted)
            : Anchors.NONE;
    return new ImageModel(metadata, labels, inputType, anchors);
  }

  private static ElementType inputType(Signature signature, Metadata.Input wanted) {
    if (signature.inputs().size() != 1) {
      throw mismatch(
          "the model has " + signature.inputs().size() + " inputs; one picture is all it can get");
    }
    TensorInfo input = named("input", wanted.name(), signature.inputs());
    if (input.type() != ElementType.FLOAT32 && input.type() != ElementType.UINT8) {
      throw mismatch("input", input, "pictures go to FLOAT32 or UINT8");
    }
    if (!OutputInfos.fits(input.dimensions(), shape(wanted).dimensions())) {
      throw mismatch("input", input, "metadata says " + inWords(wanted));
    }
    return input.type();
  }

  /**
   * What the outputs mean, for an operation that needs this form.
   *
   * @throws VaccelException {@link Reason#MODEL_MISMATCH} when the model does something else
   */
  <P extends Output> P output(Class<P> form, Operation<?, ?> operation) {
    Output output = metadata.output();
    if (!form.isInstance(output)) {
      throw mismatch(
          "metadata '"
              + metadata.file()
              + "' says task '"
              + output.task()
              + "', which is not for "
              + operation);
    }
    return form.cast(output);
  }

  /** The shape of the input tensor for one picture. */
  static Shape shape(Metadata.Input input) {
    return switch (input.layout()) {
      case NCHW -> Shape.of(1, 3, input.height(), input.width());
      case NHWC -> Shape.of(1, input.height(), input.width(), 3);
    };
  }

  /** The input or output with this name. */
  static TensorInfo named(String what, String name, List<TensorInfo> infos) {
    return infos.stream()
        .filter(info -> info.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                mismatch(
                    "metadata names "
                        + what
                        + " '"
                        + name
                        + "', the model has "
                        + infos.stream()
                            .map(info -> "'" + info.name() + "'")
                            .limit(10)
                            .collect(Collectors.joining(", "))));
  }

  /** The error for a model that does not fit what it is asked for. */
  static VaccelException mismatch(String text) {
    return new VaccelException(Reason.MODEL_MISMATCH, text).about(FIELD);
  }

  private static String inWords(Metadata.Input input) {
    return switch (input.layout()) {
      case NCHW -> "3x" + input.height() + "x" + input.width() + " (NCHW)";
      case NHWC -> input.height() + "x" + input.width() + "x3 (NHWC)";
    };
  }

  /** The error for an input or output that is not as it should be. */
  static VaccelException mismatch(String what, TensorInfo info, String problem) {
    return mismatch(
        "model "
            + what
            + " '"
            + info.name()
            + "' is "
            + info.type()
            + info.dimensions()
            + ", "
            + problem);
  }
}
