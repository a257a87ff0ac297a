package io.vaccel.contract;

import static io.vaccel.contract.PluginContract.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.CallOptions;
import io.vaccel.Cancellation;
import io.vaccel.Echo;
import io.vaccel.ElementType;
import io.vaccel.Noop;
import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.Session;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.Vaccel;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a plugin promises that performs {@link Operations#NOOP} and {@link Operations#ECHO}. */
public interface EchoContract extends PluginContract {

  @Test
  default void noopAndEcho_areOffered() {
    try (Vaccel vaccel = open()) {
      PluginContract.assertOffered(vaccel, Operations.NOOP);
      PluginContract.assertOffered(vaccel, Operations.ECHO);
    }
  }

  @Test
  default void noop_saysWhereItRan() {
    try (Vaccel vaccel = open();
        Session session = vaccel.openSession()) {
      Noop.Done done = session.noop();
      assertThat(done.executedOn().plugin()).isNotBlank();
      assertThat(done.executedOn().device()).isNotBlank();
    }
  }

  @Test
  default void echo_returnsEveryElementType() {
    List<Tensor> tensors = new ArrayList<>();
    for (ElementType type : ElementType.values()) {
      if (type.isFixedSize()) {
        ByteBuffer data = random((int) type.bytes(2 * 3 * 5));
        tensors.add(Tensor.of("of " + type, type, Shape.of(2, 3, 5), data));
      }
    }
    List<byte[]> strings =
        List.of(new byte[0], "grüß dich".getBytes(StandardCharsets.UTF_8), new byte[] {0, -1, 10});
    tensors.add(Tensor.ofStrings("strings", Shape.of(3), strings));
    assertEchoes(tensors);
  }

  @Test
  default void echo_returnsOddShapes() {
    assertEchoes(
        List.of(
            Tensor.ofFloats("scalar", Shape.of(), Float.NaN),
            Tensor.ofFloats("empty", Shape.of(0, 1L << 40)),
            Tensor.ofFloats("", Shape.of(1, 1, 1, 1, 1, 1, 1, 1, 2), 1, -0.0f),
            Tensor.ofStrings("no strings", Shape.of(4, 0), List.of())));
    assertEchoes(List.of());
  }

  @Test
  default void echo_returnsWhatExceedsOneMessage() {
    Tensor direct =
        Tensor.of("direct", ElementType.UINT8, Shape.of(9, 1 << 20), random(9 * (1 << 20)));
    ByteBuffer heap = ByteBuffer.allocate(5 << 20).put(7, (byte) 7);
    assertEchoes(List.of(direct, Tensor.of("heap", ElementType.INT8, Shape.of(5 << 20), heap)));
  }

  @Test
  default void asynchronousCalls_giveTheSame() throws Exception {
    try (Vaccel vaccel = open();
        Session session = vaccel.openSession()) {
      assertThat(session.async().noop().get(30, TimeUnit.SECONDS).executedOn())
          .extracting(on -> on.plugin() + on.device() + on.path())
          .isEqualTo(
              session.noop().executedOn().plugin()
                  + session.noop().executedOn().device()
                  + session.noop().executedOn().path());
      Tensor tensor = Tensor.ofFloats("x", Shape.of(2), 1, 2);
      assertThat(session.async().echo(List.of(tensor)).get(30, TimeUnit.SECONDS).tensors())
          .containsExactly(tensor);
    }
  }

  @Test
  default void manyCallsAtOnce_eachGetTheirOwnAnswer() throws Exception {
    try (Vaccel vaccel = open();
        Session first = vaccel.openSession();
        Session second = vaccel.openSession()) {
      List<CompletableFuture<Echo.Reply>> replies = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        Session session = i % 2 == 0 ? first : second;
        replies.add(session.async().echo(List.of(Tensor.ofFloats("n", Shape.of(1), i))));
      }
      for (int i = 0; i < replies.size(); i++) {
        assertThat(replies.get(i).get(60, TimeUnit.SECONDS).tensors().get(0).floats())
            .containsExactly(i);
      }
    }
  }

  @Test
  default void cancelledCall_isNotDone() {
    Cancellation cancellation = new Cancellation();
    cancellation.cancel();
    try (Vaccel vaccel = open();
        Session session = vaccel.openSession()) {
      CallOptions options = CallOptions.defaults().with(cancellation);
      assertThat(failureOf(() -> session.call(Operations.NOOP, new Noop(), options)).reason())
          .isEqualTo(Reason.CANCELLED);
      assertThat(session.noop()).isNotNull();
    }
  }

  @Test
  default void passedDeadline_isReported() {
    try (Vaccel vaccel = open();
        Session session = vaccel.openSession()) {
      CallOptions options = PluginContract.tooShort();
      assertThat(failureOf(() -> session.call(Operations.NOOP, new Noop(), options)).reason())
          .isEqualTo(Reason.DEADLINE_EXCEEDED);
      CallOptions enough = CallOptions.within(Duration.ofSeconds(30));
      assertThat(session.call(Operations.NOOP, new Noop(), enough)).isNotNull();
    }
  }

  private void assertEchoes(List<Tensor> tensors) {
    try (Vaccel vaccel = open();
        Session session = vaccel.openSession()) {
      assertThat(session.echo(tensors).tensors()).isEqualTo(tensors);
    }
  }

  private static ByteBuffer random(int bytes) {
    byte[] values = new byte[bytes];
    new Random(bytes).nextBytes(values);
    return ByteBuffer.allocateDirect(bytes).put(values).flip();
  }
}
