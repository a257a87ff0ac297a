package io.vaccel.plugin.vsock;

import io.grpc.stub.StreamObserver;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.v1.FindContentRequest;
import io.vaccel.v1.FindContentResponse;
import io.vaccel.v1.RegisterResourceRequest;
import io.vaccel.v1.RegisterResourceResponse;
import io.vaccel.v1.ResourceFile;
import io.vaccel.v1.ResourceServiceGrpc;
import io.vaccel.v1.UnregisterResourceRequest;
import io.vaccel.v1.UnregisterResourceResponse;
import io.vaccel.v1.UploadContentRequest;
import io.vaccel.v1.UploadContentResponse;
import io.vaccel.v1.UploadHeader;
import io.vaccel.wire.WireErrors;
import java.util.UUID;

/** A fake agent's resources. */
final class FakeResourceService extends ResourceServiceGrpc.ResourceServiceImplBase {
  private final FakeSessions sessions;
  private final FakeContents contents;

  FakeResourceService(FakeSessions sessions, FakeContents contents) {
    this.sessions = sessions;
    this.contents = contents;
  }

  @Override
  public void findContent(
      FindContentRequest request, StreamObserver<FindContentResponse> observer) {
    Answers.with(
        observer,
        () -> {
          sessions.get(request.getSessionId());
          FindContentResponse.Builder response = FindContentResponse.newBuilder();
          request.getDigestsList().forEach(digest -> response.addContents(contents.status(digest)));
          return response.build();
        });
  }

  @Override
  public StreamObserver<UploadContentRequest> uploadContent(
      StreamObserver<UploadContentResponse> observer) {
    return new StreamObserver<>() {
      private UploadHeader header;
      private boolean failed;

      @Override
      public void onNext(UploadContentRequest request) {
        if (failed) {
          return;
        }
        try {
          if (request.hasHeader()) {
            header = request.getHeader();
            sessions.get(header.getSessionId());
            contents.begin(header.getDigest(), header.getOffset());
          } else {
            contents.append(header.getDigest(), request.getChunk().toByteArray());
          }
        } catch (VaccelException e) {
          failed = true;
          observer.onError(WireErrors.toStatus(e));
        }
      }

      @Override
      public void onError(Throwable failure) {}

      @Override
      public void onCompleted() {
        if (failed) {
          return;
        }
        Answers.with(
            observer,
            () -> {
              contents.complete(header.getDigest(), header.getSizeBytes());
              return UploadContentResponse.newBuilder().setSizeBytes(header.getSizeBytes()).build();
            });
      }
    };
  }

  @Override
  public void registerResource(
      RegisterResourceRequest request, StreamObserver<RegisterResourceResponse> observer) {
    Answers.with(
        observer,
        () -> {
          for (ResourceFile file : request.getFilesList()) {
            if (!contents.isComplete(file.getDigest())) {
              throw new VaccelException(Reason.CONTENT_MISSING, "upload it first");
            }
          }
          String resourceId = "resource-" + UUID.randomUUID();
          sessions
              .get(request.getSessionId())
              .resources
              .put(
                  resourceId,
                  request.getFilesList().stream().map(ResourceFile::getDigest).toList());
          return RegisterResourceResponse.newBuilder().setResourceId(resourceId).build();
        });
  }

  @Override
  public void unregisterResource(
      UnregisterResourceRequest request, StreamObserver<UnregisterResourceResponse> observer) {
    Answers.with(
        observer,
        () -> {
          if (sessions.get(request.getSessionId()).resources.remove(request.getResourceId())
              == null) {
            throw new VaccelException(Reason.RESOURCE_NOT_FOUND, "no such resource");
          }
          return UnregisterResourceResponse.getDefaultInstance();
        });
  }
}
