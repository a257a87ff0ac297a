package io.vaccel.backend.image;

import static io.vaccel.backend.image.PictureFiles.HEIGHT;
import static io.vaccel.backend.image.PictureFiles.WIDTH;
import static io.vaccel.backend.image.PictureFiles.exif;
import static io.vaccel.backend.image.PictureFiles.frameHeader;
import static io.vaccel.backend.image.PictureFiles.indexOf;
import static io.vaccel.backend.image.PictureFiles.jpeg;
import static io.vaccel.backend.image.PictureFiles.noise;
import static io.vaccel.backend.image.PictureFiles.png;
import static io.vaccel.backend.image.PictureFiles.samples;
import static io.vaccel.backend.image.PictureFiles.smooth;
import static io.vaccel.backend.image.PictureFiles.value;
import static io.vaccel.backend.image.PictureFiles.withExif;
import static io.vaccel.contract.PluginContract.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.CallOptions;
import io.vaccel.Cancellation;
import io.vaccel.Image;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.contract.Pictures;
import io.vaccel.spi.Call;
import java.awt.Color;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DecodingTest {
  private static final ImageLimits LIMITS = new ImageLimits(1 << 20);

  @Test
  void pngOfEveryKind_keepsItsSamples() throws IOException {
    for (boolean interlaced : new boolean[] {false, true}) {
      assertPixels(png(samples(ColorSpace.CS_sRGB, false, 8), interlaced), 3, 8, 1);
      assertPixels(png(samples(ColorSpace.CS_sRGB, true, 8), interlaced), 3, 8, 1);
      assertPixels(png(samples(ColorSpace.CS_sRGB, false, 16), interlaced), 3, 16, 1);
      assertPixels(png(samples(ColorSpace.CS_sRGB, true, 16), interlaced), 3, 16, 1);
      assertPixels(png(samples(ColorSpace.CS_GRAY, false, 8), interlaced), 1, 8, 1);
      assertPixels(png(samples(ColorSpace.CS_GRAY, true, 8), interlaced), 1, 8, 1);
      assertPixels(png(samples(ColorSpace.CS_GRAY, false, 16), interlaced), 1, 16, 1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8})
  void pngWithAPalette_isLookedUp(int bits) throws IOException {
    int colors = 1 << bits;
    byte[] red = new byte[colors];
    byte[] green = new byte[colors];
    byte[] blue = new byte[colors];
    for (int i = 0; i < colors; i++) {
      red[i] = (byte) (i * 7 + 1);
      green[i] = (byte) (i * 11 + 2);
      blue[i] = (byte) (200 - i);
    }
    IndexColorModel palette = new IndexColorModel(bits, colors, red, green, blue);
    WritableRaster raster = palette.createCompatibleWritableRaster(WIDTH, HEIGHT);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        raster.setSample(x, y, 0, (x + y) % colors);
      }
    }
    Pixels pixels = decode(png(new BufferedImage(palette, raster, false, null), false));
    byte[] row = new byte[WIDTH * 3];
    pixels.row(5, 0, WIDTH, row);
    for (int x = 0; x < WIDTH; x++) {
      int index = (x + 5) % colors;
      assertThat(row[3 * x]).isEqualTo(red[index]);
      assertThat(row[3 * x + 1]).isEqualTo(green[index]);
      assertThat(row[3 * x + 2]).isEqualTo(blue[index]);
    }
  }

  @Test
  void jpegBaselineProgressiveAndGrey_areDecoded() throws IOException {
    for (boolean progressive : new boolean[] {false, true}) {
      assertPixels(jpeg(smooth(BufferedImage.TYPE_INT_RGB), progressive), 0, 8, 12);
      assertPixels(jpeg(smooth(BufferedImage.TYPE_BYTE_GRAY), progressive), -1, 8, 12);
    }
  }

  @Test
  void bmpOfEveryDepth_isDecoded() throws IOException {
    assertPixels(Pictures.file(smooth(BufferedImage.TYPE_3BYTE_BGR), "bmp"), 0, 8, 0);
    assertPixels(Pictures.file(smooth(BufferedImage.TYPE_USHORT_565_RGB), "bmp"), 0, 8, 8);
    assertPixels(Pictures.file(smooth(BufferedImage.TYPE_BYTE_GRAY), "bmp"), -1, 8, 0);
  }

  @Test
  void bmpWithAColourProfile_isDecodedWithoutIt() {
    ByteBuffer plain = Pictures.file(smooth(BufferedImage.TYPE_3BYTE_BGR), "bmp");
    ByteBuffer file = ByteBuffer.allocate(plain.limit() + 84).order(ByteOrder.LITTLE_ENDIAN);
    file.put(plain.slice(0, 54)).position(138).put(plain.slice(54, plain.limit() - 54));
    // A version 5 header that claims an embedded profile of two gigabytes.
    file.putInt(10, 138).putInt(14, 124).putInt(70, 0x4d424544).putInt(130, 0x7fffffff);
    file.limit(file.position());
    assertPixels(file.rewind(), 0, 8, 0);
  }

  @ParameterizedTest
  @CsvSource({"30, 1", "30, 4", "28, 7", "14, 41", "46, 257"})
  void bmpHeaderThatLies_isRefused(int offset, int value) {
    ByteBuffer file = Pictures.file(smooth(BufferedImage.TYPE_3BYTE_BGR), "bmp");
    file.order(ByteOrder.LITTLE_ENDIAN).putInt(offset, value);
    assertUnreadable(file, "BMP");
  }

  @Test
  void jpegInCmyk_isRefusedByName() {
    ByteBuffer file = Pictures.file(smooth(BufferedImage.TYPE_INT_RGB), "jpg");
    int header = frameHeader(file);
    file.put(header + 9, (byte) 4);
    assertUnreadable(file, "CMYK");
  }

  @ParameterizedTest
  @CsvSource({"4, 12, 12 bits", "9, 2, 2 channels", "1, -61, lossless"})
  void jpegOfOtherKinds_isRefusedByName(int offset, byte value, String mention) {
    ByteBuffer file = Pictures.file(smooth(BufferedImage.TYPE_INT_RGB), "jpg");
    file.put(frameHeader(file) + offset, value);
    assertUnreadable(file, mention);
  }

  @Test
  void jpegWithThousandsOfScans_isRefused() throws IOException {
    ByteBuffer file = jpeg(smooth(BufferedImage.TYPE_INT_RGB), true);
    int scan = indexOf(file, (byte) 0xff, (byte) 0xda);
    ByteBuffer body = file.slice(scan, file.limit() - 2 - scan);
    ByteBuffer many = ByteBuffer.allocate(file.limit() + 50 * body.limit());
    many.put(file.slice(0, scan));
    for (int i = 0; i < 50; i++) {
      many.put(body.duplicate());
    }
    many.putShort((short) 0xffd9);
    assertUnreadable(many.flip(), "scans");
  }

  @Test
  void jpegDataThatIsMissing_isDamage() {
    ByteBuffer file = Pictures.file(noise(), "jpg");
    // The end marker is there, half of the compressed data is not.
    ByteBuffer cut = ByteBuffer.allocate(file.limit() / 2 + 2);
    cut.put(file.slice(0, file.limit() / 2)).put((byte) 0xff).put((byte) 0xd9);
    assertUnreadable(cut.flip(), "damaged");
  }

  @Test
  void pngDataThatIsMissingOrWrong_isDamage() {
    ByteBuffer file = Pictures.file(noise(), "png");
    int data = indexOf(file, (byte) 'I', (byte) 'D', (byte) 'A', (byte) 'T');
    ByteBuffer half = ByteBuffer.allocate(file.limit());
    half.put(file.slice(0, data - 4));
    Pictures.putChunk(half, "IDAT", file.slice(data + 4, 100));
    Pictures.putChunk(half, "IEND", ByteBuffer.allocate(0));
    assertUnreadable(half.flip(), "damaged");
    file.put(data + 50, (byte) ~file.get(data + 50));
    assertUnreadable(file, "checksum");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void exifOrientation_isFoundInJpegAndPng(int orientation) {
    for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
      ByteBuffer exif = exif(orientation, order);
      ByteBuffer jpeg = Pictures.file(smooth(BufferedImage.TYPE_INT_RGB), "jpg");
      assertThat(parse(withExif(jpeg, exif)).orientation()).isEqualTo(Orientation.of(orientation));
      ByteBuffer png = Pictures.file(smooth(BufferedImage.TYPE_INT_RGB), "png");
      ByteBuffer file = ByteBuffer.allocate(png.limit() + 12 + exif.limit());
      file.put(png.slice(0, 33));
      Pictures.putChunk(file, "eXIf", exif);
      file.put(png.slice(33, png.limit() - 33)).flip();
      assertThat(parse(file).orientation()).isEqualTo(Orientation.of(orientation));
    }
  }

  @Test
  void damagedExif_isUpright() {
    ByteBuffer exif = exif(6, ByteOrder.BIG_ENDIAN);
    for (int cut = 0; cut < exif.limit() - 2; cut++) {
      assertThat(Orientation.ofExif(exif.slice(0, cut))).isEqualTo(Orientation.UPRIGHT);
    }
    for (int directory : new int[] {-1, Integer.MAX_VALUE, Integer.MIN_VALUE, 1000}) {
      assertThat(Orientation.ofExif(exif(6, ByteOrder.BIG_ENDIAN).putInt(4, directory)))
          .isEqualTo(Orientation.UPRIGHT);
    }
    assertThat(Orientation.ofExif(exif(9, ByteOrder.BIG_ENDIAN))).isEqualTo(Orientation.UPRIGHT);
  }

  @Test
  void onlyWhatMakesThePixels_reachesTheDecoder() {
    ByteBuffer jpeg =
        withExif(
            Pictures.file(smooth(BufferedImage.TYPE_INT_RGB), "jpg"),
            exif(3, ByteOrder.BIG_ENDIAN));
    Kept kept = Kept.counting();
    EncodedImage.parse(jpeg, LIMITS, kept);
    assertThat(kept.size()).isLessThan(jpeg.limit() - 30);
    Kept copied = Kept.copying(kept.size());
    EncodedImage.parse(jpeg, LIMITS, copied);
    String content = StandardCharsets.ISO_8859_1.decode(copied.content()).toString();
    assertThat(content).doesNotContain("Exif");
  }

  @ParameterizedTest
  @CsvSource({"32769, 1", "1, 32769", "2000, 2000", "2147483647, 2147483647"})
  void sizesOverTheLimits_areRefused(int width, int height) {
    VaccelException failure = failureOf(() -> parse(Pictures.pngThatClaims(width, height)));
    assertThat(failure.reason()).isEqualTo(Reason.IMAGE_TOO_LARGE);
  }

  @Test
  void rawPicture_hasTheSameLimit() {
    Image raw =
        new Image.Raw(1025, 1024, io.vaccel.PixelFormat.GRAY8, ByteBuffer.allocate(1025 * 1024));
    VaccelException failure =
        failureOf(
            () ->
                Picture.open(
                    raw, LIMITS, new DecodeMemory(1 << 30), Pipeline.Working.NONE, call()));
    assertThat(failure.reason()).isEqualTo(Reason.IMAGE_TOO_LARGE);
  }

  @Test
  void cancelledCall_stopsDecoding() {
    Cancellation cancellation = new Cancellation();
    cancellation.cancel();
    Call call = Call.start(CallOptions.defaults().with(cancellation), Runnable::run);
    Image image = Image.encoded(Pictures.file(noise(), "png"));
    VaccelException failure =
        failureOf(
            () ->
                Picture.open(
                    image, LIMITS, new DecodeMemory(1 << 30), Pipeline.Working.NONE, call));
    assertThat(failure.reason()).isEqualTo(Reason.CANCELLED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpg", "png", "bmp"})
  void callThatEndsWhileDecoding_abortsIt(String format) {
    Cancellation cancellation = new Cancellation();
    Call call = Call.start(CallOptions.defaults().with(cancellation), Runnable::run);
    ImageReader reader = ImageIO.getImageReadersByFormatName(format).next();
    AtomicInteger aborted = new AtomicInteger();
    reader.addIIOReadProgressListener(
        new AbortWhenEnded(call) {
          @Override
          public void imageProgress(ImageReader source, float percentageDone) {
            cancellation.cancel();
            super.imageProgress(source, percentageDone);
          }

          @Override
          public void readAborted(ImageReader source) {
            aborted.incrementAndGet();
          }
        });
    byte[] file = Pictures.file(Pictures.plain(Color.RED, 300, 300), format).array();
    try (var stream = ImageIO.createImageInputStream(new ByteArrayInputStream(file))) {
      reader.setInput(stream, true, true);
      reader.read(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(aborted).hasValue(1);
  }

  private static EncodedImage parse(ByteBuffer file) {
    return EncodedImage.parse(file, LIMITS, Kept.counting());
  }

  private static Pixels decode(ByteBuffer file) {
    try (Picture picture =
        Picture.open(
            Image.encoded(file),
            LIMITS,
            new DecodeMemory(1 << 30),
            Pipeline.Working.NONE,
            call())) {
      return picture.pixels();
    }
  }

  private static Call call() {
    return Call.start(CallOptions.defaults(), Runnable::run);
  }

  private static void assertUnreadable(ByteBuffer file, String mention) {
    VaccelException failure = failureOf(() -> decode(file));
    assertThat(failure.reason()).as(failure.getMessage()).isEqualTo(Reason.IMAGE_UNREADABLE);
    assertThat(failure).hasMessageContaining(mention);
  }

  /**
   * Asserts that a file holds {@link PictureFiles#value}s of 3 bands, or of 1 band, with 8 or 16
   * bits; or for 0 and -1 bands the same as {@link PictureFiles#smooth(int, int, int)}.
   */
  private static void assertPixels(ByteBuffer file, int bands, int bits, int tolerance) {
    Pixels pixels = decode(file);
    assertThat(pixels.width()).isEqualTo(WIDTH);
    assertThat(pixels.height()).isEqualTo(HEIGHT);
    byte[] row = new byte[WIDTH * 3];
    for (int y = 0; y < HEIGHT; y++) {
      pixels.row(y, 2, WIDTH - 1, row);
      for (int x = 2; x < WIDTH - 1; x++) {
        for (int channel = 0; channel < 3; channel++) {
          int expected =
              bands > 0
                  ? value(x, y, bands == 1 ? 0 : channel, bits) >> (bits - 8)
                  : smooth(x, y, bands < 0 ? 0 : channel);
          assertThat(row[3 * (x - 2) + channel] & 0xff)
              .as("%d, %d, channel %d", x, y, channel)
              .isBetween(expected - tolerance, expected + tolerance);
        }
      }
    }
  }
}
