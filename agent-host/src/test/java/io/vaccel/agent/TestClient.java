package io.vaccel.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import io.vaccel.Digest;
import io.vaccel.VaccelException;
import io.vaccel.transport.Channels;
import io.vaccel.transport.Endpoint;
import io.vaccel.v1.AgentServiceGrpc;
import io.vaccel.v1.BufferServiceGrpc;
import io.vaccel.v1.ContentStatus;
import io.vaccel.v1.ElementType;
import io.vaccel.v1.FindContentRequest;
import io.vaccel.v1.GenericServiceGrpc;
import io.vaccel.v1.LoadModelRequest;
import io.vaccel.v1.ModelFormat;
import io.vaccel.v1.ModelServiceGrpc;
import io.vaccel.v1.NoopRequest;
import io.vaccel.v1.OpenSessionRequest;
import io.vaccel.v1.Payload;
import io.vaccel.v1.ReadBufferRequest;
import io.vaccel.v1.RegisterResourceRequest;
import io.vaccel.v1.RegisterResourceResponse;
import io.vaccel.v1.ResourceFile;
import io.vaccel.v1.ResourceKind;
import io.vaccel.v1.ResourceServiceGrpc;
import io.vaccel.v1.RunModelRequest;
import io.vaccel.v1.RunModelResponse;
import io.vaccel.v1.SessionServiceGrpc;
import io.vaccel.v1.Tensor;
import io.vaccel.v1.UploadContentRequest;
import io.vaccel.v1.UploadContentResponse;
import io.vaccel.v1.UploadHeader;
import io.vaccel.v1.WriteBufferHeader;
import io.vaccel.v1.WriteBufferRequest;
import io.vaccel.v1.WriteBufferResponse;
import io.vaccel.wire.WireErrors;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A guest that speaks the contract with plain gRPC, badly where a test wants it. */
final class TestClient implements AutoCloseable {
  static final int CHUNK = 256 << 10;
  private static final long SECONDS = 30;

  final ManagedChannel channel;

  TestClient(Endpoint endpoint) {
    channel = Channels.open(endpoint);
  }

  SessionServiceGrpc.SessionServiceBlockingStub sessions() {
    return SessionServiceGrpc.newBlockingStub(channel).withDeadlineAfter(SECONDS, TimeUnit.SECONDS);
  }

  ResourceServiceGrpc.ResourceServiceBlockingStub resources() {
    return ResourceServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(SECONDS, TimeUnit.SECONDS);
  }

  BufferServiceGrpc.BufferServiceBlockingStub buffers() {
    return BufferServiceGrpc.newBlockingStub(channel).withDeadlineAfter(SECONDS, TimeUnit.SECONDS);
  }

  ModelServiceGrpc.ModelServiceBlockingStub models() {
    return ModelServiceGrpc.newBlockingStub(channel).withDeadlineAfter(SECONDS, TimeUnit.SECONDS);
  }

  GenericServiceGrpc.GenericServiceBlockingStub generic() {
    return GenericServiceGrpc.newBlockingStub(channel).withDeadlineAfter(SECONDS, TimeUnit.SECONDS);
  }

  AgentServiceGrpc.AgentServiceBlockingStub agent() {
    return AgentServiceGrpc.newBlockingStub(channel).withDeadlineAfter(SECONDS, TimeUnit.SECONDS);
  }

  String openSession() {
    return sessions().openSession(OpenSessionRequest.getDefaultInstance()).getSessionId();
  }

  void noop(String session) {
    var unused = generic().noop(NoopRequest.newBuilder().setSessionId(session).build());
  }

  ContentStatus find(String session, String digest) {
    return resources()
        .findContent(
            FindContentRequest.newBuilder().setSessionId(session).addDigests(digest).build())
        .getContents(0);
  }

  /** Uploads all of it in chunks and returns its digest. */
  String upload(String session, byte[] content) {
    String digest = digest(content);
    Upload upload = startUpload(session, digest, content.length, 0);
    for (int at = 0; at < content.length; at += CHUNK) {
      upload.chunk(Arrays.copyOfRange(content, at, Math.min(content.length, at + CHUNK)));
    }
    var unused = upload.finish();
    return digest;
  }

  Upload startUpload(String session, String digest, long size, long offset) {
    CompletableFuture<UploadContentResponse> response = new CompletableFuture<>();
    ClientCallStreamObserver<UploadContentRequest> requests =
        (ClientCallStreamObserver<UploadContentRequest>)
            ResourceServiceGrpc.newStub(channel)
                .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
                .uploadContent(new Single<>(response));
    requests.onNext(
        UploadContentRequest.newBuilder()
            .setHeader(
                UploadHeader.newBuilder()
                    .setSessionId(session)
                    .setDigest(digest)
                    .setSizeBytes(size)
                    .setOffset(offset))
            .build());
    return new Upload(requests, response);
  }

