package io.vaccel.transport;

import io.grpc.Server;
import io.netty.channel.Channel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Servers over sockets in this process. */
final class LocalServers implements ServersUnderTest {
  private static final int PATIENCE_SECONDS = 20;

  private final ServerSettings settings;
  private final Accepted accepted = new Accepted();
  private final List<Running> started = new ArrayList<>();
  private Endpoint listen;

  /** The event loops of {@code settings} are closed at the end, unless they are the shared ones. */
  LocalServers(Endpoint listen, ServerSettings settings) {
    this.listen = listen;
    this.settings = settings;
  }

  /** Where the servers listen; after the first start, with the port that the kernel chose. */
  Endpoint endpoint() {
    return listen;
  }

  @Override
  public Started start(ServerLimits limits) throws IOException {
    ServerSettings limited = settings.toBuilder().limits(limits).build();
    Endpoint endpoint = listen;
    TestService service = new TestService();
    Server server = accepted.server(endpoint, limited).addService(service).build().start();
    listen = Servers.endpoints(server).get(0);
    Running running = new Running(server, service);
    started.add(running);
    return running;
  }

  @Override
  public void crash() {
    for (Channel connection : accepted.open()) {
      // Below the pipeline, or gRPC would say goodbye.
      connection.eventLoop().execute(() -> connection.unsafe().close(connection.voidPromise()));
    }
  }

  @Override
  public int descriptors() {
    return 0;
  }

  @Override
  public void close() {
    started.forEach(Running::stop);
    settings.loops().close();
  }

  /** A server of this process. */
  record Running(Server server, TestService service) implements Started {
    @Override
    public void stop() {
      try {
        server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public boolean neverWasReached() {
      return await(service.neverReached);
    }

    @Override
    public boolean neverWasCancelled() {
      return await(service.neverCancelled);
    }

    private static boolean await(CountDownLatch latch) {
      try {
        return latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
