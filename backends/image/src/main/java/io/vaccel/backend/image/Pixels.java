package io.vaccel.backend.image;

/** A rectangle of opaque RGB pixels that can be read row by row. */
interface Pixels {
  /** Columns, at least 1. */
  int width();

  /** Rows, at least 1. */
  int height();

  /**
   * Reads a part of a row.
   *
   * @param y the row, 0 being the uppermost
   * @param from the first column
   * @param to the column after the last
   * @param rgb gets red, green and blue of each, three bytes a pixel, from its start
   */
  void row(int y, int from, int to, byte[] rgb);
}
