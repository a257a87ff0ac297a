package io.vaccel.backend.onnx;

import ai.onnxruntime.OrtException;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns ONNX Runtime's messages into errors that may be shown to a guest: without the places in its
 * source, and without paths of this machine.
 */
final class EngineMessage {
  private static final int MAX_LENGTH = 300;

  private static final Pattern PREFIX = Pattern.compile("^Error code - \\w+ - message: ");

  /** The place in the engine's source, before the signature of a function or before the text. */
  private static final Pattern PLACE = Pattern.compile("\\S+\\.(?:h|cc|cpp|cu|cuh):\\d+ ");

  private static final Pattern OPERATOR =
      Pattern.compile("No Op registered for (\\S+) with domain_version of (\\d+)");
  private static final Pattern NOT_IMPLEMENTED =
      Pattern.compile("Could not find an implementation for (\\S+) node");
  private static final Pattern EXTERNAL =
      Pattern.compile("[Ee]xternal data path|in-memory address marker|external data");
  private static final Pattern INITIALIZER =
      Pattern.compile("[Ii]nitializer:? '?([^'\\s]{1,100}?)'?[.\\s]");

  private EngineMessage() {}

  /** Why a model cannot be loaded. */
  static VaccelException ofLoading(String model, OrtException error) {
    String message = String.valueOf(error.getMessage());
    return new VaccelException(
        Reason.MODEL_UNREADABLE, "model '" + model + "' " + loading(message, error), error);
  }

  /** Why a run failed that was neither cancelled nor late. */
  static VaccelException ofRunning(OrtException error) {
    Reason reason =
        error.getCode() == OrtException.OrtErrorCode.ORT_INVALID_ARGUMENT
            ? Reason.TENSOR_INVALID
            : Reason.ENGINE_FAILED;
    return new VaccelException(
            reason, "the model failed: " + readable(String.valueOf(error.getMessage())), error)
        .about("inputs");
  }

  private static String loading(String message, OrtException error) {
    if (EXTERNAL.matcher(message).find()) {
      Matcher name = INITIALIZER.matcher(message);
      return "keeps "
          + (name.find() ? "'" + name.group(1) + "'" : "weights")
          + " in another file; save it with all weights in one file";
    }
    Matcher operator = OPERATOR.matcher(message);
    if (operator.find()) {
      return "uses operator '"
          + operator.group(1)
          + "', which ONNX Runtime does not have in version "
          + operator.group(2)
          + " of its domain";
    }
    Matcher kernel = NOT_IMPLEMENTED.matcher(message);
    if (kernel.find()) {
      return "uses operator '" + kernel.group(1) + "', which ONNX Runtime cannot run here";
    }
    if (error.getCode() == OrtException.OrtErrorCode.ORT_INVALID_PROTOBUF) {
      return "is no ONNX file, or is damaged or cut off";
    }
    return "is not accepted: " + readable(message);
  }

  /** The message without what is only of use to the engine's authors. */
  static String readable(String message) {
    String text = PREFIX.matcher(message).replaceFirst("").replaceAll("\\p{Cntrl}+", " ");
    Matcher place = PLACE.matcher(text);
    while (place.find()) {
      text = text.substring(0, place.start()) + withoutSignature(text.substring(place.end()));
      place = PLACE.matcher(text);
    }
    for (String property : new String[] {"java.io.tmpdir", "user.dir", "user.home"}) {
      String directory = System.getProperty(property, "/");
      if (directory.length() > 1) {
        text = text.replaceAll(Pattern.quote(directory) + "[^\\s\"']*", "(a file)");
      }
    }
    text = text.strip();
    return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "...";
  }

  /**
   * {@code onnxruntime::F(const X&, bool) text} becomes {@code text}: parameters may hold nested
   * parentheses, so they are counted.
   */
  private static String withoutSignature(String text) {
    int open = text.indexOf('(');
    if (open < 0 || !text.substring(0, open).contains("::")) {
      return text;
    }
    int depth = 0;
    for (int i = open; i < text.length(); i++) {
      depth += text.charAt(i) == '(' ? 1 : text.charAt(i) == ')' ? -1 : 0;
      if (depth == 0) {
        return text.substring(i + 1).replaceFirst("^ const", "").stripLeading();
      }
    }
    return text.substring(0, open);
  }
}
