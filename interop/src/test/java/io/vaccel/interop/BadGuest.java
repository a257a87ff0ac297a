package io.vaccel.interop;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.vaccel.CallOptions;
import io.vaccel.Image;
import io.vaccel.Model;
import io.vaccel.ModelRun;
import io.vaccel.ModelSpec;
import io.vaccel.Operations;
import io.vaccel.Session;
import io.vaccel.Vaccel;
import io.vaccel.contract.TinyModels;
import io.vaccel.transport.Channels;
import io.vaccel.transport.Endpoint;
import io.vaccel.v1.CloseSessionRequest;
import io.vaccel.v1.GenericServiceGrpc;
import io.vaccel.v1.LoadModelRequest;
import io.vaccel.v1.ModelFormat;
import io.vaccel.v1.ModelServiceGrpc;
import io.vaccel.v1.NoopRequest;
import io.vaccel.v1.OpenSessionRequest;
import io.vaccel.v1.RegisterResourceRequest;
import io.vaccel.v1.ResourceFile;
import io.vaccel.v1.ResourceKind;
import io.vaccel.v1.ResourceServiceGrpc;
import io.vaccel.v1.SessionServiceGrpc;
import io.vaccel.wire.WireErrors;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A guest that sends bad input: through the runtime as far as that lets it through, with plain gRPC
 * beyond that.
 */
final class BadGuest implements AutoCloseable {
  private static final long SECONDS = 60;

  private final Vaccel vaccel;
  private final ManagedChannel channel;

  BadGuest(Endpoint agent) {
    vaccel = RemoteContract.at(agent);
    channel = Channels.open(agent);
  }

  void inSession(Consumer<Session> work) {
    try (Session session = vaccel.openSession()) {
      work.accept(session);
    }
  }

  void load(ModelSpec spec) {
    inSession(session -> session.load(spec, CallOptions.defaults()));
  }

  void classify(ModelSpec spec, Image image) {
    withModel(spec, (session, model) -> session.classify(model, image));
  }

  /** Runs the model that counts. */
  void count(long times, CallOptions options) {
    withModel(
        TinyModels.spec(TinyModels.counting()),
        (session, model) ->
            session.call(
                Operations.MODEL_RUN,
                new ModelRun(model, TinyModels.steps(times), List.of()),
                options));
  }

  private interface Work {
    Object perform(Session session, Model model);
  }

  private void withModel(ModelSpec spec, Work work) {
    try (Session session = vaccel.openSession();
        Model model = session.load(spec, CallOptions.defaults())) {
      work.perform(session, model);
    }
  }

  void noopIn(String session) {
    plain(
        () ->
            GenericServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
                .noop(NoopRequest.newBuilder().setSessionId(session).build()));
  }

  void loadResource(String resource) {
    inPlainSession(
        session ->
            ModelServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
                .loadModel(
                    LoadModelRequest.newBuilder()
                        .setSessionId(session)
                        .setResourceId(resource)
                        .setFormat(ModelFormat.MODEL_FORMAT_ONNX)
                        .build()));
  }

  void register(String name) {
    inPlainSession(
        session ->
            ResourceServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
                .registerResource(
                    RegisterResourceRequest.newBuilder()
                        .setSessionId(session)
                        .setKind(ResourceKind.RESOURCE_KIND_MODEL)
                        .addFiles(
                            ResourceFile.newBuilder()
                                .setName(name)
                                .setDigest("0".repeat(64))
                                .setSizeBytes(1))
                        .build()));
  }

  private void inPlainSession(Function<String, Object> work) {
    plain(
        () -> {
          SessionServiceGrpc.SessionServiceBlockingStub sessions =
              SessionServiceGrpc.newBlockingStub(channel)
                  .withDeadlineAfter(SECONDS, TimeUnit.SECONDS);
          String session =
              sessions.openSession(OpenSessionRequest.getDefaultInstance()).getSessionId();
          try {
            var unusedToo = work.apply(session);
          } finally {
            var unused =
                sessions.closeSession(
                    CloseSessionRequest.newBuilder().setSessionId(session).build());
          }
        });
  }

  private static void plain(Runnable work) {
    try {
      work.run();
    } catch (StatusRuntimeException e) {
      throw WireErrors.fromStatus(e);
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
    vaccel.close();
  }
}
