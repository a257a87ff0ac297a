package io.vaccel.plugin.vsock;

import com.google.protobuf.ByteString;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.vaccel.VaccelException;
import io.vaccel.v1.BufferServiceGrpc;
import io.vaccel.v1.ReadBufferRequest;
import io.vaccel.v1.ReadBufferResponse;
import io.vaccel.v1.ReleaseBufferRequest;
import io.vaccel.v1.ReleaseBufferResponse;
import io.vaccel.v1.WriteBufferHeader;
import io.vaccel.v1.WriteBufferRequest;
import io.vaccel.v1.WriteBufferResponse;
import io.vaccel.wire.WireErrors;

/** A fake agent's buffers. */
final class FakeBufferService extends BufferServiceGrpc.BufferServiceImplBase {
  private static final int CHUNK = 300_000;

  private final FakeSessions sessions;

  FakeBufferService(FakeSessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public StreamObserver<WriteBufferRequest> writeBuffer(
      StreamObserver<WriteBufferResponse> observer) {
    return new StreamObserver<>() {
      private WriteBufferHeader header;
      private ByteString.Output bytes;

      @Override
      public void onNext(WriteBufferRequest request) {
        if (request.hasHeader()) {
          header = request.getHeader();
          bytes = ByteString.newOutput((int) header.getSizeBytes());
          return;
        }
        byte[] chunk = request.getChunk().toByteArray();
        bytes.write(chunk, 0, chunk.length);
      }

      @Override
      public void onError(Throwable failure) {}

      @Override
      public void onCompleted() {
        Answers.with(
            observer,
            () ->
                WriteBufferResponse.newBuilder()
                    .setBufferId(sessions.get(header.getSessionId()).add(bytes.toByteString()))
                    .build());
      }
    };
  }

  @Override
  public void readBuffer(
      ReadBufferRequest request, StreamObserver<ReadBufferResponse> plainObserver) {
    ServerCallStreamObserver<ReadBufferResponse> observer =
        (ServerCallStreamObserver<ReadBufferResponse>) plainObserver;
    ByteString bytes;
    try {
      bytes = sessions.get(request.getSessionId()).take(request.getBufferId());
    } catch (VaccelException e) {
      observer.onError(WireErrors.toStatus(e));
      return;
    }
    observer.setOnReadyHandler(
        new Runnable() {
          private int sent = -1;

          @Override
          public void run() {
            while (observer.isReady() && sent < bytes.size()) {
              ReadBufferResponse.Builder next = ReadBufferResponse.newBuilder();
              if (sent < 0) {
                next.setSizeBytes(bytes.size());
                sent = 0;
              }
              int end = Math.min(bytes.size(), sent + CHUNK);
              observer.onNext(next.setChunk(bytes.substring(sent, end)).build());
              sent = end;
              if (sent == bytes.size()) {
                observer.onCompleted();
                return;
              }
            }
          }
        });
  }

  @Override
  public void releaseBuffer(
      ReleaseBufferRequest request, StreamObserver<ReleaseBufferResponse> observer) {
    Answers.with(
        observer,
        () -> {
          sessions.get(request.getSessionId()).take(request.getBufferId());
          return ReleaseBufferResponse.getDefaultInstance();
        });
  }
}
