package io.vaccel.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Http2FrameScanTest {
  private final Http2FrameScan scan = new Http2FrameScan();

  private void read(byte[]... parts) {
    ByteBuf bytes = Unpooled.wrappedBuffer(parts);
    int readable = bytes.readableBytes();
    scan.read(bytes);
    assertThat(bytes.readableBytes()).as("nothing is consumed").isEqualTo(readable);
  }

  private static byte[] data(int flags, byte... payload) {
    return RawClient.frame(0x0, flags, 1, payload);
  }

  @Test
  void preface_isNoFrame() {
    read(RawClient.PREFACE);
    assertThat(scan.completeFrames()).isZero();
    assertThat(scan.insideFrame()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 9, 10, 64, 4096})
  void frames_areCountedHoweverTheStreamIsCut(int bytesAtOnce) {
    Random random = new Random(bytesAtOnce);
    ByteBuf stream = Unpooled.buffer().writeBytes(RawClient.PREFACE);
    for (int i = 0; i < 50; i++) {
      stream.writeBytes(data(random.nextInt(256), new byte[random.nextInt(300)]));
    }
    while (stream.isReadable()) {
      scan.read(stream.readSlice(Math.min(bytesAtOnce, stream.readableBytes())));
    }
    assertThat(scan.completeFrames()).isEqualTo(50);
    assertThat(scan.insideFrame()).isFalse();
  }

  @Test
  void halfPrefaceHalfHeaderHalfPayload_areInside() {
    read(new byte[] {'P'});
    assertThat(scan.insideFrame()).isTrue();
    byte[] rest = new byte[23];
    read(rest, new byte[] {0, 0, 4, 0});
    assertThat(scan.insideFrame()).isTrue();
    read(new byte[] {0, 0, 0, 0, 1, 42});
    assertThat(scan.insideFrame()).isTrue();
    read(new byte[3]);
    assertThat(scan.insideFrame()).isFalse();
  }

  @Test
  void emptyData_isCountedUntilSomethingIsCarried() {
    read(RawClient.PREFACE, data(0), data(0));
    assertThat(scan.emptyFramesInARow()).isEqualTo(2);
    read(data(0, (byte) 1));
    assertThat(scan.emptyFramesInARow()).isZero();
  }

  @Test
  void emptyDataThatEndsTheStream_isNormal() {
    read(RawClient.PREFACE, data(0x1));
    assertThat(scan.emptyFramesInARow()).isZero();
  }

  @Test
  void paddingAlone_carriesNothing() {
    read(RawClient.PREFACE, data(0x8, new byte[] {3, 0, 0, 0}), data(0x8, new byte[] {0}));
    assertThat(scan.emptyFramesInARow()).isEqualTo(2);
    read(data(0x8, new byte[] {2, 42, 0, 0}));
    assertThat(scan.emptyFramesInARow()).isZero();
  }

  @Test
  void emptyContinuations_areCounted() {
    read(RawClient.PREFACE, RawClient.frame(0x1, 0, 1, new byte[0]));
    read(RawClient.frame(0x9, 0, 1, new byte[0]), RawClient.frame(0x9, 0, 1, new byte[0]));
    assertThat(scan.emptyFramesInARow()).isEqualTo(3);
  }

  @Test
  void otherFramesBetween_doNotHideAFlood() {
    read(RawClient.PREFACE, data(0), RawClient.frame(0x6, 0, 0, new byte[8]), data(0));
    assertThat(scan.emptyFramesInARow()).isEqualTo(2);
  }
}
