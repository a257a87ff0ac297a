package io.vaccel.backend.torch;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What LibTorch says of a failure, as one line that may be shown to a guest. */
final class EngineMessage {
  private static final int MAX_LENGTH = 300;

  /** Where in its source and through which functions: of use to the engine's authors only. */
  private static final Pattern ORIGIN =
      Pattern.compile("\\s*(Exception raised from|C\\+\\+ CapturedTraceback).*", Pattern.DOTALL);

  /** The failure itself, which comes after the trace through the model's own code. */
  private static final Pattern ERROR =
      Pattern.compile(".*^[\\w.]*(?:Error|Exception): (.*)", Pattern.DOTALL | Pattern.MULTILINE);

  private static final Pattern PLACE =
      Pattern.compile(
          "(?: INTERNAL ASSERT FAILED)? at \"/[^\"]*\":\\d+, please report a bug to \\w+\\.");

  private EngineMessage() {}

  /** The text of an exception of the engine, after a colon; empty when it says nothing. */
  static String of(RuntimeException error) {
    String text = ORIGIN.matcher(String.valueOf(error.getMessage())).replaceFirst("");
    Matcher last = ERROR.matcher(text);
    String said = last.matches() ? last.group(1) : text;
    String line =
        PLACE
            .matcher(said)
            .replaceAll("")
            .replaceAll("/\\S*/\\S*", "(a file)")
            .replaceAll("[^ -~]+", " ")
            .replaceAll(" +", " ")
            .strip();
    String cut = line.length() <= MAX_LENGTH ? line : line.substring(0, MAX_LENGTH) + "...";
    return cut.isEmpty() ? "" : ": " + cut;
  }
}
