package io.vaccel.agent;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerServiceDefinition;
import io.grpc.inprocess.InProcessServerBuilder;
import io.vaccel.transport.Endpoint;
import io.vaccel.transport.ServerSettings;
import io.vaccel.transport.Servers;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One place where the agent answers. */
final class Listener {
  private static final long CLOSE_SECONDS = 2;

  private final Server server;
  private final Optional<Endpoint> endpoint;

  private Listener(Server server, Optional<Endpoint> endpoint) {
    this.server = server;
    this.endpoint = endpoint;
  }

  /**
   * Listens on an endpoint.
   *
   * @throws IOException one line that names the endpoint and the cause
   */
  static Listener open(
      Endpoint endpoint,
      ServerSettings settings,
      Quota quota,
      List<ServerServiceDefinition> contract,
      List<BindableService> others)
      throws IOException {
    try {
      Server server =
          with(Servers.builder(endpoint, settings), contract, others)
              // Calls leave the event loop by themselves, see Work.
              .directExecutor()
              .maxInboundMessageSize(quota.count(Limit.MESSAGE_BYTES))
              .build()
              .start();
      return new Listener(server, Servers.endpoints(server).stream().findFirst());
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      throw new IOException("cannot listen on " + endpoint + ": " + rootMessage(e), e);
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
    return new Listener(server, Optional.empty());
  }

  /** Where it really listens; empty when in process. */
  Optional<Endpoint> endpoint() {
    return endpoint;
  }

  /** Ends all connections and removes the socket. */
  void close() {
    server.shutdownNow();
    try {
      server.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
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
