package io.vaccel.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.Annotated;
import io.vaccel.Image;
import io.vaccel.Operation;
import io.vaccel.Operations;
import io.vaccel.Vaccel;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** All operations on pictures together, which one plugin performs. */
public interface PictureContract
    extends ClassifyContract, DetectContract, SegmentContract, PoseContract, DepthContract {
  /** Besides {@link Operations#IMAGE_CLASSIFY}. */
  List<Operation<?, ?>> FINDING =
      List.of(
          Operations.IMAGE_DETECT,
          Operations.IMAGE_SEGMENT,
          Operations.IMAGE_POSE,
          Operations.IMAGE_DEPTH);

  @Test
  default void findingThings_isOffered() {
    try (Vaccel vaccel = open()) {
      FINDING.forEach(operation -> PluginContract.assertOffered(vaccel, operation));
    }
  }

  /** Asserts that a picture of this size came back, and that something is drawn on it. */
  static void assertPicture(Annotated result, int width, int height) {
    assertThat(result.annotated()).isPresent();
    ByteBuffer file = result.annotated().get().data();
    byte[] bytes = new byte[file.remaining()];
    file.get(bytes);
    try {
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(bytes));
      assertThat(image.getWidth()).isEqualTo(width);
      assertThat(image.getHeight()).isEqualTo(height);
      assertThat(Arrays.stream(image.getRGB(0, 0, width, height, null, 0, width)).boxed())
          .as("colours")
          .anyMatch(rgb -> (rgb & 0xff) != (rgb >> 16 & 0xff));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(result.executedOn().stages()).anyMatch(stage -> stage.name().equals("annotate"));
  }

  /** A picture whose left half is white and whose right half is black. */
  static Image leftWhite(int width, int height) {
    BufferedImage image = Pictures.plain(Color.BLACK, width, height);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, width / 2, height);
    graphics.dispose();
    return Image.encoded(Pictures.file(image, "png"));
  }
}
