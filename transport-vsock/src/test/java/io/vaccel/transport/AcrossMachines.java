package io.vaccel.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The two ends of a connection between machines, as a program: {@code serve ENDPOINT} until it is
 * killed, or {@code check ENDPOINT [EXPECTED_OWNER]}, which waits for the server, makes calls of
 * each kind and exits with 0 if all went well.
 */
final class AcrossMachines {
  private static final int CHUNK_BYTES = 64 * 1024;
  private static final int CHUNKS = 64;

  private AcrossMachines() {}

  public static void main(String... args) throws Exception {
    Endpoint endpoint = Endpoint.parse(args[1]);
    switch (args[0]) {
      case "serve" -> serve(endpoint);
      case "check" -> check(endpoint, args.length > 2 ? args[2] : "");
      default -> throw new IllegalArgumentException("serve ENDPOINT or check ENDPOINT [OWNER]");
    }
  }

  private static void serve(Endpoint endpoint) throws Exception {
    // In a guest, the client is the host.
    ServerSettings settings =
        ServerSettings.builder().allowedReservedCids(Set.of(Endpoint.CID_HOST)).build();
    Server server =
        Servers.builder(endpoint, settings).addService(new TestService()).build().start();
    System.out.println("serving " + Servers.endpoints(server));
    server.awaitTermination();
  }

  private static void check(Endpoint endpoint, String owner) throws Exception {
    System.out.println("connecting: " + Availability.toConnect(endpoint, EventLoops.shared()));
    ManagedChannel channel = Channels.open(endpoint);
    try {
      require(
          "connect", Channels.awaitReady(channel, Duration.ofSeconds(60), Duration.ofMillis(200)));
      String who = new String(unary(channel, TestService.WHO, new byte[0]), UTF_8);
      System.out.println("the server sees: " + who);
      require("owner " + owner, owner.isEmpty() || who.startsWith(owner + "|"));
      require("unary", unary(channel, TestService.ECHO, new byte[1 << 20]).length == 1 << 20);
      require("streams", streams(channel));
      System.out.println("ok");
    } finally {
      channel.shutdownNow();
    }
  }

  private static byte[] unary(
      ManagedChannel channel, io.grpc.MethodDescriptor<byte[], byte[]> method, byte[] request) {
    CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS);
    return ClientCalls.blockingUnaryCall(channel, method, options, request);
  }

  private static boolean streams(ManagedChannel channel)
      throws InterruptedException, StatusException {
    CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS);
    BlockingClientCall<byte[], byte[]> up =
        ClientCalls.blockingClientStreamingCall(channel, TestService.COUNT, options);
    BlockingClientCall<byte[], byte[]> both =
        ClientCalls.blockingBidiStreamingCall(channel, TestService.CHAT, options);
    boolean echoed = true;
    for (int i = 0; i < CHUNKS; i++) {
      up.write(new byte[CHUNK_BYTES]);
      both.write(new byte[] {(byte) i});
      echoed &= both.read()[0] == (byte) i;
    }
    up.halfClose();
    both.halfClose();
    return echoed && ByteBuffer.wrap(up.read()).getLong() == (long) CHUNKS * CHUNK_BYTES;
  }

  private static void require(String what, boolean holds) {
    System.out.println((holds ? "passed: " : "FAILED: ") + what);
    if (!holds) {
      System.exit(1);
    }
  }
}
