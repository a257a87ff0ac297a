package io.vaccel.backend.image;

/** What turns a model's raw outputs into scores. */
enum Activation {
  SOFTMAX("softmax"),
  SIGMOID("sigmoid"),
  NONE("none");

  private final String text;

  Activation(String text) {
    this.text = text;
  }

  /** The score of one value that stands alone; for what is not SOFTMAX. */
  float of(float value) {
    return this == SIGMOID ? (float) (1 / (1 + Math.exp(-value))) : value;
  }

  @Override
  public String toString() {
    return text;
  }
}
