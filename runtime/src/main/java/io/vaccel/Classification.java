package io.vaccel;

import java.util.List;
import java.util.Locale;

/**
 * What a picture shows.
 *
 * @param labels best first
 * @param executedOn where
 */
public record Classification(List<Label> labels, ExecutedOn executedOn) implements Result {
  /** Copies the list. */
  public Classification {
    labels = List.copyOf(labels);
  }

  /**
   * One class and how sure the model is.
   *
   * @param index the position in the model's output, from 0
   * @param name the human-readable name
   * @param score the model's score after its activation; 0 to 1 for a softmax
   */
  public record Label(int index, String name, float score) {
    /** For instance {@code espresso 0.98}. */
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%s %.2f", name, score);
    }
  }

  /** The best label. */
  public Label best() {
    return labels.get(0);
  }

  /** The best {@code count} labels, fewer when there are fewer. */
  public List<Label> top(int count) {
    return labels.subList(0, Math.min(count, labels.size()));
  }
}
