package io.vaccel.backend.image;

import java.util.List;

/**
 * The output of a depth model.
 *
 * @param name FLOAT32 with rows and columns, and otherwise dimensions of size 1
 * @param meaning which values are near
 */
record DepthOutput(String name, Meaning meaning) implements Output {
  /** What a value says. */
  enum Meaning {
    /** Larger is farther. */
    DISTANCE("distance"),
    /** Larger is nearer. */
    INVERSE("inverse");

    private final String text;

    Meaning(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  static DepthOutput parse(JsonFields fields) {
    return new DepthOutput(
        fields.string("name"), fields.choice("meaning", List.of(Meaning.values())));
  }

  @Override
  public Metadata.Task task() {
    return Metadata.Task.DEPTH;
  }

  @Override
  public List<String> tensors() {
    return List.of(name);
  }

  @Override
  public void check(OutputInfos infos, Metadata.Input input, List<String> labels) {
    infos.floats(name, "depths");
  }
}
