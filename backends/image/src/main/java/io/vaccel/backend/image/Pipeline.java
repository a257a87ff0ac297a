package io.vaccel.backend.image;

import io.vaccel.ImageInput;
import io.vaccel.spi.Call;
import io.vaccel.spi.SessionContext;

/** What all operations on pictures share in one session; safe for use by several threads. */
record Pipeline(ImageLimits limits, DecodeMemory memory, SessionContext context) {

  /** Memory that a call needs besides that of the decoded picture. */
  interface Working {
    /** Only the picture. */
    Working NONE = (width, height) -> 0;

    /**
     * Bytes for a picture of this size.
     *
     * @throws io.vaccel.VaccelException {@link io.vaccel.Reason#IMAGE_TOO_LARGE} when it cannot be
     *     done for one so large
     */
    long bytes(long width, long height);

    /** The memory of both. */
    default Working and(Working other) {
      return (width, height) -> bytes(width, height) + other.bytes(width, height);
    }
  }

  /**
   * Opens the picture of a call.
   *
   * @param working what else the call needs
   * @param keeps whether the pixels are needed after the model's first run
   */
  Scene open(ImageInput input, ImageModel model, Working working, boolean keeps, Call call) {
    long start = System.nanoTime();
    Picture picture = Picture.open(input.image(), limits, memory, working, call);
    return new Scene(input.model(), model, picture, keeps, context, call)
        .with(Scene.since("decode", start));
  }
}
