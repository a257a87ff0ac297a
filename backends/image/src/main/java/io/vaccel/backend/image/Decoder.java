package io.vaccel.backend.image;

import static io.vaccel.backend.image.EncodedImage.unreadable;

import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.spi.Call;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStreamImpl;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns a checked file into pixels, with the JDK's decoders. */
final class Decoder {
  private static final Logger LOG = LoggerFactory.getLogger(Decoder.class);

  private Decoder() {}

  /**
   * Decodes; stops early when the call ends.
   *
   * @param file what is known of it
   * @param content what makes the pixels
   * @throws VaccelException {@link Reason#IMAGE_UNREADABLE} when the compressed data is damaged
   */
  static Pixels decode(EncodedImage file, ByteBuffer content, Call call) {
    ImageReader reader = ImageIO.getImageReadersByFormatName(file.format()).next();
    List<String> damages = new ArrayList<>();
    reader.addIIOReadWarningListener(
        (source, warning) -> {
          if (isDamage(warning)) {
            damages.add(warning);
          }
        });
    reader.addIIOReadProgressListener(new AbortWhenEnded(call));
    try (Bytes bytes = new Bytes(content)) {
      reader.setInput(bytes, true, true);
      BufferedImage image = reader.read(0);
      call.check();
      if (!damages.isEmpty()) {
        LOG.debug("{} with warnings: {}", file.format(), damages);
        throw unreadable("the " + file.format() + " is damaged");
      }
      if (image.getWidth() != file.width() || image.getHeight() != file.height()) {
        throw unreadable("the " + file.format() + " is damaged: it has two sizes");
      }
      return new RasterPixels(image);
    } catch (VaccelException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The decoders throw whatever a damaged file makes them stumble over.
      call.check();
      LOG.debug("{} cannot be decoded", file.format(), e);
      throw unreadable("the " + file.format() + " is damaged");
    } catch (OutOfMemoryError e) {
      throw new VaccelException(
          Reason.QUOTA_EXCEEDED,
          "there is no memory to decode " + file.width() + " x " + file.height() + " pixels now",
          e);
    } finally {
      reader.dispose();
    }
  }

  /**
   * libjpeg fills up what is missing and only warns. Bytes too many between segments are harmless
   * and not rare.
   */
  private static boolean isDamage(String warning) {
    String text = warning.toLowerCase(Locale.ROOT);
    return (text.contains("corrupt") || text.contains("premature")) && !text.contains("extraneous");
  }

  /** A file in memory; ImageIO's own stream would copy it once more. */
  private static final class Bytes extends ImageInputStreamImpl {
    private final ByteBuffer content;

    private Bytes(ByteBuffer content) {
      this.content = content;
    }

    @Override
    public int read() {
      bitOffset = 0;
      return streamPos < content.limit() ? content.get((int) streamPos++) & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      bitOffset = 0;
      int count = (int) Math.min(length, content.limit() - streamPos);
      if (count <= 0) {
        return length == 0 ? 0 : -1;
      }
      content.get((int) streamPos, target, offset, count);
      streamPos += count;
      return count;
    }

    @Override
    public long length() {
      return content.limit();
    }
  }
}
