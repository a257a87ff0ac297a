package io.vaccel;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The file formats of models, each of which some engine loads. */
public enum ModelFormat {
  /** An ONNX file. */
  ONNX(".onnx"),
  /** A TensorFlow SavedModel directory, kept as a tree; its main file is {@code saved_model.pb}. */
  TENSORFLOW_SAVED_MODEL("saved_model.pb"),
  /** A frozen TensorFlow GraphDef. */
  TENSORFLOW_GRAPH(".pb"),
  /** A TensorFlow Lite flat buffer. */
  TFLITE(".tflite"),
  /** A TorchScript archive. */
  TORCHSCRIPT(".pt");

  private final String suffix;

  ModelFormat(String suffix) {
    this.suffix = suffix;
  }

  /** The end of the file names of this format; of a SavedModel the whole name. */
  public String suffix() {
    return suffix;
  }

  /** The format that a file name suggests; empty when none does. */
  public static Optional<ModelFormat> ofFileName(String name) {
    if (name.equals(TENSORFLOW_SAVED_MODEL.suffix)) {
      return Optional.of(TENSORFLOW_SAVED_MODEL);
    }
    String lower = name.toLowerCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(format -> format != TENSORFLOW_SAVED_MODEL && lower.endsWith(format.suffix))
        .findFirst();
  }
}
