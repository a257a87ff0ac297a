package io.vaccel;

import java.util.Optional;

/** What was found in a picture, and on request the picture with it drawn in. */
public interface Annotated extends Result {
  /**
   * A PNG file, of the upright picture's size unless that is over 4 Mi pixels; empty when it was
   * not asked for.
   */
  Optional<Image.Encoded> annotated();
}
