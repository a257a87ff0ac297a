package io.vaccel.backend.image;

import io.vaccel.Image;
import io.vaccel.spi.Call;

/**
 * A decoded picture with the way it is to be held, and the memory that it occupies.
 *
 * @param pixels as they are stored
 * @param orientation how to turn them
 * @param share given back when the picture is closed
 */
record Picture(Pixels pixels, Orientation orientation, DecodeMemory.Share share)
    implements AutoCloseable {

  /**
   * Decodes a picture, or wraps one that is raw already.
   *
   * @param working what else is to be done with it
   */
  static Picture open(
      Image image, ImageLimits limits, DecodeMemory memory, Pipeline.Working working, Call call) {
    if (image instanceof Image.Raw raw) {
      limits.check(raw.width(), raw.height());
      long bytes = working.bytes(raw.width(), raw.height());
      return new Picture(
          new RawPixels(raw),
          Orientation.UPRIGHT,
          bytes == 0 ? DecodeMemory.Share.NOTHING : memory.take(bytes, call));
    }
    Kept counted = Kept.counting();
    EncodedImage file = EncodedImage.parse(image.data(), limits, counted);
    // All at once: a call that holds a part and waits for another could wait for itself.
    long bytes = file.memoryBytes() + working.bytes(file.width(), file.height());
    DecodeMemory.Share share = memory.take(bytes, call);
    try {
      Kept copied = Kept.copying(counted.size());
      EncodedImage.parse(image.data(), limits, copied);
      Pixels pixels = Decoder.decode(file, copied.content(), call);
      return new Picture(pixels, file.orientation(), share);
    } catch (RuntimeException | Error e) {
      share.close();
      throw e;
    }
  }

  /** Columns as the picture is to be seen. */
  int width() {
    return orientation.transposed() ? pixels.height() : pixels.width();
  }

  /** Rows as the picture is to be seen. */
  int height() {
    return orientation.transposed() ? pixels.width() : pixels.height();
  }

  @Override
  public void close() {
    share.close();
  }
}
