package io.vaccel.wire;

import io.vaccel.Argument;
import io.vaccel.ArgumentType;
import io.vaccel.ElementType;
import io.vaccel.ExecutedOn;
import io.vaccel.Shape;
import io.vaccel.Stage;
import io.vaccel.Tensor;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Arbitrary values of the runtime's types. */
final class Samples {
  private Samples() {}

  static Arbitrary<Tensor> tensors() {
    Arbitrary<long[]> shapes = Arbitraries.longs().between(0, 5).array(long[].class).ofMaxSize(4);
    Arbitrary<String> names = Arbitraries.strings().ofMaxLength(20);
    return Combinators.combine(
            names, Arbitraries.of(ElementType.class), shapes, Arbitraries.longs())
        .as(Samples::tensor);
  }

  static Arbitrary<Argument> arguments() {
    return Combinators.combine(
            Arbitraries.of(ArgumentType.class),
            Arbitraries.integers().between(0, 9),
            Arbitraries.integers(),
            Arbitraries.longs())
        .as(Samples::argument);
  }

  static Arbitrary<ExecutedOn> executions() {
    Arbitrary<Stage> stages =
        Combinators.combine(
                Arbitraries.strings().alpha().ofMaxLength(10),
                Arbitraries.longs().between(0, Long.MAX_VALUE))
            .as((name, nanos) -> new Stage(name, Duration.ofNanos(nanos)));
    return Combinators.combine(
            Arbitraries.strings().ofMaxLength(10),
            Arbitraries.strings().ofMaxLength(10),
            Arbitraries.strings().ofMaxLength(10).list().ofMaxSize(3),
            stages.list().ofMaxSize(5))
        .as(ExecutedOn::new);
  }

  private static Tensor tensor(String name, ElementType type, long[] dimensions, long seed) {
    Shape shape = Shape.of(dimensions);
    Random random = new Random(seed);
    if (!type.isFixedSize()) {
      List<byte[]> values = new ArrayList<>();
      for (long i = 0; i < shape.elements(); i++) {
        values.add(bytes(random, random.nextInt(9)));
      }
      return Tensor.ofStrings(name, shape, values);
    }
    byte[] data = bytes(random, (int) type.bytes(shape.elements()));
    return Tensor.of(name, type, shape, ByteBuffer.wrap(data));
  }

  private static Argument argument(ArgumentType type, int count, int customTypeId, long seed) {
    if (type == ArgumentType.STRING) {
      return Argument.ofString(Long.toString(seed));
    }
    byte[] data = bytes(new Random(seed), type.elementBytes() * (type.isMany() ? count : 1));
    return new Argument(
        type, type == ArgumentType.CUSTOM ? customTypeId : 0, ByteBuffer.wrap(data));
  }

  private static byte[] bytes(Random random, int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }
}
