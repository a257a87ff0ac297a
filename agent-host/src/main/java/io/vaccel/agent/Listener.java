package io.vaccel.agent;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerServiceDefinition;
import io.grpc.inprocess.InProcessServerBuilder;
import io.vaccel.transport.Endpoint;
import io.vaccel.transport.ListenerWatch;
import io.vaccel.transport.Servers;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One place where the agent answers. */
final class Listener {
  private static final Duration CLOSE_TIME = Duration.ofSeconds(2);

  private final Server server;
  private final Optional<Endpoint> endpoint;
  private final Optional<ListenerWatch> watch;

  private Listener(Server server, Optional<Endpoint> endpoint, Optional<ListenerWatch> watch) {
    this.server = server;
    this.endpoint = endpoint;
    this.watch = watch;
  }

  /**
   * Listens in a place.
   *
   * @throws IOException one line that names the endpoint and the cause
   */
  static Listener open(
      Place place,
      Quota quota,
      List<ServerServiceDefinition> contract,
      List<BindableService> others)
      throws IOException {
    ListenerWatch watch = new ListenerWatch();
    try {
      Server server =
          with(
                  Servers.builder(
                      place.endpoint(), place.settings().toBuilder().watch(watch).build()),
                  contract,
                  others)
              // Calls leave the event loop by themselves, see Work.
              .directExecutor()
              .maxInboundMessageSize(quota.count(Limit.MESSAGE_BYTES))
              .build()
              .start();
      return new Listener(
          server, Servers.endpoints(server).stream().findFirst(), Optional.of(watch));
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      throw new IOException("cannot listen on " + place.endpoint() + ": " + rootMessage(e), e);
    }
  }

  /** Answers clients in this process, under a name. */
  static Listener inProcess(
      String name,
      Quota quota,
      List<ServerServiceDefinition> contract,
      List<BindableService> others)
      throws IOException {
    Server server =
        with(InProcessServerBuilder.forName(name), contract, others)
            .directExecutor()
            .maxInboundMessageSize(quota.count(Limit.MESSAGE_BYTES))
            .build()
            .start();
    return new Listener(server, Optional.empty(), Optional.empty());
  }

  /** Where it really listens; empty when in process. */
  Optional<Endpoint> endpoint() {
    return endpoint;
  }

  /** That its socket is closed or not in its place any more, in words; empty if it is there. */
  Optional<String> lost() {
    return watch.flatMap(ListenerWatch::lost);
  }

  /** What keeps clients from connecting, in words; empty if nothing does. May wait that long. */
  Optional<String> check(Duration patience) throws InterruptedException {
    return watch.isPresent() ? watch.get().check(patience) : Optional.empty();
  }

  /** Whether {@link #check} can find out that it accepts nobody. */
  boolean isProbed() {
    return watch.isPresent() && watch.get().canConnect();
  }

  /**
   * Frees the place for another listener and lets the calls under way go on; {@link #close} ends
   * them.
   */
  void retire() {
    endGently();
    try {
      if (watch.isPresent()) {
        watch.get().awaitClosed(CLOSE_TIME);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Accepts no more connections and calls; idle connections end. Does not wait for that. */
  void endGently() {
    server.shutdown();
  }

  /** Waits until nothing is left of it, but no longer than that. */
  void awaitGone(Duration longest) throws InterruptedException {
    server.awaitTermination(longest.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Whether nothing is left of it. */
  boolean isGone() {
    return server.isTerminated();
  }

  /** Ends all connections and removes the socket. */
  void close() {
    server.shutdownNow();
    try {
      server.awaitTermination(CLOSE_TIME.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static ServerBuilder<?> with(
      ServerBuilder<?> builder,
      List<ServerServiceDefinition> contract,
      List<BindableService> others) {
    contract.forEach(builder::addService);
    others.forEach(builder::addService);
    return builder;
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }
}
