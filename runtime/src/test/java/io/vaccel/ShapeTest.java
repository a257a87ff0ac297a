package io.vaccel;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ShapeTest {
  private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);

  @Property
  void anyDimensions_areCountedExactly_orRefused(@ForAll @Size(max = 40) long[] dimensions) {
    boolean negative = Arrays.stream(dimensions).anyMatch(dimension -> dimension < 0);
    BigInteger product =
        Arrays.stream(dimensions)
            .mapToObj(dimension -> BigInteger.valueOf(Math.max(1, dimension)))
            .reduce(BigInteger.ONE, BigInteger::multiply);
    if (dimensions.length > Shape.MAX_RANK || negative || product.compareTo(MAX) > 0) {
      assertThat(Failures.of(() -> Shape.of(dimensions)).reason()).isEqualTo(Reason.TENSOR_INVALID);
    } else {
      assertCounts(dimensions);
    }
  }

  @Property
  void smallDimensions_areCounted(
      @ForAll @Size(max = 6) List<@LongRange(min = 0, max = 1000) Long> dimensions) {
    assertCounts(dimensions.stream().mapToLong(Long::longValue).toArray());
  }

  @Property
  void productAroundTheLimit_isRefusedExactlyBeyondIt(
      @ForAll @LongRange(min = 1) long first, @ForAll @LongRange(min = 1) long second) {
    BigInteger product = BigInteger.valueOf(first).multiply(BigInteger.valueOf(second));
    if (product.compareTo(MAX) > 0) {
      assertThat(Failures.of(() -> Shape.of(first, second)))
          .hasMessageContaining("more than 2^63-1 elements");
    } else {
      assertThat(Shape.of(first, second).elements()).isEqualTo(product.longValueExact());
    }
  }

  private static void assertCounts(long[] dimensions) {
    Shape shape = Shape.of(dimensions);
    long expected = 1;
    for (long dimension : dimensions) {
      expected *= dimension;
    }
    assertThat(shape.elements()).isEqualTo(expected);
    assertThat(shape.dimensions()).isEqualTo(dimensions);
    assertThat(shape).isEqualTo(Shape.of(dimensions)).hasSameHashCodeAs(Shape.of(dimensions));
  }

  @Test
  void scalar_hasOneElement() {
    assertThat(Shape.of().elements()).isOne();
    assertThat(Shape.of().rank()).isZero();
  }

  @Test
  void negativeDimension_isNamed() {
    assertThat(Failures.of(() -> Shape.of(1, -7))).hasMessage("shape[1] is negative: -7");
  }

  @Test
  void tooManyDimensions_areRefused() {
    assertThat(Failures.of(() -> Shape.of(new long[33])))
        .hasMessage("shape has rank 33, the limit is 32");
  }

  @Test
  void laterChangesOfTheArray_doNotReachTheShape() {
    long[] dimensions = {2, 3};
    Shape shape = Shape.of(dimensions);
    dimensions[0] = 9;
    shape.dimensions()[1] = 9;
    assertThat(shape).hasToString("[2, 3]");
  }
}
