package io.vaccel.interop;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.vaccel.Digest;
import io.vaccel.transport.Channels;
import io.vaccel.transport.Endpoint;
import io.vaccel.v1.FindContentRequest;
import io.vaccel.v1.OpenSessionRequest;
import io.vaccel.v1.ResourceServiceGrpc;
import io.vaccel.v1.SessionServiceGrpc;
import io.vaccel.v1.UploadContentRequest;
import io.vaccel.v1.UploadContentResponse;
import io.vaccel.v1.UploadHeader;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;

/** An upload that breaks off in the middle, as when a guest's connection is cut. */
final class BrokenUpload {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private BrokenUpload() {}

  /** Sends the first {@code bytes} of a content, waits until the agent has them, and cancels. */
  static void of(byte[] content, int bytes, String endpoint) {
    ManagedChannel channel = Channels.open(Endpoint.parse(endpoint));
    try {
      String session =
          SessionServiceGrpc.newBlockingStub(channel)
              .openSession(OpenSessionRequest.getDefaultInstance())
              .getSessionId();
      MessageDigest sha256 = Digest.sha256();
      sha256.update(content);
      String digest = Digest.of(sha256).hex();
      var upload =
          (ClientCallStreamObserver<UploadContentRequest>)
              ResourceServiceGrpc.newStub(channel).uploadContent(new Unanswered());
      upload.onNext(
          UploadContentRequest.newBuilder()
              .setHeader(
                  UploadHeader.newBuilder()
                      .setSessionId(session)
                      .setDigest(digest)
                      .setSizeBytes(content.length))
              .build());
      upload.onNext(
          UploadContentRequest.newBuilder()
              .setChunk(ByteString.copyFrom(Arrays.copyOf(content, bytes)))
              .build());
      awaitArrival(channel, session, digest, bytes);
      upload.cancel("the test breaks it", null);
    } finally {
      channel.shutdownNow();
    }
  }

  private static void awaitArrival(
      ManagedChannel channel, String session, String digest, long bytes) {
    FindContentRequest request =
        FindContentRequest.newBuilder().setSessionId(session).addDigests(digest).build();
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (ResourceServiceGrpc.newBlockingStub(channel)
            .findContent(request)
            .getContents(0)
            .getReceivedBytes()
        < bytes) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("the agent has not got " + bytes + " bytes in " + LIMIT);
      }
    }
  }

  /** Nothing is expected from a call that is cancelled. */
  private static final class Unanswered implements StreamObserver<UploadContentResponse> {
    @Override
    public void onNext(UploadContentResponse response) {}

    @Override
    public void onError(Throwable error) {}

    @Override
    public void onCompleted() {}
  }
}
