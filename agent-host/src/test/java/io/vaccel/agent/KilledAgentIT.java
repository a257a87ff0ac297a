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
import java.util.LongSummaryStatistics;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent is killed under load and comes back. */
class KilledAgentIT {
  private static final int CLIENTS = 32;

  /** gRPC's pauses between attempts grow from one second to more than ten in such a time. */
  private static final Duration LONG = Duration.ofMinutes(2);

  /**
   * All pause for one second, then 1.6 times as long and so on, each give or take a fifth: without
   * that they would come back within the instant in which they noticed, each time. With it they do
   * so now and then, when the machine is busy and the new agent takes all that wait at once.
   */
  private static final int LIVES = 5;

  @TempDir Path directory;
  private Endpoint endpoint;
  private final List<Client> clients = new ArrayList<>();

  @BeforeEach
  void anEndpoint() {
    endpoint = Endpoint.parse("unix:" + directory.resolve("a.sock"));
  }

  @AfterEach
  void closeClients() {
    clients.forEach(Client::close);
  }

  @Test
  void clients_getAClearStatus_andComeBackByThemselvesAtDifferentTimes() throws Exception {
    AgentProcess agent = start();
    try {
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(new Client(endpoint));
      }
      long spread = 0;
      for (int life = 0; life < LIVES && spread < 500; life++) {
        Eventually.isTrue(
            "all are served", LONG, () -> clients.stream().allMatch(c -> c.answers.get() > 3));
        clients.forEach(Client::begin);
        kill(agent);
        agent = start();
        Eventually.isTrue(
            "all are back", LONG, () -> clients.stream().allMatch(c -> c.backNanos.get() != 0));
        LongSummaryStatistics back =
            clients.stream().mapToLong(client -> client.backNanos.get()).summaryStatistics();
        spread = TimeUnit.NANOSECONDS.toMillis(back.getMax() - back.getMin());
      }
      assertThat(spread)
          .as("milliseconds between the first and the last")
          .isGreaterThanOrEqualTo(500);
      assertThat(clients)
          .allSatisfy(
              client -> assertThat(client.failures).containsExactly(Status.Code.UNAVAILABLE));
      agent.stop();
      assertThat(agent.exitCode()).isZero();
    } finally {
      agent.close();
    }
  }

  /** Ends it, and waits until all clients have tried again in vain. */
  private void kill(AgentProcess agent) throws Exception {
    agent.kill();
    agent.close();
    Eventually.isTrue(
        "all have noticed",
        LONG,
        () -> clients.stream().allMatch(client -> client.failedNanos.get() != 0));
    Eventually.isTrue(
        "the first pause of each is over",
        LONG,
        () -> clients.stream().allMatch(Client::hasTriedAgain));
  }

  private AgentProcess start() throws Exception {
    AgentProcess agent =
        AgentProcess.start(
            "--listen", endpoint.toString(), "--state", directory.resolve("state").toString());
    agent.awaitLine("ready ");
    return agent;
  }

  /**
   * Calls without a pause, on a channel of its own, until it is closed; after a failure it waits
   * until the channel is connected again.
   */
  private static final class Client implements AutoCloseable {
    final AtomicLong answers = new AtomicLong();
    final Set<Status.Code> failures = ConcurrentHashMap.newKeySet();

    /** When it was served for the first time after a failure. */
    final AtomicLong backNanos = new AtomicLong();

    /** When it noticed that the agent was gone. */
    final AtomicLong failedNanos = new AtomicLong();

    private final TestClient client;
    private final Thread thread;
    private volatile boolean closed;

    Client(Endpoint endpoint) {
      client = new TestClient(endpoint);
      thread = new Thread(this::call, "test-client");
      thread.start();
    }

    /** Before the agent is killed. */
    void begin() {
      answers.set(0);
      failedNanos.set(0);
      backNanos.set(0);
    }

    /** gRPC's first pause is a second and a fifth of it at most. */
    boolean hasTriedAgain() {
      return System.nanoTime() - failedNanos.get() > TimeUnit.MILLISECONDS.toNanos(1_200);
    }

    private void call() {
      boolean failed = false;
      while (!closed) {
        try {
          var agent = AgentServiceGrpc.newBlockingStub(client.channel);
          var unused =
              (failed ? agent.withWaitForReady() : agent)
                  .withDeadlineAfter(LONG.toSeconds(), TimeUnit.SECONDS)
                  .getAgentInfo(GetAgentInfoRequest.getDefaultInstance());
          answers.incrementAndGet();
          if (failed) {
            failed = false;
            backNanos.set(System.nanoTime());
          }
        } catch (StatusRuntimeException e) {
          failed = true;
          failedNanos.compareAndSet(0, System.nanoTime());
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
