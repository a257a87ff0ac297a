package io.vaccel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A picture: either a file's bytes as they are, or raw pixels.
 *
 * <p>Encoded pictures are decoded where the operation runs, so that only compressed bytes travel.
 * Buffers are shared, not copied; readers see read-only views.
 */
public sealed interface Image {

  /** The largest encoded picture or raw pixel block that is accepted: 256 MiB. */
  long MAX_BYTES = 256L << 20;

  /** The bytes of the file or of the pixels, as a read-only view with its own position. */
  ByteBuffer data();

  /**
   * A picture in a file format (JPEG, PNG, BMP).
   *
   * @param data the whole file
   */
  record Encoded(ByteBuffer data) implements Image {
    /** Checks the size; what is in the file is found out where it is decoded. */
    public Encoded {
      data = data.slice().asReadOnlyBuffer();
      checkSize(data.remaining());
    }

    @Override
    public ByteBuffer data() {
      return data.duplicate();
    }
  }

  /**
   * Raw pixels.
   *
   * @param width pixels in a row, at least 1
   * @param height rows, at least 1
   * @param format the layout of a pixel
   * @param data {@code width * height * format.bytesPerPixel()} bytes
   */
  record Raw(int width, int height, PixelFormat format, ByteBuffer data) implements Image {
    /** Checks that the bytes fit the dimensions. */
    public Raw {
      data = data.slice().asReadOnlyBuffer();
      if (width < 1 || height < 1) {
        throw new VaccelException(
                Reason.ARGUMENT_INVALID, "image of " + width + " x " + height + " pixels is empty")
            .about(width < 1 ? "width" : "height");
      }
      long expected = (long) width * height;
      if (expected > MAX_BYTES) {
        throw new VaccelException(
            Reason.IMAGE_TOO_LARGE,
            width + " x " + height + " pixels are over the limit of " + MAX_BYTES + " bytes");
      }
      expected *= format.bytesPerPixel();
      checkSize(expected);
      if (expected != data.remaining()) {
        throw new VaccelException(
                Reason.ARGUMENT_INVALID,
                width
                    + " x "
                    + height
                    + " "
                    + format
                    + " needs "
                    + expected
                    + " bytes, got "
                    + data.remaining())
            .about("pixels");
      }
    }

    @Override
    public ByteBuffer data() {
      return data.duplicate();
    }
  }

  /** A picture in a file format, from memory. */
  static Image encoded(ByteBuffer file) {
    return new Encoded(file);
  }

  /**
   * The bytes of a picture file.
   *
   * @throws VaccelException {@link Reason#FILE_NOT_FOUND} when it cannot be read, {@link
   *     Reason#IMAGE_UNREADABLE} when it is empty or no regular file, {@link
   *     Reason#IMAGE_TOO_LARGE} over {@link #MAX_BYTES}
   */
  static Image read(Path file) {
    if (Files.isDirectory(file)) {
      throw new VaccelException(Reason.IMAGE_UNREADABLE, file + " is a directory, not an image");
    }
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      // Opening a pipe would wait for a writer.
      throw new VaccelException(Reason.IMAGE_UNREADABLE, file + " is not a regular file");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      checkSize(channel.size());
      ByteBuffer data = ByteBuffer.allocateDirect((int) channel.size());
      while (data.hasRemaining() && channel.read(data) >= 0) {
        // A file may give fewer bytes than asked for, and may shrink while it is read.
      }
      return new Encoded(data.flip());
    } catch (IOException e) {
      throw FileProblem.reading(file, e);
    }
  }

  private static void checkSize(long bytes) {
    if (bytes > MAX_BYTES) {
      throw new VaccelException(
          Reason.IMAGE_TOO_LARGE, "image of " + bytes + " bytes is over the limit of " + MAX_BYTES);
    }
    if (bytes == 0) {
      throw new VaccelException(Reason.IMAGE_UNREADABLE, "image is empty");
    }
  }
}
