package io.vaccel.guest.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.services.HealthStatusManager;
import io.vaccel.transport.Channels;
import io.vaccel.transport.Endpoint;
import io.vaccel.transport.ServerLimits;
import io.vaccel.transport.Servers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** gRPC clients through a forwarder. */
@Timeout(180)
final class ForwarderGrpcIT {
  private static final int CLIENTS = 20;

  @TempDir Path directory;

  private Endpoint.Unix unix(String name) {
    return new Endpoint.Unix(directory.resolve(name).toString());
  }

  private Server agent() throws IOException {
    return Servers.builder(unix("a"), ServerLimits.defaults())
        .addService(new HealthStatusManager().getHealthService())
        .build()
        .start();
  }

  private static ServingStatus check(ManagedChannel channel) {
    return HealthGrpc.newBlockingStub(channel)
        .withDeadlineAfter(60, TimeUnit.SECONDS)
        .check(HealthCheckRequest.getDefaultInstance())
        .getStatus();
  }

  @Test
  void agentThatIsNotThere_isUnavailable() throws IOException {
    try (Forwarder forwarder =
        Forwarder.open(List.of(unix("f")), unix("a"), ForwarderSettings.DEFAULTS)) {
      ManagedChannel channel = Channels.open(forwarder.endpoints().get(0));
      try {
        check(channel);
        throw new AssertionError("nobody could answer");
      } catch (StatusRuntimeException e) {
        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      } finally {
        channel.shutdownNow();
      }
    }
  }

  @Test
  void agentThatRestartsUnderLoad_isUnavailableAndComesBack() throws Exception {
    Server first = agent();
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    AtomicBoolean stop = new AtomicBoolean();
    LongAdder answered = new LongAdder();
    Set<Status.Code> failures = ConcurrentHashMap.newKeySet();
    List<Future<?>> clients = new ArrayList<>();
    try (Forwarder forwarder =
        Forwarder.open(List.of(unix("f")), unix("a"), ForwarderSettings.DEFAULTS)) {
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(threads.submit(() -> callUntil(stop, answered, failures)));
      }
      Eventually.isTrue("all are at work", () -> answered.sum() > 10 * CLIENTS);
      // Lets the calls under way end, as shutdownNow would not: it tells them CANCELLED.
      assertThat(first.shutdown().awaitTermination(60, TimeUnit.SECONDS)).isTrue();
      Eventually.isTrue("the loss is seen", () -> failures.contains(Status.Code.UNAVAILABLE));
      Server second = agent();
      try {
        long before = answered.sum();
        Eventually.isTrue("all are at work again", () -> answered.sum() > before + 10 * CLIENTS);
        stop.set(true);
        for (Future<?> client : clients) {
          client.get(60, TimeUnit.SECONDS);
        }
        assertThat(failures).containsExactly(Status.Code.UNAVAILABLE);
        assertThat(forwarder.traffic().unreachable()).isPositive();
      } finally {
        second.shutdownNow();
      }
    } finally {
      stop.set(true);
      threads.shutdownNow();
    }
  }

  private void callUntil(AtomicBoolean stop, LongAdder answered, Set<Status.Code> failures) {
    ManagedChannel channel = Channels.open(unix("f"));
    try {
      while (!stop.get()) {
        try {
          assertThat(check(channel)).isEqualTo(ServingStatus.SERVING);
          answered.increment();
        } catch (StatusRuntimeException e) {
          failures.add(e.getStatus().getCode());
        }
      }
    } finally {
      channel.shutdownNow();
    }
  }
}
