package io.vaccel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TensorTest {
  @Property
  void bytesThatDoNotFitTypeAndShape_areRefused(
      @ForAll ElementType type,
      @ForAll @Size(max = 4) List<@LongRange(min = 0, max = 9) Long> dimensions,
      @ForAll @IntRange(max = 2000) int bytes) {
    Shape shape = Shape.of(dimensions.stream().mapToLong(Long::longValue).toArray());
    ByteBuffer data = ByteBuffer.allocate(bytes);
    boolean fits =
        type.isFixedSize()
            ? type.bytes(shape.elements()) == bytes
            // Zeroes are strings of length 0.
            : shape.elements() * Integer.BYTES == bytes;
    if (fits) {
      assertThat(Tensor.of("t", type, shape, data).sizeBytes()).isEqualTo(bytes);
    } else {
      assertThat(Failures.of(() -> Tensor.of("t", type, shape, data)).reason())
          .isEqualTo(Reason.TENSOR_INVALID);
    }
  }

  @Property
  void anyBytesAsStrings_areReadWithinThem_orRefused(
      @ForAll byte[] bytes, @ForAll @IntRange(max = 3) int count) {
    try {
      Tensor tensor = Tensor.of("", ElementType.STRING, Shape.of(count), ByteBuffer.wrap(bytes));
      assertThat(tensor.strings()).hasSize(count);
      assertThat(tensor.strings().stream().mapToInt(value -> value.length).sum())
          .isEqualTo(bytes.length - count * Integer.BYTES);
    } catch (VaccelException e) {
      assertThat(e.reason()).isEqualTo(Reason.TENSOR_INVALID);
    }
  }

  @Property
  void strings_comeBack(@ForAll @Size(max = 5) List<byte[]> values) {
    Tensor tensor = Tensor.ofStrings("s", Shape.of(values.size()), values);
    assertThat(tensor.strings())
        .usingElementComparator(java.util.Arrays::compare)
        .isEqualTo(values);
  }

  @Property
  void floats_comeBackBitByBit(@ForAll float[] values) {
    Tensor tensor = Tensor.ofFloats("f", Shape.of(values.length), values);
    assertThat(tensor.floats()).isEqualTo(values);
    assertThat(tensor.data().order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
  }

  @Property
  void bytesOfManyElements_areExactOrRefused(
      @ForAll ElementType type, @ForAll @LongRange(min = 0) long elements) {
    java.math.BigInteger bits =
        java.math.BigInteger.valueOf(elements).multiply(java.math.BigInteger.valueOf(type.bits()));
    if (!type.isFixedSize() || bits.bitLength() > 62) {
      // The very last values below 2^63 may go either way; they are far beyond any memory.
      assertThat(refusedOrExact(type, elements, bits)).isTrue();
    } else {
      assertThat(type.bytes(elements)).isEqualTo((bits.longValueExact() + 7) / 8);
    }
  }

  private static boolean refusedOrExact(
      ElementType type, long elements, java.math.BigInteger bits) {
    try {
      java.math.BigInteger bytes =
          bits.add(java.math.BigInteger.valueOf(7)).divide(java.math.BigInteger.valueOf(8));
      return java.math.BigInteger.valueOf(type.bytes(elements)).equals(bytes);
    } catch (VaccelException e) {
      return e.reason() == Reason.TENSOR_INVALID;
    }
  }

  @Test
  void wrongSize_saysBoth() {
    assertThat(
            Failures.of(
                () ->
                    Tensor.of(
                        "in\nput", ElementType.FLOAT32, Shape.of(2, 2), ByteBuffer.allocate(12))))
        .hasMessage("tensor 'in put': FLOAT32[2, 2] needs 16 bytes, got 12");
  }

  @Test
  void hugeShape_isRefusedWithoutAllocating() {
    assertThat(
            Failures.of(
                () ->
                    Tensor.of(
                        "t", ElementType.FLOAT32, Shape.of(1L << 61), ByteBuffer.allocate(4))))
        .hasMessageContaining("overflow");
    assertThat(
            Failures.of(
                () ->
                    Tensor.of("t", ElementType.STRING, Shape.of(1L << 61), ByteBuffer.allocate(4))))
        .hasMessageContaining("got 1");
  }

  @Test
  void stringLength_isCheckedBeforeItIsUsed() {
    for (int length : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 2}) {
      ByteBuffer data = ByteBuffer.allocate(5).order(ByteOrder.LITTLE_ENDIAN).putInt(0, length);
      assertThat(Failures.of(() -> Tensor.of("t", ElementType.STRING, Shape.of(1), data)).text())
          .isEqualTo("tensor 't': string 0 runs past the end of the data");
    }
  }

  @Test
  void longName_isRefused() {
    assertThat(Failures.of(() -> Tensor.ofFloats("n".repeat(1025), Shape.of(1), 1)))
        .hasMessage("name has 1025 characters, the limit is 1024");
  }

  @Test
  void data_isReadOnly_andReadFromItsStartEveryTime() {
    ByteBuffer source = ByteBuffer.wrap("xxabcd".getBytes(UTF_8)).position(2);
    Tensor tensor = Tensor.of("t", ElementType.UINT8, Shape.of(4), source);
    tensor.data().get();
    assertThat(tensor.data().isReadOnly()).isTrue();
    assertThat(tensor.data().position()).isZero();
    assertThat(tensor.data().get()).isEqualTo((byte) 'a');
    assertThat(source.position()).isEqualTo(2);
  }

  @Test
  void wrongAccessor_isRefused() {
    Tensor tensor = Tensor.of("t", ElementType.INT32, Shape.of(1), ByteBuffer.allocate(4));
    assertThat(Failures.of(tensor::floats)).hasMessage("tensor 't': holds INT32, not FLOAT32");
    assertThat(Failures.of(tensor::strings).reason()).isEqualTo(Reason.TENSOR_INVALID);
  }

  @Test
  void packedNibbles_roundUp() {
    assertThat(ElementType.INT4.bytes(3)).isEqualTo(2);
    assertThat(Tensor.of("", ElementType.INT4, Shape.of(3), ByteBuffer.allocate(2)))
        .hasToString("INT4[3]");
  }
}
