package io.vaccel;

import java.util.Optional;

/**
 * What to add to the class path so that an operation can be done here while its agent cannot be
 * used.
 */
final class BackendHint {
  private BackendHint() {}

  /** The error, going on with what to add. */
  static VaccelException added(
      VaccelException error, String operation, Optional<ModelFormat> format) {
    return error.and(
        "; to do it here, add "
            + artifact(operation, format)
            + " to the class path (and to "
            + Settings.PLUGINS
            + " where that is set)");
  }

  private static String artifact(String operation, Optional<ModelFormat> format) {
    String group = operation.replaceFirst("[._].*", "");
    String engine =
        switch (format.orElse(ModelFormat.ONNX)) {
          case TFLITE -> "vaccel-backend-tflite";
          case TENSORFLOW_SAVED_MODEL, TENSORFLOW_GRAPH -> "vaccel-backend-tensorflow";
          case TORCHSCRIPT -> "vaccel-backend-torch";
          case ONNX -> "vaccel-backend-onnx";
        };
    return switch (group) {
      case "model" -> engine;
      case "image" -> "vaccel-backend-image and " + engine;
      case "opencv" -> "vaccel-backend-image";
      case "blas", "opencl", "exec" -> "vaccel-backend-" + group;
      default -> "vaccel-backend-reference";
    };
  }
}
