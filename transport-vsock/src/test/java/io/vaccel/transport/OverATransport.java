package io.vaccel.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests over a transport: one of its servers and its clients, for each test anew. Everything that
 * is waited for has a deadline.
 */
@Timeout(120)
abstract class OverATransport {
  static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);

  // gRPC logs each connection and call that goes wrong with its stack; here all of them are meant
  // to.
  private static final Logger GRPC = Logger.getLogger("io.grpc");

  static {
    GRPC.setLevel(Level.OFF);
  }

  private final List<ManagedChannel> channels = new ArrayList<>();
  TransportUnderTest transport;

  /**
   * The transport to test, with files in {@code folder}; an assumption that fails says what would
   * make it run.
   */
  abstract TransportUnderTest open(Path folder) throws Exception;

  /** How many bytes the streaming tests move each way; less where the machine is emulated. */
  int bulkBytes() {
    return 64 << 20;
  }

  /** How often the tests that connect again and again do so; less where the machine is emulated. */
  int cycles() {
    return 10_000;
  }

  /** How many times longer everything may take; more where the machine is emulated. */
  int slowness() {
    return 1;
  }

  @BeforeEach
  void openTransport(@TempDir Path folder) throws Exception {
    transport = open(folder);
  }

  @AfterEach
  void closeTransport() {
    for (ManagedChannel channel : channels) {
      channel.shutdownNow();
    }
    if (transport != null) {
      transport.close();
    }
  }

  ServersUnderTest.Started start() throws Exception {
    Duration handshake = ServerLimits.defaults().handshakeTimeout();
    return start(
        ServerLimits.builder().handshakeTimeout(handshake.multipliedBy(slowness())).build());
  }

  ServersUnderTest.Started start(ServerLimits limits) throws Exception {
    return transport.servers().start(limits);
  }

  ManagedChannel channel() {
    ManagedChannel channel = transport.channel();
    channels.add(channel);
    return channel;
  }

  /** What is sure to come has come after this. */
  Duration patience() {
    return Duration.ofSeconds(20).multipliedBy(slowness());
  }

  /** A limit that a test has the server enforce, and that what is polite keeps to. */
  Duration soon() {
    return Duration.ofSeconds(1).multipliedBy(slowness());
  }

  CallOptions options() {
    return within(patience());
  }

  /** For a call that moves {@link #bulkBytes()}. */
  CallOptions bulkOptions() {
    return within(patience().multipliedBy(3));
  }

  private static CallOptions within(Duration time) {
    return CallOptions.DEFAULT.withDeadlineAfter(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  byte[] echo(ManagedChannel channel, byte[] message) {
    return ClientCalls.blockingUnaryCall(channel, TestService.ECHO, options(), message);
  }

  static Status failure(Runnable call) {
    StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class, call::run);
    assertThat(failure).as("the call must fail").isNotNull();
    return failure.getStatus();
  }

  Endpoint socket() {
    assumeTrue(transport.endpoint().isPresent(), "needs a socket; this transport has none");
    return transport.endpoint().get();
  }

  void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + patience().toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - deadline).as("waiting until " + what).isNegative();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  boolean answers(ManagedChannel channel) {
    try {
      return echo(channel, HELLO).length == HELLO.length;
    } catch (StatusRuntimeException e) {
      return false;
    }
  }
}
