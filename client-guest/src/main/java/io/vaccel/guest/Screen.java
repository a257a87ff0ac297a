package io.vaccel.guest;

/**
 * What an output can show.
 *
 * @param isTerminal whether a person sees it now; otherwise it is a file or a pipe
 * @param columns its width; what a file gets is laid out for 80
 * @param colour whether to use escape sequences for colour
 * @param blocks whether its character set has block elements; {@code #} stands for them otherwise
 */
record Screen(boolean isTerminal, int columns, boolean colour, boolean blocks) {
  static final int DEFAULT_COLUMNS = 80;

  /** The text in bold. */
  String strong(String text) {
    return colour ? "\u001b[1m" + text + "\u001b[0m" : text;
  }

  /** The text, less bright. */
  String faint(String text) {
    return colour ? "\u001b[2m" + text + "\u001b[0m" : text;
  }

  /**
   * A bar of at most {@code width} columns.
   *
   * @param share 0 to 1; anything else is cut to that
   */
  String bar(double share, int width) {
    double full = Math.max(0, Math.min(1, Double.isNaN(share) ? 0 : share)) * width;
    if (!blocks) {
      return "#".repeat((int) Math.round(full));
    }
    int eighths = (int) Math.round(full * 8);
    // U+2588 is a full block, U+2589 to U+258F are seven eighths to one eighth of one.
    String last = eighths % 8 == 0 ? "" : String.valueOf((char) (0x2590 - eighths % 8));
    return "\u2588".repeat(eighths / 8) + last;
  }
}
