package io.vaccel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageTest {
  @TempDir Path directory;

  @Property
  void rawPixels_mustFitTheirDimensions(
      @ForAll @IntRange(min = -2, max = 20) int width,
      @ForAll @IntRange(min = -2, max = 20) int height,
      @ForAll PixelFormat format,
      @ForAll @IntRange(max = 1700) int bytes) {
    ByteBuffer data = ByteBuffer.allocate(bytes);
    if (width > 0 && height > 0 && width * height * format.bytesPerPixel() == bytes) {
      assertThat(new Image.Raw(width, height, format, data).data()).isEqualTo(data);
    } else {
      assertThat(Failures.of(() -> new Image.Raw(width, height, format, data)).reason())
          .isEqualTo(Reason.ARGUMENT_INVALID);
    }
  }

  @Property
  void hugeDimensions_areRefusedWithoutOverflow(
      @ForAll @IntRange(min = 20_000, max = Integer.MAX_VALUE) int width,
      @ForAll @IntRange(min = 20_000, max = Integer.MAX_VALUE) int height,
      @ForAll PixelFormat format) {
    assertThat(
            Failures.of(() -> new Image.Raw(width, height, format, ByteBuffer.allocate(0)))
                .reason())
        .isEqualTo(Reason.IMAGE_TOO_LARGE);
  }

  @Test
  void file_isTakenAsItIs() throws Exception {
    Path file = Files.write(directory.resolve("x.jpg"), new byte[] {1, 2, 3});
    assertThat(Image.read(file).data()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
    assertThat(Image.read(file).data().isReadOnly()).isTrue();
  }

  @Test
  void missingFile_isNotFound() {
    Path none = directory.resolve("none.jpg");
    VaccelException failure = Failures.of(() -> Image.read(none));
    assertThat(failure.reason()).isEqualTo(Reason.FILE_NOT_FOUND);
    assertThat(failure).hasMessage("cannot read " + none + ": no such file");
  }

  @Test
  void directory_emptyFileAndDevice_areNoImages() throws Exception {
    assertThat(Failures.of(() -> Image.read(directory)))
        .hasMessage(directory + " is a directory, not an image");
    Path empty = Files.createFile(directory.resolve("empty.jpg"));
    assertThat(Failures.of(() -> Image.read(empty))).hasMessageContaining("is empty");
    assertThat(Failures.of(() -> Image.read(Path.of("/dev/null"))))
        .hasMessage("/dev/null is not a regular file");
  }

  @Test
  void fileOverTheLimit_isRefusedBeforeItIsRead() throws Exception {
    Path sparse = directory.resolve("huge.bmp");
    try (var file = new java.io.RandomAccessFile(sparse.toFile(), "rw")) {
      file.setLength(Image.MAX_BYTES + 1);
    }
    VaccelException failure = Failures.of(() -> Image.read(sparse));
    assertThat(failure.reason()).isEqualTo(Reason.IMAGE_TOO_LARGE);
  }
}
