package io.vaccel.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.vaccel.transport.Endpoint;
import io.vaccel.v1.AgentServiceGrpc;
import io.vaccel.v1.GetAgentInfoRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent is killed under load and comes back. */
class KilledAgentIT {
  private static final int CLIENTS = 32;

  /** gRPC's pauses between attempts grow from one second to more than ten in such a time. */
  private static final Duration LONG = Duration.ofMinutes(2);

  @TempDir Path directory;

  @Test
  void clients_getAClearStatus_andComeBackByThemselvesAtDifferentTimes() throws Exception {
    Endpoint endpoint = Endpoint.parse("unix:" + directory.resolve("a.sock"));
    List<Client> clients = new ArrayList<>();
    try (AgentProcess first = start(endpoint)) {
      first.awaitLine("ready ");
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(new Client(endpoint));
      }
      Eventually.isTrue(
          "all are served", LONG, () -> clients.stream().allMatch(c -> c.answers.get() > 3));
      first.kill();
      Eventually.isTrue(
          "all have noticed",
          LONG,
          () -> clients.stream().allMatch(client -> !client.failures.isEmpty()));
    }
    long[] served = clients.stream().mapToLong(client -> client.answers.get()).toArray();
    try (AgentProcess second = start(endpoint)) {
      second.awaitLine("ready ");
      for (int i = 0; i < CLIENTS; i++) {
        Client client = clients.get(i);
        long before = served[i];
        Eventually.isTrue("it is served again", LONG, () -> client.answers.get() > before + 3);
      }
      assertThat(clients)
          .allSatisfy(
              client -> assertThat(client.failures).containsExactly(Status.Code.UNAVAILABLE));
      // The pauses between attempts are jittered: they do not come all at once.
      long earliest =
          clients.stream().mapToLong(client -> client.backNanos.get()).min().orElseThrow();
      long last = clients.stream().mapToLong(client -> client.backNanos.get()).max().orElseThrow();
      assertThat(TimeUnit.NANOSECONDS.toMillis(last - earliest)).isGreaterThan(50);
      second.stop();
      assertThat(second.exitCode()).isZero();
    } finally {
      for (Client client : clients) {
        client.close();
      }
    }
  }

  private AgentProcess start(Endpoint endpoint) throws Exception {
    return AgentProcess.start(
        "--listen", endpoint.toString(), "--state", directory.resolve("state").toString());
  }

  /** Calls without a pause, on a channel of its own, until it is closed. */
  private static final class Client implements AutoCloseable {
    final AtomicLong answers = new AtomicLong();
    final Set<Status.Code> failures = ConcurrentHashMap.newKeySet();

    /** When it was served for the first time after a failure. */
    final AtomicLong backNanos = new AtomicLong();

    private final TestClient client;
    private final Thread thread;
    private volatile boolean closed;

    Client(Endpoint endpoint) {
      client = new TestClient(endpoint);
      thread = new Thread(this::call, "test-client");
      thread.start();
    }

    private void call() {
      boolean failed = false;
      while (!closed) {
        try {
          var unused =
              AgentServiceGrpc.newBlockingStub(client.channel)
                  .withDeadlineAfter(20, TimeUnit.SECONDS)
                  .getAgentInfo(GetAgentInfoRequest.getDefaultInstance());
          answers.incrementAndGet();
          if (failed) {
            failed = false;
            backNanos.set(System.nanoTime());
          }
        } catch (StatusRuntimeException e) {
          failed = true;
          if (!closed) {
            failures.add(e.getStatus().getCode());
          }
        }
      }
    }

    @Override
    public void close() {
      closed = true;
      client.close();
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
