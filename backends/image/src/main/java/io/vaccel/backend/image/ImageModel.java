package io.vaccel.backend.image;

import io.vaccel.ElementType;
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
 * @param labels the names of its classes
 * @param inputType FLOAT32 or UINT8
 */
record ImageModel(Metadata metadata, List<String> labels, ElementType inputType) {

  /**
   * Reads the files beside a model and compares them with what its engine says.
   *
   * @throws VaccelException {@link Reason#MODEL_MISMATCH} in words that name what to change
   */
  static ImageModel of(Resource resource, Signature signature) {
    Metadata metadata = Metadata.of(resource);
    Metadata.Input wanted = metadata.input();
    if (signature.inputs().size() != 1) {
      throw new VaccelException(
          Reason.MODEL_MISMATCH,
          "the model has " + signature.inputs().size() + " inputs, a classifier has one picture");
    }
    TensorInfo input = named("input", wanted.name(), signature.inputs());
    if (input.type() != ElementType.FLOAT32 && input.type() != ElementType.UINT8) {
      throw mismatch("input", input, "pictures go to FLOAT32 or UINT8");
    }
    if (!fits(input.dimensions(), shape(wanted).dimensions())) {
      throw mismatch("input", input, "metadata says " + inWords(wanted));
    }
    List<String> labels = Labels.of(resource, metadata);
    TensorInfo output = named("output", metadata.output().name(), signature.outputs());
    if (output.type() != ElementType.FLOAT32) {
      throw mismatch("output", output, "scores must be FLOAT32");
    }
    long scores =
        output.dimensions().stream().mapToLong(d -> d < 0 ? 1 : d).reduce(1, (a, b) -> a * b);
    boolean known = output.dimensions().stream().skip(1).noneMatch(d -> d < 0);
    if (known && !output.dimensions().isEmpty() && scores != labels.size()) {
      throw mismatch(
          "output", output, "'" + metadata.labels() + "' has " + labels.size() + " labels");
    }
    return new ImageModel(metadata, labels, input.type());
  }

  /** The shape of the input tensor for one picture. */
  static Shape shape(Metadata.Input input) {
    return switch (input.layout()) {
      case NCHW -> Shape.of(1, 3, input.height(), input.width());
      case NHWC -> Shape.of(1, input.height(), input.width(), 3);
    };
  }

  private static boolean fits(List<Long> model, long[] picture) {
    boolean fits = model.size() == picture.length;
    for (int i = 0; fits && i < picture.length; i++) {
      fits = model.get(i) < 0 || model.get(i) == picture[i];
    }
    return fits;
  }

  private static TensorInfo named(String what, String name, List<TensorInfo> infos) {
    return infos.stream()
        .filter(info -> info.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new VaccelException(
                    Reason.MODEL_MISMATCH,
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

  private static String inWords(Metadata.Input input) {
    return switch (input.layout()) {
      case NCHW -> "3x" + input.height() + "x" + input.width() + " (NCHW)";
      case NHWC -> input.height() + "x" + input.width() + "x3 (NHWC)";
    };
  }

  private static VaccelException mismatch(String what, TensorInfo info, String problem) {
    return new VaccelException(
        Reason.MODEL_MISMATCH,
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
