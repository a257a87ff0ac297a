package io.vaccel.plugin.vsock;

import io.grpc.Server;
import io.vaccel.transport.Endpoint;
import io.vaccel.transport.ServerLimits;
import io.vaccel.transport.Servers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * An agent of a few maps on a Unix socket, written against the protocol alone. It can be killed and
 * started again, when it has lost its sessions but kept the uploaded content, and made to misbehave
 * by its {@link FakeManners}.
 */
final class FakeAgent implements AutoCloseable {
  private final Path socket;
  private final FakeManners manners = new FakeManners();
  private final FakeContents contents = new FakeContents();
  private volatile FakeSessions sessions = new FakeSessions();
  private volatile Server server;
  private volatile int inlineBytes = 1 << 20;

  private FakeAgent(Path socket) {
    this.socket = socket;
  }

  /** An agent that listens. */
  static FakeAgent start(Path socket) {
    FakeAgent agent = new FakeAgent(socket);
    agent.start();
    return agent;
  }

  /** An agent that does not listen yet. */
  static FakeAgent absent(Path socket) {
    return new FakeAgent(socket);
  }

  void start() {
    sessions = new FakeSessions();
    ServerLimits limits = ServerLimits.builder().maxCallsPerConnection(1000).build();
    try {
      server =
          Servers.builder(endpoint(), limits)
              .addService(new FakeInfo())
              .addService(new FakeSessionService(sessions))
              .addService(new FakeBufferService(sessions))
              .addService(new FakeResourceService(sessions, contents))
              .addService(new FakeModelService(sessions, contents))
              .addService(new FakeImageService(sessions))
              .addService(new FakeGenericService(sessions, () -> inlineBytes))
              .intercept(manners)
              .build()
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Endpoint endpoint() {
    return new Endpoint.Unix(socket.toString());
  }

  FakeManners manners() {
    return manners;
  }

  FakeContents contents() {
    return contents;
  }

  /** The sessions since the last start. */
  FakeSessions sessions() {
    return sessions;
  }

  /** Results put no more than so many bytes into the message from now on. */
  void inlineBytes(int bytes) {
    inlineBytes = bytes;
  }

  /** Ends at once, with all calls and connections. */
  void kill() {
    Server running = server;
    if (running == null) {
      return;
    }
    running.shutdownNow();
    try {
      if (!running.awaitTermination(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the fake agent does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Comes back at the same place without its sessions. */
  void restart() {
    kill();
    start();
  }

  @Override
  public void close() {
    kill();
  }
}
