package io.vaccel.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Servers in a {@link ContractServer} on another machine, told what to do over a channel. */
final class RemoteServers implements ServersUnderTest {
  /** With a machine that may be emulated, and busy with what a test has done to it. */
  static final Duration PATIENCE = Duration.ofMinutes(3);

  /** Of an emulated machine in an emulated machine, and a JVM in it. */
  private static final Duration BOOT_TIME = Duration.ofMinutes(15);

  private final ManagedChannel control;

  private RemoteServers(ManagedChannel control) {
    this.control = control;
  }

  /**
   * A transport whose servers are in the {@link ContractServer} that answers at {@code control};
   * waits for it, as its machine may still be booting.
   *
   * @param owner what the servers must take this machine for, a {@link Peer#owner()}
   */
  static TransportUnderTest transport(Endpoint control, Endpoint dial, Predicate<String> owner)
      throws InterruptedException {
    ManagedChannel channel = connect(control);
    RemoteServers servers = new RemoteServers(channel);
    servers.close(); // What a test that was broken off may have left.
    return new SocketTransport(
        servers,
        () -> dial,
        ChannelSettings.builder()
            .eventLoops(EventLoops.open(EventLoops.Kind.EPOLL, 1))
            .connectTimeout(PATIENCE)
            .hybridTimeout(Duration.ofSeconds(20))
            .keepAliveTimeout(PATIENCE)
            .build(),
        (seen, shown) -> owner.test(seen),
        channel::shutdownNow);
  }

  /** Ends the {@link ContractServer} that answers at {@code control}; waits for it likewise. */
  static void end(Endpoint control) throws InterruptedException {
    ManagedChannel channel = connect(control);
    try {
      new RemoteServers(channel).ask("end");
    } finally {
      channel.shutdownNow();
    }
  }

  private static ManagedChannel connect(Endpoint control) throws InterruptedException {
    ManagedChannel channel =
        Channels.open(control, ChannelSettings.builder().keepAliveTimeout(PATIENCE).build());
    if (!Channels.awaitReady(channel, BOOT_TIME, Duration.ofMillis(200))) {
      channel.shutdownNow();
      throw new AssertionError("no contract server answers at " + control);
    }
    return channel;
  }

  private String ask(String command) {
    CallOptions options =
        CallOptions.DEFAULT
            .withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS)
            .withWaitForReady();
    byte[] answer =
        ClientCalls.blockingUnaryCall(
            control, ContractServer.CONTROL, options, command.getBytes(UTF_8));
    return new String(answer, UTF_8);
  }

  @Override
  public Started start(ServerLimits limits) throws IOException {
    try {
      return new Remote(ask("start " + LimitsText.format(limits)));
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() != Status.Code.ABORTED) {
        throw e;
      }
      throw new IOException(
          "the contract server cannot start", new IOException(e.getStatus().getDescription()));
    }
  }

  @Override
  public void crash() {
    ask("crash");
  }

  @Override
  public int descriptors() {
    return Integer.parseInt(ask("descriptors"));
  }

  @Override
  public void close() {
    ask("reset");
  }

  private final class Remote implements Started {
    private final String number;

    Remote(String number) {
      this.number = number;
    }

    @Override
    public void stop() {
      ask("stop " + number);
    }

    @Override
    public boolean neverWasReached() {
      return Boolean.parseBoolean(ask("reached " + number));
    }

    @Override
    public boolean neverWasCancelled() {
      return Boolean.parseBoolean(ask("cancelled " + number));
    }
  }
}
