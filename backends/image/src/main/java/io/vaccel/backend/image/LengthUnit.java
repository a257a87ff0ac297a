package io.vaccel.backend.image;

/** In what a model measures places in its input. */
enum LengthUnit {
  /** From 0 to 1. */
  SHARE("share"),
  /** From 0 to the width or height of the input. */
  PIXEL("pixel");

  private final String text;

  LengthUnit(String text) {
    this.text = text;
  }

  /** A length as a share of the side that it is measured along. */
  double share(double length, int side) {
    return this == PIXEL ? length / side : length;
  }

  @Override
  public String toString() {
    return text;
  }
}
