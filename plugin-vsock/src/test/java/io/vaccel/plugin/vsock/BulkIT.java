package io.vaccel.plugin.vsock;

import static io.vaccel.plugin.vsock.Guests.await;
import static io.vaccel.plugin.vsock.Guests.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.vaccel.ElementType;
import io.vaccel.Reason;
import io.vaccel.Session;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is too large for a message travels in buffers, which never outlive their call. */
final class BulkIT {
  private static final int MIB = 1 << 20;

  @TempDir private Path directory;
  private FakeAgent agent;

  @BeforeEach
  void start() {
    agent = FakeAgent.start(directory.resolve("agent.sock"));
  }

  @AfterEach
  void stop() {
    agent.close();
  }

  @Test
  void smallInput_isInline() {
    try (Vaccel vaccel = Guests.at(agent.endpoint());
        Session session = vaccel.openSession()) {
      Tensor small = bytes(MIB);
      assertThat(session.echo(List.of(small)).tensors()).containsExactly(small);
      assertThat(agent.manners().count("WriteBuffer")).isZero();
    }
  }

  @Test
  void manySmallTensors_goInBuffersOnceTheMessageIsFull() {
    List<Tensor> tensors =
        List.of(bytes(600_000), bytes(600_000), bytes(300_000), bytes(600_000), bytes(0));
    try (Vaccel vaccel = Guests.at(agent.endpoint());
        Session session = vaccel.openSession()) {
      assertThat(session.echo(tensors).tensors()).isEqualTo(tensors);
      assertThat(agent.manners().count("WriteBuffer")).isEqualTo(2);
      assertThat(await(session.async().echo(tensors)).tensors()).isEqualTo(tensors);
      assertNoBuffers();
    }
  }

  @Test
  void largeResult_isOneDirectBuffer() {
    try (Vaccel vaccel = Guests.at(agent.endpoint());
        Session session = vaccel.openSession()) {
      Tensor large = bytes(5 * MIB + 3);
      Tensor back = session.echo(List.of(large)).tensors().get(0);
      assertThat(back).isEqualTo(large);
      assertThat(back.data().isDirect()).isTrue();
      assertNoBuffers();
    }
  }

  @Test
  void failedCall_releasesWhatWasSentAhead() {
    try (Vaccel vaccel = Guests.at(agent.endpoint());
        Session session = vaccel.openSession()) {
      CompletableFuture<Void> released = new CompletableFuture<>();
      agent.manners().before("ReleaseBuffer", () -> released.complete(null));
      agent.manners().fail("Echo", new VaccelException(Reason.ENGINE_FAILED, "out of luck"));
      VaccelException failure = failureOf(() -> session.echo(List.of(bytes(3 * MIB))));
      assertThat(failure.reason()).isEqualTo(Reason.ENGINE_FAILED);
      assertThat(failure).hasMessage("echo at " + agent.endpoint() + ": out of luck");
      await(released);
    }
    assertNoBuffers();
  }

  @Test
  void resultOverTheLimit_isRefusedBeforeItIsHeld_andReleased() {
    CompletableFuture<Void> released = new CompletableFuture<>();
    agent.manners().before("ReleaseBuffer", () -> released.complete(null));
    try (Vaccel vaccel = Guests.at(agent.endpoint(), ClientSettings.MAX_RESULT, "4000000");
        Session session = vaccel.openSession()) {
      VaccelException failure = failureOf(() -> session.echo(List.of(bytes(4 * MIB))));
      assertThat(failure.reason()).isEqualTo(Reason.QUOTA_EXCEEDED);
      assertThat(failure)
          .hasMessageContaining("4194304 bytes")
          .hasMessageContaining(ClientSettings.MAX_RESULT);
      await(released);
    }
  }

  @Test
  void limit_holdsForAllBuffersOfAResultTogether() {
    try (Vaccel vaccel = Guests.at(agent.endpoint(), ClientSettings.MAX_RESULT, "4000000");
        Session session = vaccel.openSession()) {
      List<Tensor> tensors = List.of(bytes(3 * MIB), bytes(3 * MIB));
      assertThat(failureOf(() -> session.echo(tensors)).reason()).isEqualTo(Reason.QUOTA_EXCEEDED);
    }
  }

  @Test
  void resultThatDoesNotFitItsTensor_isTheAgentsFault() {
    try (Vaccel vaccel = Guests.at(agent.endpoint());
        Session session = vaccel.openSession()) {
      agent
          .manners()
          .before(
              "Echo",
              () ->
                  agent
                      .sessions()
                      .all()
                      .get(0)
                      .buffers
                      .replaceAll((id, data) -> data.concat(ByteString.copyFromUtf8("more"))));
      VaccelException failure = failureOf(() -> session.echo(List.of(bytes(3 * MIB))));
      assertThat(failure.reason()).isEqualTo(Reason.INTERNAL);
      assertThat(failure).hasMessageContaining("the agent's answer is invalid: tensor");
    }
  }

  @Test
  void resultOfAnotherSizeThanTheInputTells_isTheAgentsFault() {
    try (Vaccel vaccel = Guests.at(agent.endpoint());
        Session session = vaccel.openSession()) {
      List<Tensor> tensors = List.of(bytes(100).named(FakeGenericService.CUT));
      for (VaccelException failure :
          List.of(
              failureOf(() -> session.echo(tensors)), failureOf(session.async().echo(tensors)))) {
        assertThat(failure.reason()).isEqualTo(Reason.INTERNAL);
        assertThat(failure)
            .hasMessageContaining(
                "the agent's answer is invalid: tensors[0] is UINT8[1], must be UINT8[100]");
      }
    }
  }

  private void assertNoBuffers() {
    assertThat(agent.sessions().all()).allMatch(session -> session.buffers.isEmpty());
  }

  private static Tensor bytes(int size) {
    byte[] values = new byte[size];
    new Random(size).nextBytes(values);
    return Tensor.of(
        "x", ElementType.UINT8, Shape.of(size), ByteBuffer.allocateDirect(size).put(values).flip());
  }
}
