package io.vaccel.backend.image;

import java.awt.Color;

/** Colours that can be told apart, on a photograph and from each other. */
final class Palette {
  /**
   * Chosen so that neighbours differ in hue and in lightness; the first is one that people and
   * their clothes seldom have.
   */
  private static final int[] FIRST = {
    0x1ea7fd, 0xff6b35, 0x2ec27e, 0xf5c211, 0xb14aed, 0xff5c8d, 0x00c2c7, 0x9bd50b, 0xe01b24,
    0x5e7bff, 0xc77d3a, 0xd65db1
  };

  /** The golden section: hues that follow each other never come close. */
  private static final double HUE_STEP = 0.618033988749895;

  private Palette() {}

  /** The colour of a class, always the same. */
  static Color of(int index) {
    if (index < FIRST.length) {
      return new Color(FIRST[index]);
    }
    float hue = (float) (index * HUE_STEP % 1);
    return Color.getHSBColor(hue, index % 2 == 0 ? 0.95f : 0.8f, index % 3 == 0 ? 0.75f : 0.95f);
  }

  /** Black or white, whichever can be read on this colour. */
  static Color on(Color background) {
    return luminance(background) > 0.3 ? new Color(0x111111) : Color.WHITE;
  }

  /** Two colours mixed; as 0xRRGGBB. */
  static int mix(int below, int above, double opacity) {
    int mixed = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      int from = below >> shift & 0xff;
      int to = above >> shift & 0xff;
      mixed |= (int) Math.round(from + (to - from) * opacity) << shift;
    }
    return mixed;
  }

  /** Relative luminance as in WCAG 2. */
  private static double luminance(Color color) {
    return 0.2126 * linear(color.getRed())
        + 0.7152 * linear(color.getGreen())
        + 0.0722 * linear(color.getBlue());
  }

  private static double linear(int value) {
    double share = value / 255.0;
    return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
  }
}
