package io.vaccel.backend.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vaccel.ElementType;
import io.vaccel.Reason;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.VaccelException;
import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

final class StringMemoryTest {
  @Property(tries = 200)
  void stringsOfAllRuns_areTakenUpToTheLimit_andNoneMore(
      @ForAll @IntRange(max = 50) int first,
      @ForAll @IntRange(min = 1, max = 50) int second,
      @ForAll @IntRange(max = 1000) int left) {
    long wanted = cost(first) + cost(second);
    StringMemory memory = new StringMemory(wanted + left);
    StringMemory.Taken taken = memory.take(List.of(numbers(), empties("x", first)));
    try (StringMemory.Taken both = memory.take(List.of(empties("y", second)))) {
      assertThat(both).isNotNull();
      int more = left / (StringMemory.EACH + Integer.BYTES) + 1;
      VaccelException failure = refused(memory, numbers(), empties("z", more));
      assertThat(failure.details())
          .containsEntry("field", "inputs[\"z\"]")
          .containsEntry("limit", "" + (wanted + left))
          .containsEntry("amount", "" + (wanted + cost(more)));
      assertThat(failure).hasMessageContaining("inputs[\"z\"] has " + more + " strings");
    }
    memory.take(List.of(empties("y", second))).close();
    taken.close();
    memory.take(List.of(empties("x", first), empties("y", second))).close();
  }

  @Property(tries = 20)
  void oneStringIsCountedWithItsBytes(@ForAll @IntRange(max = 2000) int length) {
    StringMemory memory = new StringMemory(StringMemory.EACH + Integer.BYTES + 1000);
    Tensor text = Tensor.ofStrings("", Shape.of(), List.of(new byte[length]));
    if (length > 1000) {
      assertThat(refused(memory, text).details()).containsEntry("field", "inputs[0]");
    } else {
      memory.take(List.of(text)).close();
    }
  }

  @Property(tries = 1)
  void otherTensorsTakeNothing() {
    new StringMemory(1).take(List.of(numbers(), empties("x", 0))).close();
  }

  private static VaccelException refused(StringMemory memory, Tensor... inputs) {
    VaccelException failure =
        catchThrowableOfType(VaccelException.class, () -> memory.take(List.of(inputs)));
    assertThat(failure).isNotNull();
    assertThat(failure.reason()).isEqualTo(Reason.QUOTA_EXCEEDED);
    return failure;
  }

  private static long cost(int strings) {
    return (long) strings * (StringMemory.EACH + Integer.BYTES);
  }

  private static Tensor numbers() {
    return Tensor.ofFloats("n", Shape.of(3), 1, 2, 3);
  }

  private static Tensor empties(String name, int count) {
    ByteBuffer none = ByteBuffer.allocate(count * Integer.BYTES);
    return Tensor.of(name, ElementType.STRING, Shape.of(count), none);
  }
}
