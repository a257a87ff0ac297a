package io.vaccel;

/** Nothing: the input of {@link Operations#NOOP}, which measures the way there and back. */
public record Noop() {
  /** The answer to a no-op. */
  public record Done(ExecutedOn executedOn) implements Result {}
}
