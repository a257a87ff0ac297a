package io.vaccel.backend.tflite;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.tensorflowlite.Reporter_Pointer_BytePointer_Pointer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects what the engine says on the calling thread instead of having it printed. It passes
 * formats and a {@code va_list}, which Java cannot read: the formats alone must do.
 */
final class Reports extends Reporter_Pointer_BytePointer_Pointer {
  private static final Logger LOG = LoggerFactory.getLogger(Reports.class);
  private static final int MAX_KEPT = 10;
  private static final int MAX_LENGTH = 300;

  /** A format that says less than this without its arguments says nothing. */
  private static final int MIN_LETTERS = 12;

  private final ThreadLocal<List<String>> said = ThreadLocal.withInitial(ArrayList::new);

  @Override
  public void call(Pointer unused, BytePointer format, Pointer arguments) {
    // An exception must not go through native code.
    try {
      String text =
          format
              .getString()
              .replaceAll("%[-+0-9.]*[hlzjt]*[a-zA-Z]", "?")
              // Where in its source it is, as a path of the machine that built it.
              .replaceAll("\\S*/\\S*", "");
      LOG.debug("TensorFlow Lite: {}", text);
      if (said.get().size() < MAX_KEPT
          && text.chars().filter(Character::isLetter).count() >= MIN_LETTERS) {
        said.get().add(text.strip().replaceAll("\\s+", " "));
      }
    } catch (RuntimeException e) {
      LOG.debug("a report was lost", e);
    }
  }

  /** Forgets what was said on this thread. */
  void clear() {
    said.remove();
  }

  /** What was said on this thread since {@link #clear}, after a colon; empty when nothing was. */
  String taken() {
    String text = String.join("; ", said.get());
    said.remove();
    String cut = text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "...";
    return cut.isEmpty() ? "" : ": " + cut;
  }
}
