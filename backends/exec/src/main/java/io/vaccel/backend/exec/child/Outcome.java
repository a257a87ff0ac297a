package io.vaccel.backend.exec.child;

import java.util.Arrays;
import java.util.Optional;

/** What a process says at the head of its answer, after the nonce, as one byte. */
public enum Outcome {
  /** The function returned 0; for each written argument its size as an int and its bytes follow. */
  WRITTEN(0),
  /** The function returned something else, which follows in the text. */
  RETURNED(1),
  /** The function wrote beside an argument; the text names it. */
  OVERRUN(2),
  /** A library cannot be loaded; the text says why. */
  UNLOADABLE(3),
  /** The last library has no such function. */
  NO_FUNCTION(4),
  /** The process could not be restricted, so nothing was loaded; the text says why. */
  NOT_ISOLATED(5);

  /** The longest text, in bytes of UTF-8. */
  public static final int MAX_TEXT = 1024;

  private final int code;

  Outcome(int code) {
    this.code = code;
  }

  /** The byte that stands for it. */
  public int code() {
    return code;
  }

  /** The one that a byte stands for. */
  public static Optional<Outcome> coded(int code) {
    return Arrays.stream(values()).filter(outcome -> outcome.code == code).findFirst();
  }
}
