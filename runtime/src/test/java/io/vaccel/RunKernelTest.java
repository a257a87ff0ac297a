package io.vaccel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sizes, names and arguments of kernels are checked before any driver sees them. */
final class RunKernelTest {
  private static final String SOURCE = "kernel void k() {}";

  @Provide
  Arbitrary<List<Long>> sizes() {
    return Arbitraries.oneOf(
            Arbitraries.longs().between(-1, 6),
            Arbitraries.of(1L << 31, 1L << 32, 1L << 62, Long.MAX_VALUE, Long.MIN_VALUE))
        .list()
        .ofMaxSize(4);
  }

  @Property(tries = 3000)
  void workSizes_areWhatADeviceCanDo_orTheirFieldIsNamed(
      @ForAll("sizes") List<Long> global, @ForAll("sizes") List<Long> local) {
    if (!items(global)) {
      refused("global_size", kernel(global, local), "local_size", local.size() != global.size());
    } else if (!divides(local, global)) {
      refused("local_size", kernel(global, local), "", false);
    } else {
      RunKernel made = kernel(global, local).make();
      assertThat(made.workItems()).isEqualTo(global.stream().reduce(1L, (a, b) -> a * b));
    }
  }

  private interface Making {
    RunKernel make();
  }

  private static Making kernel(List<Long> global, List<Long> local) {
    return () -> new RunKernel(SOURCE, "k", List.of(), global, local);
  }

  /** The field, or the other one where both are wrong. */
  private static void refused(String field, Making making, String other, boolean orOther) {
    VaccelException failure = Failures.of(making::make);
    assertThat(failure.reason()).isEqualTo(Reason.ARGUMENT_INVALID);
    assertThat(failure.details().get(VaccelException.FIELD)).isIn(field, orOther ? other : field);
  }

  /** One to three sizes above 0 whose product has 63 bits. */
  private static boolean items(List<Long> global) {
    if (global.isEmpty() || global.size() > 3 || global.stream().anyMatch(size -> size < 1)) {
      return false;
    }
    return global.stream()
            .map(java.math.BigInteger::valueOf)
            .reduce(java.math.BigInteger.ONE, java.math.BigInteger::multiply)
            .bitLength()
        <= 63;
  }

  private static boolean divides(List<Long> local, List<Long> global) {
    if (!local.isEmpty() && local.size() != global.size()) {
      return false;
    }
    for (int i = 0; i < local.size(); i++) {
      if (local.get(i) < 1 || global.get(i) % local.get(i) != 0) {
        return false;
      }
    }
    return true;
  }

  @Property(tries = 500)
  void memory_isOneBuffer_orItsFieldIsNamed(@ForAll long bytes) {
    for (long size : new long[] {bytes, bytes % 4, Integer.MAX_VALUE + bytes % 4}) {
      if (size >= 1 && size <= Integer.MAX_VALUE) {
        assertThat(new KernelArgument.Output(size).bytes()).isEqualTo(size);
        assertThat(new KernelArgument.Local(size).bytes()).isEqualTo(size);
      } else {
        assertThat(field(() -> new KernelArgument.Output(size))).isEqualTo("output_bytes");
        assertThat(field(() -> new KernelArgument.Local(size))).isEqualTo("local_bytes");
      }
    }
  }

  @Test
  void emptyAndLargeArguments_areNamed() {
    ByteBuffer none = ByteBuffer.allocate(0);
    assertThat(field(() -> new KernelArgument.Input(none))).isEqualTo("input");
    assertThat(field(() -> new KernelArgument.InputOutput(none))).isEqualTo("input_output");
    assertThat(field(() -> new KernelArgument.Scalar(none))).isEqualTo("scalar");
    ByteBuffer large = ByteBuffer.allocate(KernelArgument.MAX_SCALAR_BYTES + 1);
    assertThat(field(() -> new KernelArgument.Scalar(large))).isEqualTo("scalar");
    List<KernelArgument> many =
        Collections.nCopies(RunKernel.MAX_ARGUMENTS + 1, KernelArgument.Scalar.of(1));
    assertThat(field(() -> new RunKernel(SOURCE, "k", many, List.of(1L), List.of())))
        .isEqualTo("arguments");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "1k", "k k", "k\0", "../k", "k;"})
  void whatIsNoName_isNamed(String kernel) {
    assertThat(field(() -> new RunKernel(SOURCE, kernel, List.of(), List.of(1L), List.of())))
        .isEqualTo("kernel");
  }

  @Test
  void source_hasALimit() {
    for (String source : List.of("", " \n", "k\0", "x".repeat(RunKernel.MAX_SOURCE_LENGTH + 1))) {
      assertThat(field(() -> new RunKernel(source, "k", List.of(), List.of(1L), List.of())))
          .isEqualTo("source");
    }
  }

  private static String field(org.assertj.core.api.ThrowableAssert.ThrowingCallable making) {
    return Failures.of(making).details().get(VaccelException.FIELD);
  }
}
