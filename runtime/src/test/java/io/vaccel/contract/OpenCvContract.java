package io.vaccel.contract;

import static io.vaccel.contract.PluginContract.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.Image;
import io.vaccel.ImageStep;
import io.vaccel.Operations;
import io.vaccel.PixelFormat;
import io.vaccel.Reason;
import io.vaccel.Session;
import io.vaccel.TransformImage;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What a plugin promises that performs {@link Operations#OPENCV_TRANSFORM}. Expected results were
 * made by OpenCV itself ({@code opencv.py}); interpolated ones may be off by one level.
 */
public interface OpenCvContract extends PluginContract {

  @Test
  default void transform_isOffered() {
    try (Vaccel vaccel = open()) {
      PluginContract.assertOffered(vaccel, Operations.OPENCV_TRANSFORM);
    }
  }

  @Test
  default void interpolatedResults_areThoseOfOpenCv() {
    assertLike("shrunk", 1, new ImageStep.Resize(10, 7));
    assertLike("grown", 1, new ImageStep.Resize(37, 29));
    assertLike("blurred", 1, new ImageStep.Blur(1.5f));
  }

  @Test
  default void exactResults_areThoseOfOpenCv() {
    ImageStep gray = new ImageStep.Grayscale();
    assertLike("grayscale", 0, gray);
    assertLike("threshold", 0, gray, new ImageStep.Threshold(90));
    assertLike("edges", 0, gray, new ImageStep.Edges(100, 300));
    assertLike("flip-left-right", 0, new ImageStep.Flip(true));
    assertLike("flip-top-bottom", 0, new ImageStep.Flip(false));
    assertLike("rotate-1", 0, new ImageStep.Rotate(1));
    assertLike("rotate-2", 0, new ImageStep.Rotate(2));
    assertLike("rotate-3", 0, new ImageStep.Rotate(3));
    assertLike("crop", 0, new ImageStep.Crop(5, 2, 15, 11));
  }

  @Test
  default void steps_areAppliedInOrder() {
    assertLike(
        "edges-of-blurred",
        0,
        new ImageStep.Rotate(1),
        new ImageStep.Grayscale(),
        new ImageStep.Rotate(3),
        new ImageStep.Blur(1),
        new ImageStep.Edges(40, 120));
  }

  @Test
  default void everyFormat_isTaken() {
    for (PixelFormat format : PixelFormat.values()) {
      byte[] pixel = {10, 20, 30, 40};
      ByteBuffer data = ByteBuffer.wrap(pixel, 0, format.bytesPerPixel());
      Image.Raw result = transform(new Image.Raw(1, 1, format, data), new ImageStep.Resize(3, 2));
      assertThat(result.format()).isEqualTo(format);
      byte[] bytes = new byte[6 * format.bytesPerPixel()];
      result.data().get(bytes);
      for (int i = 0; i < bytes.length; i++) {
        assertThat(bytes[i]).isEqualTo(pixel[i % format.bytesPerPixel()]);
      }
    }
    ByteBuffer bgr = ByteBuffer.wrap(new byte[] {(byte) 255, 0, 0});
    assertThat(
            transform(new Image.Raw(1, 1, PixelFormat.BGR8, bgr), new ImageStep.Grayscale())
                .data()
                .get())
        .as("blue")
        .isEqualTo((byte) 29);
  }

  @Test
  default void pictureFile_givesWhatItsPixelsGive() {
    Image.Raw raw = picture();
    BufferedImage painted = new BufferedImage(24, 18, BufferedImage.TYPE_INT_RGB);
    ByteBuffer pixels = raw.data();
    for (int y = 0; y < 18; y++) {
      for (int x = 0; x < 24; x++) {
        int rgb = pixels.get() & 0xff;
        rgb = (rgb << 8) | (pixels.get() & 0xff);
        painted.setRGB(x, y, (rgb << 8) | (pixels.get() & 0xff));
      }
    }
    for (String format : List.of("png", "bmp")) {
      Image file = Image.encoded(Pictures.file(painted, format));
      assertThat(transform(file, new ImageStep.Flip(true)))
          .isEqualTo(transform(raw, new ImageStep.Flip(true)));
      assertThat(transform(file, new ImageStep.Resize(10, 7), new ImageStep.Grayscale()))
          .isEqualTo(transform(raw, new ImageStep.Resize(10, 7), new ImageStep.Grayscale()));
    }
    Image.Raw jpeg =
        transform(Image.encoded(Pictures.file(painted, "jpg")), new ImageStep.Rotate(1));
    assertThat(jpeg.width()).isEqualTo(18);
    assertThat(jpeg.format()).isEqualTo(PixelFormat.RGB8);
  }

  @Test
  default void fileThatIsNoPicture_isNotTransformed() {
    Image text = Image.encoded(ByteBuffer.wrap("a letter".getBytes(StandardCharsets.US_ASCII)));
    VaccelException failure = failureOf(() -> transform(text, new ImageStep.Flip(true)));
    assertThat(failure.reason()).isEqualTo(Reason.IMAGE_UNREADABLE);
    Image bomb = Image.encoded(Pictures.pngThatClaims(5000, 5000));
    assertThat(failureOf(() -> transform(bomb, new ImageStep.Flip(true))).reason())
        .isEqualTo(Reason.IMAGE_TOO_LARGE);
  }

  @Test
  default void stepsThatDoNotFitThePicture_areNamed() {
    assertRefused("steps[0].crop", new ImageStep.Crop(20, 0, 5, 1));
    assertRefused("steps[1].crop", new ImageStep.Flip(true), new ImageStep.Crop(0, 17, 1, 2));
    assertRefused("steps[0]", new ImageStep.Threshold(1));
    assertRefused("steps[0]", new ImageStep.Edges(1, 2));
    VaccelException large =
        failureOf(() -> transform(picture(), new ImageStep.Resize(16_384, 16_384)));
    assertThat(large.reason()).isEqualTo(Reason.IMAGE_TOO_LARGE);
  }

  private void assertRefused(String field, ImageStep... steps) {
    VaccelException failure = failureOf(() -> transform(picture(), steps));
    assertThat(failure.reason()).isEqualTo(Reason.ARGUMENT_INVALID);
    assertThat(failure.details()).containsEntry("field", field);
  }

  private void assertLike(String name, int tolerance, ImageStep... steps) {
    String[] expected = expected(name);
    Image.Raw actual = transform(picture(), steps);
    assertThat(actual.width()).as(name).isEqualTo(Integer.parseInt(expected[1]));
    assertThat(actual.height()).as(name).isEqualTo(Integer.parseInt(expected[2]));
    byte[] levels = HexFormat.of().parseHex(expected[3]);
    byte[] bytes = new byte[actual.data().remaining()];
    actual.data().get(bytes);
    assertThat(bytes).as(name).hasSameSizeAs(levels);
    for (int i = 0; i < bytes.length; i++) {
      assertThat(Math.abs((bytes[i] & 0xff) - (levels[i] & 0xff)))
          .as("%s at byte %d of %d", name, i, bytes.length)
          .isLessThanOrEqualTo(tolerance);
    }
  }

  private Image.Raw transform(Image image, ImageStep... steps) {
    try (Vaccel vaccel = open();
        Session session = vaccel.openSession()) {
      TransformImage input = new TransformImage(image, Arrays.asList(steps));
      return session.call(Operations.OPENCV_TRANSFORM, input).image();
    }
  }

  /** A circle on a slope with some noise. */
  private static Image.Raw picture() {
    ByteBuffer data = ByteBuffer.allocate(24 * 18 * 3);
    for (int y = 0; y < 18; y++) {
      for (int x = 0; x < 24; x++) {
        boolean inside = (x - 11) * (x - 11) + (y - 8) * (y - 8) < 30;
        for (int c = 0; c < 3; c++) {
          int level = inside ? 200 - 40 * c : 3 * x + 2 * y;
          data.put((byte) (level + (x * 7 + y * 13 + c * 5) % 11));
        }
      }
    }
    return new Image.Raw(24, 18, PixelFormat.RGB8, data.flip());
  }

  private static String[] expected(String name) {
    try (InputStream file = OpenCvContract.class.getResourceAsStream("opencv.txt")) {
      String all = new String(file.readAllBytes(), StandardCharsets.US_ASCII);
      return List.of(all.split("\n")).stream()
          .map(line -> line.split(" "))
          .filter(line -> line[0].equals(name))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
