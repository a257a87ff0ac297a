package io.vaccel.guest.forward;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.vaccel.transport.Bootstraps;
import io.vaccel.transport.ChannelSettings;
import io.vaccel.transport.Endpoint;
import io.vaccel.transport.ServerLimits;
import io.vaccel.transport.ServerSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on Unix sockets and loopback TCP ports, and carries the bytes of each connection to an
 * agent and back: for programs whose gRPC cannot speak vsock.
 *
 * <p>Each connection has one of its own to the agent, so a client sees the agent's limits,
 * keepalive and errors, and nothing is shared between clients. A client whose agent cannot be
 * reached is closed at once, which gRPC reports as UNAVAILABLE and tries again. Memory is bounded:
 * see {@link ForwarderSettings#MAX_BUFFERED_BYTES}. Thread-safe.
 */
public final class Forwarder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Forwarder.class);

  private static final int MIN_READ_BYTES = 256;
  private static final int FIRST_READ_BYTES = 2_048;
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(ForwarderSettings.READ_BYTES / 2, ForwarderSettings.READ_BYTES);

  private final ChannelGroup listeners = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final ChannelGroup clients = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
  private final List<Endpoint> endpoints = new ArrayList<>();
  private final Tally tally = new Tally();

  private Forwarder() {}

  /**
   * Starts forwarding.
   *
   * @param listen where clients connect: Unix sockets, and TCP on the loopback unless the settings
   *     allow more
   * @param agent where their bytes go
   * @throws IllegalArgumentException if an endpoint is not of a kind that can be used so
   * @throws IllegalStateException if this machine cannot connect to such an agent at all
   * @throws IOException if it cannot listen, in one line that names the endpoint and the cause;
   *     nothing listens then
   */
  public static Forwarder open(List<Endpoint> listen, Endpoint agent, ForwarderSettings settings)
      throws IOException {
    listen.forEach(endpoint -> requireLocal(endpoint, settings.remoteClients()));
    Forwarder forwarder = new Forwarder();
    Bootstrap dialling = dialling(agent, settings);
    // The VMMs of hybrid vsock know no half-close: there the end of one direction is all.
    boolean halfClose = !(agent instanceof Endpoint.Hybrid);
    Supplier<Dial> dials =
        () -> new Dial(dialling, halfClose, settings.linger().toMillis(), forwarder.tally);
    try {
      for (Endpoint endpoint : listen) {
        forwarder.listen(endpoint, agent, dials, settings);
      }
    } catch (IOException | RuntimeException e) {
      forwarder.close();
      throw e;
    }
    return forwarder;
  }

  private static void requireLocal(Endpoint endpoint, boolean remoteClients) {
    if (endpoint instanceof Endpoint.Tcp tcp) {
      InetSocketAddress address = new InetSocketAddress(tcp.host(), tcp.port());
      if (!remoteClients && (address.isUnresolved() || !address.getAddress().isLoopbackAddress())) {
        throw new IllegalArgumentException(
            endpoint
                + " is not on the loopback: whoever reaches it would be this guest to the agent (--allow-remote-clients)");
      }
    } else if (!(endpoint instanceof Endpoint.Unix)) {
      throw new IllegalArgumentException(
          endpoint + ": a forwarder listens on unix:PATH or tcp:127.0.0.1:PORT");
    }
  }

  private static Bootstrap dialling(Endpoint agent, ForwarderSettings settings) {
    return Bootstraps.client(
            agent,
            ChannelSettings.builder()
                .connectTimeout(settings.connectTimeout())
                .hybridTimeout(settings.connectTimeout())
                .build())
        .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .option(ChannelOption.RECVBUF_ALLOCATOR, reads())
        .option(ChannelOption.MESSAGE_SIZE_ESTIMATOR, HeldBytes.COUNTED)
        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK);
  }

  private static AdaptiveRecvByteBufAllocator reads() {
    return new AdaptiveRecvByteBufAllocator(
        MIN_READ_BYTES, FIRST_READ_BYTES, ForwarderSettings.READ_BYTES);
  }

  private void listen(
      Endpoint endpoint, Endpoint agent, Supplier<Dial> dials, ForwarderSettings settings)
      throws IOException {
    ServerLimits limits =
        ServerLimits.builder()
            .maxConnections(settings.maxConnections())
            .maxConnectionsPerOwner(settings.maxConnections())
            .build();
    ServerBootstrap bootstrap =
        Bootstraps.server(
                endpoint,
                ServerSettings.builder().limits(limits).socketMode(settings.socketMode()).build())
            .childOption(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childOption(ChannelOption.RECVBUF_ALLOCATOR, reads())
            .childOption(ChannelOption.MESSAGE_SIZE_ESTIMATOR, HeldBytes.COUNTED)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel client) {
                    clients.add(client);
                    client.pipeline().addLast(dials.get());
                  }
                });
    var bound = bootstrap.bind().awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(
          "cannot listen on " + endpoint + ": " + bound.cause().getMessage(), bound.cause());
    }
    listeners.add(bound.channel());
    Endpoint where = Bootstraps.endpoint(bound.channel());
    endpoints.add(where);
    LOG.info("forwarding endpoint={} agent={}", where, agent);
  }

  /** Where it listens, with the ports that the kernel chose, in the order of asking. */
  public List<Endpoint> endpoints() {
    return List.copyOf(endpoints);
  }

  /** What it has carried until now. */
  public Traffic traffic() {
    return tally.now();
  }

  /**
   * Stops listening and lets the connections that are open go on until they end.
   *
   * @return whether all of them ended in time
   */
  public boolean drain(Duration longest) throws InterruptedException {
    listeners.close().await();
    return clients.newCloseFuture().await(longest.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Stops listening, removes the sockets and ends all connections. */
  @Override
  public void close() {
    listeners.close().awaitUninterruptibly();
    clients.close().awaitUninterruptibly();
  }
}