  /** An upload under way. */
  record Upload(
      ClientCallStreamObserver<UploadContentRequest> requests,
      CompletableFuture<UploadContentResponse> response) {
    Upload chunk(byte[] bytes) {
      requests.onNext(
          UploadContentRequest.newBuilder().setChunk(ByteString.copyFrom(bytes)).build());
      return this;
    }

    UploadContentResponse finish() {
      requests.onCompleted();
      return get(response);
    }

    void vanish() {
      requests.cancel("gone", null);
    }
  }

  String register(String session, String name, String digest, long size) {
    return registered(session, name, digest, size).getResourceId();
  }

  RegisterResourceResponse registered(String session, String name, String digest, long size) {
    return resources()
        .registerResource(
            RegisterResourceRequest.newBuilder()
                .setSessionId(session)
                .setKind(ResourceKind.RESOURCE_KIND_MODEL)
                .addFiles(
                    ResourceFile.newBuilder().setName(name).setDigest(digest).setSizeBytes(size))
                .build());
  }

  String load(String session, String resource) {
    return models()
        .loadModel(
            LoadModelRequest.newBuilder()
                .setSessionId(session)
                .setResourceId(resource)
                .setFormat(ModelFormat.MODEL_FORMAT_ONNX)
                .build())
        .getModelId();
  }

  /** Uploads, registers and loads a model of these bytes. */
  String loadModel(String session, byte[] content) {
    return load(session, register(session, "net.onnx", upload(session, content), content.length));
  }

  RunModelResponse run(String session, String model, Payload data, long size) {
    return models().runModel(runRequest(session, model, data, size).build());
  }

  /** A run with one tensor of so many bytes. */
  RunModelRequest.Builder runRequest(String session, String model, Payload data, long size) {
    return RunModelRequest.newBuilder()
        .setSessionId(session)
        .setModelId(model)
        .addInputs(
            Tensor.newBuilder()
                .setElementType(ElementType.ELEMENT_TYPE_UINT8)
                .addShape(size)
                .setData(data));
  }

  Payload inline(byte[] bytes) {
    return Payload.newBuilder().setInline(ByteString.copyFrom(bytes)).build();
  }

  Payload buffer(String id) {
    return Payload.newBuilder().setBufferId(id).build();
  }

  String writeBuffer(String session, byte[] content) {
    return writeBuffer(session, content, content.length);
  }

  String writeBuffer(String session, byte[] content, long announced) {
    CompletableFuture<WriteBufferResponse> response = new CompletableFuture<>();
    StreamObserver<WriteBufferRequest> requests =
        BufferServiceGrpc.newStub(channel)
            .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
            .writeBuffer(new Single<>(response));
    requests.onNext(
        WriteBufferRequest.newBuilder()
            .setHeader(WriteBufferHeader.newBuilder().setSessionId(session).setSizeBytes(announced))
            .build());
    for (int at = 0; at < content.length; at += CHUNK) {
      requests.onNext(
          WriteBufferRequest.newBuilder()
              .setChunk(ByteString.copyFrom(content, at, Math.min(CHUNK, content.length - at)))
              .build());
    }
    requests.onCompleted();
    return get(response).getBufferId();
  }

  byte[] readBuffer(String session, String buffer) {
    ByteString[] all = {ByteString.EMPTY};
    buffers()
        .readBuffer(
            ReadBufferRequest.newBuilder().setSessionId(session).setBufferId(buffer).build())
        .forEachRemaining(message -> all[0] = all[0].concat(message.getChunk()));
    return all[0].toByteArray();
  }

  static String digest(byte[] content) {
    MessageDigest sha256 = Digest.sha256();
    sha256.update(content);
    return Digest.of(sha256).hex();
  }

  /** The error that a call ends with. */
  static VaccelException error(ThrowingCallable call) {
    return WireErrors.fromStatus(catchThrowable(call));
  }

  /** The field that the {@code BadRequest} names which a call ends with. */
  static String field(ThrowingCallable call) throws InvalidProtocolBufferException {
    com.google.rpc.Status status = StatusProto.fromThrowable(catchThrowable(call));
    assertThat(status).as("the call's failure").isNotNull();
    for (Any detail : status.getDetailsList()) {
      if (detail.is(BadRequest.class)) {
        return detail.unpack(BadRequest.class).getFieldViolations(0).getField();
      }
    }
    throw new AssertionError("no field is named: " + status);
  }

  static <T> T get(CompletableFuture<T> response) {
    try {
      return response.get(SECONDS, TimeUnit.SECONDS);
    } catch (java.util.concurrent.ExecutionException e) {
      if (e.getCause() instanceof StatusRuntimeException status) {
        throw status;
      }
      throw new AssertionError(e);
    } catch (InterruptedException | java.util.concurrent.TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }

  /** The one response of a call. */
  private static final class Single<Q, R> implements ClientResponseObserver<Q, R> {
    private final CompletableFuture<R> response;

    Single(CompletableFuture<R> response) {
      this.response = response;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<Q> requests) {}

    @Override
    public void onNext(R value) {
      response.complete(value);
    }

    @Override
    public void onError(Throwable failure) {
      response.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {
      response.completeExceptionally(new AssertionError("no response"));
    }
  }

  /** Applies {@code use} to a fresh session. */
  <T> T inSession(Function<String, T> use) {
    return use.apply(openSession());
  }
}
