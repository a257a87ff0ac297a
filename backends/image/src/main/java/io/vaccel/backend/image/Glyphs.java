package io.vaccel.backend.image;

import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Scanner;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Letters as shapes: Latin, Greek and Cyrillic, from the outlines of one typeface that come with
 * this module. All sizes are for letters of size 1.
 */
final class Glyphs {
  /** From the upper edge of a line to its base line. */
  static final double ASCENT = 0.93;

  /** From the upper edge of a line to its lower one. */
  static final double HEIGHT = 1.17;

  private static final double UNITS = 2048;
  private static final Pattern STEP = Pattern.compile("([MLQZ])([-0-9 ]*)");
  private static final Map<Integer, Glyph> GLYPHS = read();

  /** A letter, and how far from it the next one is. */
  private record Glyph(double advance, Path2D outline) {}

  private Glyphs() {}

  /** The width of a line of text. */
  static double width(String text) {
    return text.codePoints().mapToDouble(code -> glyph(code).advance()).sum();
  }

  /** A line of text; its base line begins at 0, 0. */
  static Path2D outline(String text) {
    Path2D line = new Path2D.Double(Path2D.WIND_NON_ZERO);
    double x = 0;
    for (int code : text.codePoints().toArray()) {
      Glyph glyph = glyph(code);
      line.append(
          glyph.outline().getPathIterator(AffineTransform.getTranslateInstance(x, 0)), false);
      x += glyph.advance();
    }
    return line;
  }

  /** A letter that is not there is shown as a question mark. */
  private static Glyph glyph(int code) {
    return GLYPHS.getOrDefault(code, GLYPHS.get((int) '?'));
  }

  private static Map<Integer, Glyph> read() {
    Map<Integer, Glyph> glyphs = new HashMap<>();
    try (InputStream file = Glyphs.class.getResourceAsStream("glyphs.txt");
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(file, StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#")) {
          String[] parts = line.split(" ", 3);
          Path2D outline = outlineOf(parts.length == 3 ? parts[2] : "");
          glyphs.put(
              Integer.parseInt(parts[0], 16),
              new Glyph(Integer.parseInt(parts[1]) / UNITS, outline));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the letters cannot be read", e);
    }
    return glyphs;
  }

  private static Path2D outlineOf(String steps) {
    Path2D path = new Path2D.Double(Path2D.WIND_NON_ZERO);
    for (MatchResult step : STEP.matcher(steps).results().toList()) {
      double[] at =
          new Scanner(step.group(2))
              .useDelimiter(" +")
              .tokens()
              .mapToDouble(number -> Integer.parseInt(number) / UNITS)
              .toArray();
      switch (step.group(1)) {
        case "M" -> path.moveTo(at[0], at[1]);
        case "L" -> path.lineTo(at[0], at[1]);
        case "Q" -> path.quadTo(at[0], at[1], at[2], at[3]);
        default -> path.closePath();
      }
    }
    return path;
  }
}
