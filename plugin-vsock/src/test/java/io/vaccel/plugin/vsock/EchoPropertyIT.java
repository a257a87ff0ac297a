package io.vaccel.plugin.vsock;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.ElementType;
import io.vaccel.Session;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.Vaccel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever tensors go to the agent, the same come back, inline or in buffers. */
final class EchoPropertyIT {
  private static Path directory;
  private static FakeAgent agent;
  private static Vaccel vaccel;
  private static Session session;

  private EchoPropertyIT() {}

  @BeforeContainer
  static void start() throws IOException {
    directory = Files.createTempDirectory("echo");
    agent = FakeAgent.start(directory.resolve("agent.sock"));
    vaccel = Guests.at(agent.endpoint());
    session = vaccel.openSession();
  }

  @AfterContainer
  static void stop() throws IOException {
    vaccel.close();
    agent.close();
    Files.deleteIfExists(directory.resolve("agent.sock"));
    Files.delete(directory);
  }

  @Property(tries = 60)
  void tensors_comeBackAsTheyWere(@ForAll("tensors") List<Tensor> tensors) {
    // Small limits, so that few bytes suffice to go both ways.
    agent.inlineBytes(2_000);
    assertThat(session.echo(tensors).tensors()).isEqualTo(tensors);
    assertThat(agent.sessions().all()).allMatch(open -> open.buffers.isEmpty());
  }

  @Provide
  static Arbitrary<List<Tensor>> tensors() {
    return Arbitraries.oneOf(fixed(), strings()).list().ofMaxSize(6);
  }

  private static Arbitrary<Tensor> fixed() {
    Arbitrary<ElementType> type =
        Arbitraries.of(ElementType.class).filter(ElementType::isFixedSize);
    Arbitrary<List<Integer>> shape = Arbitraries.integers().between(0, 9).list().ofMaxSize(4);
    Arbitrary<Boolean> direct = Arbitraries.of(true, false);
    return Combinators.combine(names(), type, shape, direct, Arbitraries.longs())
        .as(EchoPropertyIT::random);
  }

  private static Tensor random(
      String name, ElementType type, List<Integer> dimensions, boolean direct, long seed) {
    Shape shape = Shape.of(dimensions.stream().mapToLong(Integer::longValue).toArray());
    byte[] bytes = new byte[(int) type.bytes(shape.elements())];
    new Random(seed).nextBytes(bytes);
    ByteBuffer data =
        direct ? ByteBuffer.allocateDirect(bytes.length).put(bytes).flip() : ByteBuffer.wrap(bytes);
    return Tensor.of(name, type, shape, data);
  }

  private static Arbitrary<Tensor> strings() {
    Arbitrary<byte[]> text = Arbitraries.bytes().array(byte[].class).ofMaxSize(40);
    return Combinators.combine(names(), text.list().ofMaxSize(8))
        .as(
            (name, values) ->
                Tensor.ofStrings(name, Shape.of(values.size()), new ArrayList<>(values)));
  }

  private static Arbitrary<String> names() {
    return Arbitraries.strings().alpha().ofMaxLength(12);
  }
}
