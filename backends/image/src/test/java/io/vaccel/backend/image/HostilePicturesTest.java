package io.vaccel.backend.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.CallOptions;
import io.vaccel.Image;
import io.vaccel.VaccelException;
import io.vaccel.contract.Pictures;
import io.vaccel.spi.Call;
import java.awt.Color;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever the bytes are: pixels or a {@link VaccelException}, and soon. */
final class HostilePicturesTest {
  private static final List<ByteBuffer> WHOLE =
      List.of(
          Pictures.file(Color.ORANGE, "png"),
          Pictures.file(Color.ORANGE, "jpg"),
          Pictures.file(Color.ORANGE, "bmp"));
  private static final List<byte[]> STARTS =
      List.of(
          new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff},
          new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13},
          new byte[] {'B', 'M'});

  private final DecodeMemory memory = new DecodeMemory(64 << 20);

  @Property(tries = 2000)
  void randomBytes(@ForAll @Size(max = 300) byte[] bytes, @ForAll @IntRange(max = 3) int start) {
    byte[] head = start < 3 ? STARTS.get(start) : new byte[0];
    ByteBuffer file = ByteBuffer.allocate(head.length + bytes.length + 1);
    open(file.put(head).put(bytes).put((byte) 0).flip());
  }

  @Property(tries = 4000)
  void filesWithSomeBytesChanged(
      @ForAll @IntRange(max = 2) int which,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 8) int changes) {
    ByteBuffer whole = WHOLE.get(which);
    ByteBuffer file = ByteBuffer.allocate(whole.limit()).put(whole.duplicate()).flip();
    Random random = new Random(seed);
    for (int i = 0; i < changes; i++) {
      file.put(random.nextInt(file.limit()), (byte) random.nextInt());
    }
    if (which == 0 && random.nextBoolean()) {
      file = withChecksums(file);
    }
    open(file);
  }

  @Property(tries = 500)
  void filesThatAreCutOff(
      @ForAll @IntRange(max = 2) int which, @ForAll @IntRange(min = 1, max = 900) int bytes) {
    ByteBuffer whole = WHOLE.get(which);
    assertThat(open(whole.slice(0, Math.min(bytes, whole.limit() - 1)))).isFalse();
  }

  /** Whether it is a picture. */
  private boolean open(ByteBuffer file) {
    Call call = Call.start(CallOptions.within(Duration.ofSeconds(20)), Runnable::run);
    long start = System.nanoTime();
    try (Picture picture =
        Picture.open(
            Image.encoded(file), new ImageLimits(1 << 20), memory, Pipeline.Working.NONE, call)) {
      byte[] row = new byte[picture.pixels().width() * 3];
      for (int y = 0; y < picture.pixels().height(); y++) {
        picture.pixels().row(y, 0, picture.pixels().width(), row);
      }
      return true;
    } catch (VaccelException e) {
      assertThat(e.text()).isNotBlank();
      return false;
    } finally {
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }
  }

  /** The same PNG with the checksums that its chunks should have, as far as they can be found. */
  private static ByteBuffer withChecksums(ByteBuffer file) {
    ByteBuffer fixed = ByteBuffer.allocate(file.limit()).order(ByteOrder.BIG_ENDIAN);
    fixed.put(file.slice(0, 8));
    int at = 8;
    while (at + 12 <= file.limit()) {
      int length = file.getInt(at);
      if (length < 0 || length > file.limit() - at - 12) {
        break;
      }
      fixed.putInt(length).put(file.slice(at + 4, length + 4));
      java.util.zip.CRC32 checksum = new java.util.zip.CRC32();
      checksum.update(file.slice(at + 4, length + 4));
      fixed.putInt((int) checksum.getValue());
      at += length + 12;
    }
    return fixed.put(file.slice(at, file.limit() - at)).flip();
  }
}
