package io.vaccel.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The server's side of {@link TransportContract} as a program, for a contract whose client is on
 * another machine: {@code ContractServer CONTROL_ENDPOINT ENDPOINT}. It prints {@code ready ...}
 * and then does on ENDPOINT what {@link RemoteServers} asks for on CONTROL_ENDPOINT, until it is
 * killed, or ended by {@code ContractServer CONTROL_ENDPOINT}. On vsock it lets the host (CID 2)
 * in, since in a guest the host is the client.
 */
public final class ContractServer {
  static final MethodDescriptor<byte[], byte[]> CONTROL =
      MethodDescriptor.<byte[], byte[]>newBuilder()
          .setFullMethodName("io.vaccel.transport.ContractServer/Control")
          .setType(MethodType.UNARY)
          .setRequestMarshaller(TestService.Bytes.MARSHALLER)
          .setResponseMarshaller(TestService.Bytes.MARSHALLER)
          .build();

  private final Endpoint endpoint;
  private final List<ServersUnderTest.Started> started = new ArrayList<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private LocalServers servers;

  private ContractServer(Endpoint endpoint) {
    this.endpoint = endpoint;
    this.servers = servers();
  }

  private LocalServers servers() {
    return new LocalServers(endpoint, settings().build());
  }

  private static ServerSettings.Builder settings() {
    return ServerSettings.builder().allowedReservedCids(Set.of(Endpoint.CID_HOST));
  }

  /** Serves until it is killed or ended; with one endpoint, ends the one that is there. */
  public static void main(String... args) throws Exception {
    if (args.length == 1) {
      RemoteServers.end(Endpoint.parse(args[0]));
      return;
    }
    if (args.length != 2) {
      throw new IllegalArgumentException("give CONTROL_ENDPOINT ENDPOINT, or CONTROL_ENDPOINT");
    }
    ContractServer contract = new ContractServer(Endpoint.parse(args[1]));
    ServerLimits patient = ServerLimits.builder().keepAliveTimeout(RemoteServers.PATIENCE).build();
    Server control =
        Servers.builder(Endpoint.parse(args[0]), settings().limits(patient).build())
            .addService(
                ServerServiceDefinition.builder("io.vaccel.transport.ContractServer")
                    .addMethod(CONTROL, ServerCalls.asyncUnaryCall(contract::answer))
                    .build())
            .build()
            .start();
    System.out.println("ready, serving " + Servers.endpoints(control));
    contract.ended.await();
    contract.servers.close();
    // The answer to "end" is still under way.
    control.shutdown().awaitTermination(1, TimeUnit.MINUTES);
  }

  private void answer(byte[] request, StreamObserver<byte[]> answer) {
    try {
      answer.onNext(answer(new String(request, UTF_8).split(" ", 2)).getBytes(UTF_8));
      answer.onCompleted();
    } catch (IOException | RuntimeException e) {
      Throwable root = e;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      answer.onError(
          Status.ABORTED.withDescription(String.valueOf(root.getMessage())).asRuntimeException());
    }
  }

  /** A command and its argument. */
  private String answer(String[] words) throws IOException {
    return switch (words[0]) {
      case "start" -> {
        started.add(servers.start(LimitsText.parse(words[1])));
        yield Integer.toString(started.size() - 1);
      }
      case "stop" -> {
        started(words).stop();
        yield "";
      }
      case "reached" -> Boolean.toString(started(words).neverWasReached());
      case "cancelled" -> Boolean.toString(started(words).neverWasCancelled());
      case "crash" -> {
        servers.crash();
        yield "";
      }
      case "descriptors" -> Integer.toString(Descriptors.open());
      case "reset" -> {
        servers.close();
        servers = servers();
        started.clear();
        yield "";
      }
      case "end" -> {
        ended.countDown();
        yield "";
      }
      default -> throw new IllegalArgumentException("unknown command " + words[0]);
    };
  }

  private ServersUnderTest.Started started(String[] words) {
    return started.get(Integer.parseInt(words[1]));
  }
}
