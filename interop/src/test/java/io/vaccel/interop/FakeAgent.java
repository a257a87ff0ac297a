package io.vaccel.interop;

import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.vaccel.transport.Endpoint;
import io.vaccel.transport.ServerLimits;
import io.vaccel.transport.Servers;
import io.vaccel.v1.AgentServiceGrpc;
import io.vaccel.v1.GetAgentInfoRequest;
import io.vaccel.v1.GetAgentInfoResponse;
import io.vaccel.v1.ModelFormat;
import io.vaccel.v1.PluginInfo;
import io.vaccel.v1.SessionServiceGrpc;
import io.vaccel.wire.Protocol;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A server that says of itself what a test wants and does nothing of it, or does not know {@code
 * vaccel.v1} at all.
 */
final class FakeAgent implements AutoCloseable {
  private final Server server;
  private final Manners manners;

  private FakeAgent(Endpoint endpoint, Manners manners, BindableService... services)
      throws IOException {
    this.manners = manners;
    server =
        Servers.builder(endpoint, ServerLimits.defaults())
            .addServices(Arrays.stream(services).map(BindableService::bindService).toList())
            .intercept(manners)
            .build()
            .start();
  }

  /** An agent of another version of the software and of the protocol. */
  static FakeAgent ofVersion(Endpoint endpoint, String version, int protocol) throws IOException {
    return new FakeAgent(endpoint, new Manners(Map.of()), new Info(version, protocol));
  }

  /** A gRPC server without any service. */
  static FakeAgent withoutServices(Endpoint endpoint) throws IOException {
    return new FakeAgent(endpoint, new Manners(Map.of()));
  }

  /** An agent that answers each call of this method, by its bare name, with this. */
  static FakeAgent answering(Endpoint endpoint, String method, StatusRuntimeException failure)
      throws IOException {
    return new FakeAgent(
        endpoint,
        new Manners(Map.of(method, failure)),
        new Info("9.8.7", Protocol.VERSION),
        new SessionServiceGrpc.SessionServiceImplBase() {});
  }

  /** How many calls of this method have come. */
  int calls(String method) {
    return Collections.frequency(manners.calls, method);
  }

  /** How many calls have come. */
  int calls() {
    return manners.calls.size();
  }

  boolean isListening() {
    return !server.getListenSockets().isEmpty();
  }

  @Override
  public void close() {
    stop();
  }

  /** Ends it, so that another one can listen there. */
  void stop() {
    try {
      server.shutdownNow().awaitTermination();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** What it says of itself. */
  private static final class Info extends AgentServiceGrpc.AgentServiceImplBase {
    private final GetAgentInfoResponse info;

    private Info(String version, int protocol) {
      info =
          GetAgentInfoResponse.newBuilder()
              .setVersion(version)
              .setProtocolVersion(protocol)
              .addPlugins(
                  PluginInfo.newBuilder()
                      .setName("new")
                      .setUsable(true)
                      .addAllOperations(List.of("noop", "model.run", "image.classify"))
                      .addFormats(ModelFormat.MODEL_FORMAT_ONNX))
              .build();
    }

    @Override
    public void getAgentInfo(
        GetAgentInfoRequest request, StreamObserver<GetAgentInfoResponse> observer) {
      observer.onNext(info);
      observer.onCompleted();
    }
  }

  /** Counts calls, and ends those that are to fail. */
  private static final class Manners implements ServerInterceptor {
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final Map<String, StatusRuntimeException> failures;

    private Manners(Map<String, StatusRuntimeException> failures) {
      this.failures = failures;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> handler) {
      String method = call.getMethodDescriptor().getBareMethodName();
      calls.add(method);
      StatusRuntimeException failure = failures.get(method);
      if (failure == null) {
        return handler.startCall(call, headers);
      }
      call.close(
          failure.getStatus(), Objects.requireNonNullElseGet(failure.getTrailers(), Metadata::new));
      return new ServerCall.Listener<>() {};
    }
  }
}
