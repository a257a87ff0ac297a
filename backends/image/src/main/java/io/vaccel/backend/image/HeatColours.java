package io.vaccel.backend.image;

/**
 * Colours from dark to bright for numbers, that grow evenly in lightness and also work in grey and
 * for the colour-blind: ten points of matplotlib's map "inferno" (CC0), and mixtures of them.
 */
final class HeatColours {
  private static final int[] POINTS = {
    0x000004, 0x1b0c41, 0x4a0c6b, 0x781c6d, 0xa52c60, 0xcf4446, 0xed6925, 0xfb9b06, 0xf7d13d,
    0xfcffa4
  };

  private HeatColours() {}

  /**
   * The colour as 0xRRGGBB of a share from 0 to 1; what lies outside gets the colour of the end.
   */
  static int of(double share) {
    double place = Math.max(0, Math.min(1, share)) * (POINTS.length - 1);
    int below = (int) Math.min(POINTS.length - 2, Math.floor(place));
    return Palette.mix(POINTS[below], POINTS[below + 1], place - below);
  }
}
