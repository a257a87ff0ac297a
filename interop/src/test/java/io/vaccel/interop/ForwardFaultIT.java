package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.vaccel.ErrorCode;
import io.vaccel.Settings;
import io.vaccel.Vaccel;
import io.vaccel.transport.Channels;
import io.vaccel.transport.Endpoint;
import io.vaccel.v1.AgentServiceGrpc;
import io.vaccel.v1.GetAgentInfoRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code vaccel-guest forward} whose agent is killed, and started again, while clients work. */
final class ForwardFaultIT {
  private static final int CALLERS = 40;
  private static final int GUESTS = 2;
  private static final int LIVES = 2;

  /** Threads that a JVM starts and ends as it pleases: compilers, the collector's. */
  private static final int THREADS_OF_THE_JVM = 4;

  @TempDir Path directory;

  @Test
  void agentKilledUnderLoad_isUnavailable_andNothingLeaks() throws Exception {
    String unix = unix("f.sock");
    try (RunningProgram forwarder = forwarder(unix);
        Agents agents = new Agents()) {
      String tcp = forwarder.log().replaceAll("(?s).*endpoint=(tcp:127.0.0.1:\\d+).*", "$1");
      agents.start();
      try (Load<Status.Code> load = callers(unix, tcp)) {
        load.awaitResults();
      }
      awaitIdle(forwarder);
      long descriptors = forwarder.descriptors();
      long threads = forwarder.threads();

      try (Vaccel vaccel =
              Vaccel.builder()
                  .set(Settings.PLUGINS, "vsock")
                  .set(Settings.RPC_ADDRESS, unix)
                  .load();
          Load<Status.Code> callers = callers(unix, tcp);
          Load<ErrorCode> guests = new Load<>(GUESTS, () -> new ClassifyingGuest(vaccel))) {
        for (int life = 0; life < LIVES; life++) {
          callers.awaitResults();
          guests.awaitResults();
          CompletableFuture<Void> unavailable = callers.nextError(Status.Code.UNAVAILABLE);
          CompletableFuture<Void> guestSaw = guests.nextError(ErrorCode.UNAVAILABLE);
          agents.kill();
          callers.await(unavailable);
          guests.await(guestSaw);
          agents.start();
        }
        callers.awaitResults();
        guests.awaitResults();
        assertThat(callers.errors()).containsOnly(Status.Code.UNAVAILABLE);
        assertThat(guests.errors()).isSubsetOf(ErrorCode.UNAVAILABLE, ErrorCode.DEADLINE_EXCEEDED);
      }

      awaitIdle(forwarder);
      forwarder.await("closes what it opened", () -> forwarder.descriptors() <= descriptors);
      assertThat(forwarder.threads()).isLessThanOrEqualTo(threads + THREADS_OF_THE_JVM);
      // One line when the agent ceases to answer and one when it answers again, not one a client.
      assertThat(forwarder.log().lines().filter(line -> line.contains("answer")).count())
          .isBetween(2L, 2L * (LIVES + 1));
      assertThat(forwarder.stop()).isZero();
    }
  }

  private String unix(String name) {
    return "unix:" + directory.resolve(name);
  }

  private RunningProgram forwarder(String unix) {
    return new RunningProgram(
        directory,
        Map.of(),
        List.of(
            Programs.GUEST.toString(),
            "forward",
            "--listen",
            unix,
            "--listen",
            "tcp:127.0.0.1:0",
            "--agent",
            unix("agent.sock")));
  }

  private static Load<Status.Code> callers(String... endpoints) {
    AtomicInteger next = new AtomicInteger();
    return new Load<>(
        CALLERS,
        () -> new Caller(Endpoint.parse(endpoints[next.getAndIncrement() % endpoints.length])));
  }

  /** Waits until the forwarder says that it carries no connection any more. */
  private static void awaitIdle(RunningProgram forwarder) {
    forwarder.await(
        "carries nothing",
        () -> {
          forwarder.signal("USR1");
          String log = forwarder.log();
          int last = log.lastIndexOf("carrying ");
          return last >= 0 && log.startsWith("carrying open=0", last);
        });
  }

  /** One agent at a time, at the place where the forwarder looks for it. */
  private final class Agents implements AutoCloseable {
    private Optional<RunningAgent> running = Optional.empty();

    void start() {
      running = Optional.of(RunningAgent.start(directory, unix("agent.sock")));
    }

    void kill() {
      running.orElseThrow().kill();
    }

    @Override
    public void close() {
      running.ifPresent(RunningAgent::close);
    }
  }

  /** A program that knows plain gRPC only, with a connection of its own. */
  private static final class Caller implements Load.Client<Status.Code> {
    private static final long DEADLINE_SECONDS = 60;
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Endpoint endpoint;
    private final ManagedChannel channel;

    Caller(Endpoint endpoint) {
      this.endpoint = endpoint;
      channel = Channels.open(endpoint);
    }

    @Override
    public Optional<Status.Code> call() {
      try {
        AgentServiceGrpc.newBlockingStub(channel)
            .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
            .getAgentInfo(GetAgentInfoRequest.getDefaultInstance());
        return Optional.empty();
      } catch (StatusRuntimeException e) {
        assertThat(e.getStatus().getDescription()).contains(endpoint.toString());
        // As a client would, instead of asking again at once.
        LockSupport.parkNanos(PAUSE.toNanos());
        return Optional.of(e.getStatus().getCode());
      }
    }

    @Override
    public void close() {
      channel.shutdownNow();
    }
  }
}
