package io.vaccel.transport;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Server;
import io.grpc.stub.ClientCalls;

/**
 * Serves on each endpoint that is named and calls itself there: through a channel of this library
 * and, but on TCP, through gRPC's own builder, which gets the endpoint as its target. It prints a
 * line for each that answers, and why one cannot be.
 */
final class TargetEcho {
  private TargetEcho() {}

  public static void main(String... endpoints) throws Exception {
    for (String text : endpoints) {
      try {
        echo(Endpoint.parse(text));
      } catch (IllegalStateException e) {
        System.out.println(e.getMessage());
      }
    }
    System.exit(0);
  }

  private static void echo(Endpoint endpoint) throws Exception {
    Server server =
        Servers.builder(endpoint, ServerLimits.defaults())
            .addService(new TestService())
            .build()
            .start();
    Endpoint bound = Servers.endpoints(server).get(0);
    call(Channels.open(bound));
    System.out.println(bound + " answers");
    if (!(bound instanceof Endpoint.Tcp)) {
      call(ManagedChannelBuilder.forTarget(bound.toString()).usePlaintext().build());
      System.out.println(bound + " answers by its target");
    }
    server.shutdownNow().awaitTermination();
  }

  private static void call(ManagedChannel channel) {
    ClientCalls.blockingUnaryCall(channel, TestService.ECHO, CallOptions.DEFAULT, new byte[1]);
    channel.shutdownNow();
  }
}
