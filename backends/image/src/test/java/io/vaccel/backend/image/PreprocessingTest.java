package io.vaccel.backend.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vaccel.CallOptions;
import io.vaccel.ElementType;
import io.vaccel.Image;
import io.vaccel.PixelFormat;
import io.vaccel.Tensor;
import io.vaccel.spi.Call;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PreprocessingTest {

  @ParameterizedTest
  @EnumSource
  void scalingToTheSameSize_changesNothing(Metadata.Interpolation interpolation) {
    byte[] rgb = ramp(7, 5);
    assertThat(scale(interpolation, rgb, 7, 5, new Geometry.Box(0, 0, 7, 5), 7, 5)).isEqualTo(rgb);
  }

  @ParameterizedTest
  @EnumSource
  void oneColour_staysThatColour(Metadata.Interpolation interpolation) {
    byte[] rgb = new byte[50 * 40 * 3];
    java.util.Arrays.fill(rgb, (byte) 201);
    for (int side : new int[] {1, 3, 49, 128}) {
      byte[] scaled = scale(interpolation, rgb, 50, 40, new Geometry.Box(3, 4, 41, 30), side, side);
      assertThat(scaled).containsOnly((byte) 201);
    }
  }

  @Test
  void shrinking_countsEveryPixel() {
    // One white pixel in 8 x 8, shrunk to one: no pixel may be lost between the taps.
    for (int at = 0; at < 64; at++) {
      byte[] rgb = new byte[8 * 8 * 3];
      rgb[at * 3] = rgb[at * 3 + 1] = rgb[at * 3 + 2] = (byte) 255;
      byte[] one =
          scale(Metadata.Interpolation.BILINEAR, rgb, 8, 8, new Geometry.Box(0, 0, 8, 8), 1, 1);
      assertThat(one[0] & 0xff).isBetween(0, 255 * 4 / 64);
    }
    byte[] checks = new byte[8 * 8 * 3];
    for (int i = 0; i < 64; i++) {
      if ((i + i / 8) % 2 == 0) {
        checks[i * 3] = checks[i * 3 + 1] = checks[i * 3 + 2] = (byte) 255;
      }
    }
    byte[] grey =
        scale(Metadata.Interpolation.BICUBIC, checks, 8, 8, new Geometry.Box(0, 0, 8, 8), 2, 2);
    for (byte each : grey) {
      assertThat(each & 0xff).isBetween(126, 129);
    }
  }

  @Test
  void bilinearHalfway_isTheMean() {
    // Pillow 11.3: Image.fromarray([[0, 100]]).resize((4, 1), BILINEAR) -> 0, 25, 75, 100
    byte[] rgb = {0, 0, 0, 100, 100, 100};
    byte[] four =
        scale(Metadata.Interpolation.BILINEAR, rgb, 2, 1, new Geometry.Box(0, 0, 2, 1), 4, 1);
    assertThat(new int[] {four[0], four[3], four[6], four[9]}).containsExactly(0, 25, 75, 100);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyOrientation_givesTheSamePixelsToFunctions(int exif) {
    assertThat(PixelBytes.of(picture(exif)).image()).isEqualTo(PixelBytes.of(picture(1)).image());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyOrientation_givesTheSameInput(int exif) {
    for (Metadata.Resize resize : Metadata.Resize.values()) {
      ImageModel model = model(resize, 8, 6, "NCHW", ElementType.FLOAT32);
      float[] upright = tensor(picture(1), model).floats();
      float[] turned = tensor(picture(exif), model).floats();
      assertThat(turned).hasSize(upright.length);
      for (int i = 0; i < turned.length; i++) {
        assertThat(turned[i]).as("%s, %d", resize, i).isEqualTo(upright[i], within(1.001f / 128));
      }
    }
  }

  @Test
  void fit_fillsTheRestWithZero() {
    ImageModel model = model(Metadata.Resize.FIT, 8, 8, "NHWC", ElementType.FLOAT32);
    Image white = new Image.Raw(4, 2, PixelFormat.GRAY8, ByteBuffer.wrap(filled(8, 255)));
    float[] values = tensor(open(white), model).floats();
    for (int y = 0; y < 8; y++) {
      float expected = y < 2 || y >= 6 ? 0 : (255f - 127) / 128;
      assertThat(values[(y * 8 + 3) * 3]).isEqualTo(expected);
    }
  }

  @Test
  void bytes_areRoundedAndKeptInRange() {
    ImageModel model = model(Metadata.Resize.STRETCH, 1, 1, "NCHW", ElementType.UINT8);
    Image white = new Image.Raw(1, 1, PixelFormat.GRAY8, ByteBuffer.wrap(filled(1, 255)));
    Tensor tensor = tensor(open(white), model);
    assertThat(tensor.type()).isEqualTo(ElementType.UINT8);
    assertThat(tensor.data().get(0)).isEqualTo((byte) 1);
  }

  @Test
  void crop_isTheCentreInTheProportionsOfTheInput() {
    assertThat(Geometry.of(input(Metadata.Resize.CROP, 224, 224, 0.875), 600, 400).source())
        .isEqualTo(new Geometry.Box(125, 25, 350, 350));
    assertThat(Geometry.of(input(Metadata.Resize.CROP, 200, 100, 1), 600, 600).source())
        .isEqualTo(new Geometry.Box(0, 150, 600, 300));
    assertThat(Geometry.of(input(Metadata.Resize.CROP, 224, 224, 0.875), 1, 1).source())
        .isEqualTo(new Geometry.Box(0, 0, 1, 1));
    assertThat(Geometry.of(input(Metadata.Resize.CROP, 224, 224, 0.001), 5, 30000).source())
        .satisfies(box -> assertThat(box.width()).isEqualTo(1));
  }

  @Test
  void fit_keepsProportions() {
    assertThat(Geometry.of(input(Metadata.Resize.FIT, 100, 100, 1), 400, 200).target())
        .isEqualTo(new Geometry.Box(0, 25, 100, 50));
    assertThat(Geometry.of(input(Metadata.Resize.FIT, 100, 100, 1), 1, 30000).target())
        .isEqualTo(new Geometry.Box(49, 0, 1, 100));
  }

  private static ImageModel model(
      Metadata.Resize resize, int width, int height, String layout, ElementType type) {
    Metadata.Input input = input(resize, width, height, 1);
    input =
        new Metadata.Input(
            "input",
            width,
            height,
            Metadata.Layout.valueOf(layout),
            Metadata.Color.RGB,
            resize,
            input.crop(),
            Metadata.Interpolation.BICUBIC,
            input.normalisation());
    Output output = new ScoresOutput("output", Activation.NONE);
    return new ImageModel(
        new Metadata("m.json", input, output, Optional.of("m.labels.txt")),
        List.of(),
        type,
        Anchors.NONE);
  }

  private static Tensor tensor(Picture picture, ImageModel model) {
    Metadata.Input input = model.metadata().input();
    return InputTensor.of(
        picture,
        model,
        Geometry.of(input, picture.width(), picture.height()),
        Call.start(CallOptions.defaults(), Runnable::run));
  }

  private static Picture open(Image raw) {
    return Picture.open(raw, new ImageLimits(99), null, Pipeline.Working.NONE, null);
  }

  private static Metadata.Input input(Metadata.Resize resize, int width, int height, double crop) {
    return new Metadata.Input(
        "input",
        width,
        height,
        Metadata.Layout.NCHW,
        Metadata.Color.RGB,
        resize,
        crop,
        Metadata.Interpolation.BICUBIC,
        new Metadata.Normalisation(List.of(127f, 127f, 127f), List.of(128f, 128f, 128f)));
  }

  /** A picture of 29 x 13 that looks the same whatever the orientation that it is stored in. */
  private static Picture picture(int exif) {
    Orientation how = Orientation.of(exif);
    int width = how.transposed() ? 13 : 29;
    int height = how.transposed() ? 29 : 13;
    ByteBuffer data = ByteBuffer.allocate(29 * 13 * 3);
    for (int y = 0; y < 13; y++) {
      for (int x = 0; x < 29; x++) {
        // Where EXIF 2.32 says that the pixel seen at x, y is stored.
        int[] at =
            switch (exif) {
              case 2 -> new int[] {28 - x, y};
              case 3 -> new int[] {28 - x, 12 - y};
              case 4 -> new int[] {x, 12 - y};
              case 5 -> new int[] {y, x};
              case 6 -> new int[] {y, 28 - x};
              case 7 -> new int[] {12 - y, 28 - x};
              case 8 -> new int[] {12 - y, x};
              default -> new int[] {x, y};
            };
        int index = (at[1] * width + at[0]) * 3;
        data.put(index, (byte) (x * 8))
            .put(index + 1, (byte) (y * 19))
            .put(index + 2, (byte) (x * y));
      }
    }
    Image.Raw raw = new Image.Raw(width, height, PixelFormat.RGB8, data);
    return new Picture(new RawPixels(raw), how, () -> {});
  }

  private static byte[] scale(
      Metadata.Interpolation interpolation,
      byte[] rgb,
      int width,
      int height,
      Geometry.Box part,
      int toWidth,
      int toHeight) {
    Image.Raw raw = new Image.Raw(width, height, PixelFormat.RGB8, ByteBuffer.wrap(rgb));
    return new Resampler(interpolation).scale(new RawPixels(raw), part, toWidth, toHeight);
  }

  private static byte[] ramp(int width, int height) {
    byte[] rgb = new byte[width * height * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (i * 37);
    }
    return rgb;
  }

  private static byte[] filled(int count, int value) {
    byte[] bytes = new byte[count];
    java.util.Arrays.fill(bytes, (byte) value);
    return bytes;
  }
}
