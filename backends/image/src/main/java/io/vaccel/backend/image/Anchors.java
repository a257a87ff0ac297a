package io.vaccel.backend.image;

/** The anchor boxes of a detector, in shares of the model's input; immutable. */
final class Anchors {
  /** No anchors. */
  static final Anchors NONE = new Anchors(new float[0]);

  private final float[] values;

  /** Four numbers for each anchor: the centre's x and y, width, height. */
  Anchors(float[] values) {
    this.values = values;
  }

  float x(int index) {
    return values[index * 4];
  }

  float y(int index) {
    return values[index * 4 + 1];
  }

  float width(int index) {
    return values[index * 4 + 2];
  }

  float height(int index) {
    return values[index * 4 + 3];
  }
}
