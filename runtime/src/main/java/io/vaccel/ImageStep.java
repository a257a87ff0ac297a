package io.vaccel;

/**
 * One function on pictures, out of a closed set; each is that of OpenCV under the name that its
 * comment gives, with OpenCV's default border.
 */
public sealed interface ImageStep {
  /** The longest side of a result. */
  int MAX_SIDE = 16_384;

  /** The widest blur. */
  float MAX_SIGMA = 50;

  /**
   * Scales with bilinear interpolation: {@code resize}, {@code INTER_LINEAR}.
   *
   * @param width of the result, 1 to {@link #MAX_SIDE}
   * @param height of the result, 1 to {@link #MAX_SIDE}
   */
  record Resize(int width, int height) implements ImageStep {
    /** Checks the size. */
    public Resize {
      side("width", width);
      side("height", height);
    }
  }

  /**
   * Cuts a rectangle out, which must lie within the picture.
   *
   * @param x its leftmost column
   * @param y its uppermost row
   * @param width its columns
   * @param height its rows
   */
  record Crop(int x, int y, int width, int height) implements ImageStep {
    /** Checks that it is not empty. */
    public Crop {
      side("width", width);
      side("height", height);
      if (x < 0 || y < 0) {
        throw VaccelException.ofField(x < 0 ? "x" : "y", "must be 0 or more");
      }
    }
  }

  /** Makes GRAY8 of colours: {@code cvtColor} to gray. */
  record Grayscale() implements ImageStep {}

  /**
   * Blurs: {@code GaussianBlur} with a kernel of {@code 2 ceil(3 sigma) + 1}.
   *
   * @param sigma pixels, above 0, at most {@link #MAX_SIGMA}
   */
  record Blur(float sigma) implements ImageStep {
    /** Checks the width. */
    public Blur {
      if (!(sigma > 0 && sigma <= MAX_SIGMA)) {
        throw VaccelException.ofField(
            "blur_sigma", "must be above 0 and at most " + MAX_SIGMA + ", got " + sigma);
      }
    }
  }

  /**
   * Makes 255 of what is greater and 0 of the rest: {@code threshold}, {@code THRESH_BINARY}. On
   * GRAY8 only.
   *
   * @param level 0 to 255
   */
  record Threshold(int level) implements ImageStep {
    /** Checks the level. */
    public Threshold {
      if (level < 0 || level > 255) {
        throw VaccelException.ofField("threshold_level", "must be 0 to 255, got " + level);
      }
    }
  }

  /**
   * Finds edges, 255 where there is one: {@code Canny} with a 3 x 3 Sobel operator and the sum of
   * both gradients as their strength. On GRAY8 only.
   *
   * @param low what still belongs to an edge; 0 or more
   * @param high what makes an edge; not below {@code low}
   */
  record Edges(int low, int high) implements ImageStep {
    /** Checks the thresholds. */
    public Edges {
      if (low < 0 || high < low) {
        throw VaccelException.ofField(
            "low", "must be 0 or more and at most high, got " + low + " and " + high);
      }
    }
  }

  /**
   * Mirrors: {@code flip}.
   *
   * @param leftRight whether left and right change places, else top and bottom
   */
  record Flip(boolean leftRight) implements ImageStep {}

  /**
   * Turns clockwise: {@code rotate}.
   *
   * @param quarterTurns 1 to 3
   */
  record Rotate(int quarterTurns) implements ImageStep {
    /** Checks the turns. */
    public Rotate {
      if (quarterTurns < 1 || quarterTurns > 3) {
        throw VaccelException.ofField(
            "rotate_quarter_turns", "must be 1 to 3, got " + quarterTurns);
      }
    }
  }

  private static void side(String field, int size) {
    if (size < 1 || size > MAX_SIDE) {
      throw VaccelException.ofField(field, "must be 1 to " + MAX_SIDE + ", got " + size);
    }
  }
}
