package io.vaccel.plugin.vsock;

import static io.vaccel.plugin.vsock.Guests.await;
import static io.vaccel.plugin.vsock.Guests.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.CallOptions;
import io.vaccel.Echo;
import io.vaccel.ElementType;
import io.vaccel.Noop;
import io.vaccel.Operation;
import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.RegisteredResource;
import io.vaccel.Result;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.plugin.vsock.FakeManners.Stalled;
import io.vaccel.spi.Call;
import io.vaccel.spi.Plugin;
import io.vaccel.spi.PluginSession;
import io.vaccel.spi.SessionContext;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small calls wait for the agent without a thread; only bulk takes one of the call's executor. */
final class AsynchronousIT {
  private static final Executor NONE =
      work -> {
        throw new RejectedExecutionException("no thread for this");
      };

  @TempDir private Path directory;
  private FakeAgent agent;
  private Plugin plugin;
  private PluginSession session;

  @BeforeEach
  void start() {
    agent = FakeAgent.start(directory.resolve("agent.sock"));
    plugin = Guests.plugin(agent.endpoint());
    plugin.capabilities();
    session = plugin.openSession(new NoContext());
    session.perform(Operations.NOOP, new Noop(), on(NONE));
  }

  @AfterEach
  void stop() {
    session.close();
    plugin.close();
    agent.close();
  }

  @Test
  void smallCalls_needNoThread() {
    List<Stalled> stalled = new ArrayList<>();
    List<CompletableFuture<Noop.Done>> calls = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      stalled.add(agent.manners().stall("Noop"));
      calls.add(session.submit(Operations.NOOP, new Noop(), on(NONE)));
    }
    stalled.forEach(call -> await(call.begun()));
    assertThat(calls).noneMatch(CompletableFuture::isDone);
    assertThat(await(session.submit(Operations.NOOP, new Noop(), on(NONE)))).isNotNull();
  }

  @Test
  void whatFollowsACall_canMakeAnother() {
    CompletableFuture<Noop.Done> second =
        session
            .submit(Operations.NOOP, new Noop(), on(NONE))
            .thenCompose(first -> session.submit(Operations.NOOP, new Noop(), on(NONE)));
    assertThat(await(second)).isNotNull();
  }

  @Test
  void bulkInput_takesAThread() {
    Echo echo = new Echo(List.of(bytes(2 << 20)));
    assertThat(failureOf(session.submit(Operations.ECHO, echo, on(NONE))).reason())
        .isEqualTo(Reason.QUOTA_EXCEEDED);
    assertThat(await(session.submit(Operations.ECHO, echo, on(Runnable::run))).tensors())
        .isEqualTo(echo.tensors());
  }

  @Test
  void bulkResult_takesAThread_andIsReleasedWhenThereIsNone() {
    // Each is sent inline; what comes back is too large for one message.
    Echo echo = new Echo(List.of(bytes(500_000), bytes(500_000), bytes(48_570)));
    CompletableFuture<Void> released = new CompletableFuture<>();
    agent.manners().before("ReleaseBuffer", () -> released.complete(null));
    agent.inlineBytes(10);
    assertThat(failureOf(session.submit(Operations.ECHO, echo, on(NONE))).reason())
        .isEqualTo(Reason.QUOTA_EXCEEDED);
    assertThat(agent.manners().count("Echo")).isEqualTo(1);
    await(released);
    List<Thread> workers = new ArrayList<>();
    Executor executor =
        work -> {
          Thread worker = new Thread(work, "worker");
          workers.add(worker);
          worker.start();
        };
    assertThat(await(session.submit(Operations.ECHO, echo, on(executor))).tensors())
        .isEqualTo(echo.tensors());
    assertThat(workers).hasSize(1);
  }

  @Test
  void forgottenSession_takesAThreadToOpenAnother() {
    agent.sessions().loseAll();
    assertThat(failureOf(session.submit(Operations.NOOP, new Noop(), on(NONE))).reason())
        .isEqualTo(Reason.QUOTA_EXCEEDED);
    assertThat(await(session.submit(Operations.NOOP, new Noop(), on(Runnable::run)))).isNotNull();
    assertThat(await(session.submit(Operations.NOOP, new Noop(), on(NONE)))).isNotNull();
  }

  private static Call on(Executor executor) {
    return Call.start(CallOptions.defaults(), executor);
  }

  private static Tensor bytes(int size) {
    return Tensor.of("x", ElementType.UINT8, Shape.of(size), ByteBuffer.allocate(size));
  }

  /** The plugin never calls back. */
  private static final class NoContext implements SessionContext {
    @Override
    public String sessionId() {
      return "test";
    }

    @Override
    public Optional<RegisteredResource> resource(long resourceId) {
      return Optional.empty();
    }

    @Override
    public <I, O extends Result> O perform(Operation<I, O> operation, I input, Call call) {
      throw new AssertionError("called back for " + operation);
    }
  }
}
