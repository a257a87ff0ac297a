package io.vaccel.backend.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vaccel.CallOptions;
import io.vaccel.ElementType;
import io.vaccel.Reason;
import io.vaccel.TensorInfo;
import io.vaccel.VaccelException;
import io.vaccel.spi.Call;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Sizes at each boundary; what they add up to is checked with numbers that cannot overflow. */
final class OutputLimitTest {
  private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);

  @Property(tries = 1000)
  void outputsUpToTheLimit_areTaken_andOneByteMoreIsNot(
      @ForAll @IntRange(min = 1) int bytes, @ForAll @IntRange(max = 40) int before) {
    OutputLimit limit = new OutputLimit((long) bytes * (before + 1));
    OutputLimit.Tally tally = limit.tally();
    for (int i = 0; i < before; i++) {
      tally.add("x", bytes);
    }
    if (bytes < Integer.MAX_VALUE) {
      assertRefused(tally, bytes + 1L, limit.bytes(), limit.bytes() + 1);
    }
    tally.add("y", bytes - 1);
    assertRefused(tally, 2, limit.bytes(), limit.bytes() + 1);
    tally.add("y", 1);
    tally.add("y", 0);
    assertRefused(tally, 1, limit.bytes(), limit.bytes() + 1);
  }

  @Property(tries = 2000)
  void outputsOfAnySize_areTaken_unlessTogetherOrAloneTooLarge(
      @ForAll("sizes") long limit, @ForAll("listsOfSizes") List<Long> outputs) {
    OutputLimit.Tally tally = new OutputLimit(limit).tally();
    BigInteger sum = BigInteger.ZERO;
    for (long bytes : outputs) {
      sum = sum.add(BigInteger.valueOf(bytes));
      if (sum.compareTo(BigInteger.valueOf(limit)) > 0) {
        assertRefused(tally, bytes, limit, sum.min(MOST).longValueExact());
        return;
      }
      if (bytes > Integer.MAX_VALUE) {
        assertRefused(tally, bytes, Integer.MAX_VALUE, bytes);
        return;
      }
      tally.add("y", bytes);
    }
  }

  @Example
  void outputsOfACall_takeItsMemory_butForWhatIsTaken_orOnlyKnown() {
    List<Long> taken = new ArrayList<>();
    Call call = Call.start(CallOptions.defaults().with(taken::add), Runnable::run);
    OutputLimit.Tally tally = new OutputLimit(100).tally(call);
    tally.add("x", 10);
    tally.addTaken("y", 20);
    tally.addStrings("z", 2, 5);
    assertRefused(tally, 58, 100, 101);
    new OutputLimit(100).tally().add("x", 30);
    assertThat(taken).containsExactly(10L, 13L);
  }

  @Property(tries = 5000)
  void sizeThatTheModelTells_isItsBytes_orTooManyForAnyLimit(
      @ForAll ElementType type, @ForAll("listsOfSizes") List<Long> dimensions) {
    BigInteger elements =
        dimensions.stream().map(BigInteger::valueOf).reduce(BigInteger.ONE, BigInteger::multiply);
    BigInteger bits =
        elements.multiply(BigInteger.valueOf(type.isFixedSize() ? type.bits() : Integer.SIZE));
    long known = OutputLimit.known(new TensorInfo("y", type, dimensions));

    if (bits.add(BigInteger.valueOf(7)).compareTo(MOST) > 0) {
      assertThat(known).isEqualTo(Long.MAX_VALUE);
      OutputLimit none = new OutputLimit(Long.MAX_VALUE);
      assertRefused(none.tally(), known, Integer.MAX_VALUE, known);
    } else {
      assertThat(known).isEqualTo(ceilingOfBytes(bits));
    }
  }

  @Property(tries = 2000)
  void strings_areCountedWithTheirLengths(
      @ForAll("sizes") long limit, @ForAll("sizes") long count, @ForAll("sizes") long bytes) {
    BigInteger all = BigInteger.valueOf(count).shiftLeft(2).add(BigInteger.valueOf(bytes));
    BigInteger most = BigInteger.valueOf(Math.min(limit, Integer.MAX_VALUE));
    OutputLimit.Tally tally = new OutputLimit(limit).tally();

    if (all.compareTo(most) <= 0) {
      assertThat(tally.addStrings("y", count, bytes)).isEqualTo(all.intValueExact());
    } else {
      VaccelException failure =
          catchThrowableOfType(VaccelException.class, () -> tally.addStrings("y", count, bytes));
      boolean any = count > Long.MAX_VALUE >> 5;
      assertThat(failure.details()).containsEntry("amount", "" + (any ? MOST : all.min(MOST)));
    }
  }

  @Property(tries = 500)
  void sizeThatTheModelLeavesOpen_isNotKnown(
      @ForAll ElementType type,
      @ForAll("listsOfSizes") List<Long> dimensions,
      @ForAll @IntRange(min = Integer.MIN_VALUE, max = -1) int open,
      @ForAll @IntRange(max = 5) int at) {
    dimensions.add(Math.min(at, dimensions.size()), (long) open);

    assertThat(OutputLimit.known(new TensorInfo("y", type, dimensions))).isZero();
  }

  @Provide
  Arbitrary<Long> sizes() {
    return Arbitraries.oneOf(
        Arbitraries.longs().between(0, 9),
        Arbitraries.longs().between(0, Long.MAX_VALUE),
        Arbitraries.of(7, 8, 15, 16, 30, 31, 32, 33, 55, 56, 57, 60, 61, 62)
            .flatMap(power -> Arbitraries.longs().between((1L << power) - 1, (1L << power) + 1)),
        Arbitraries.of(Long.MAX_VALUE - 1, Long.MAX_VALUE));
  }

  @Provide
  Arbitrary<List<Long>> listsOfSizes() {
    return sizes().list().ofMaxSize(5);
  }

  private static long ceilingOfBytes(BigInteger bits) {
    return bits.add(BigInteger.valueOf(7)).shiftRight(3).longValueExact();
  }

  private static void assertRefused(OutputLimit.Tally tally, long more, long limit, long amount) {
    VaccelException failure =
        catchThrowableOfType(VaccelException.class, () -> tally.add("y", more));
    assertThat(failure).as("%s bytes more", more).isNotNull();
    assertThat(failure.reason()).isEqualTo(Reason.QUOTA_EXCEEDED);
    assertThat(failure.details())
        .containsEntry("limit", "" + limit)
        .containsEntry("amount", "" + amount);
    assertThat(failure).hasMessageContainingAll("'y'", amount + " bytes, the limit is " + limit);
  }
}
