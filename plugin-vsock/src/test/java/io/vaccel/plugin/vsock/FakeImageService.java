package io.vaccel.plugin.vsock;

import io.grpc.stub.StreamObserver;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.v1.ClassifyImageRequest;
import io.vaccel.v1.ClassifyImageResponse;
import io.vaccel.v1.ImageServiceGrpc;
import io.vaccel.v1.Label;

/** A fake agent's classifier: the label is the first byte of the picture. */
final class FakeImageService extends ImageServiceGrpc.ImageServiceImplBase {
  private final FakeSessions sessions;

  FakeImageService(FakeSessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public void classifyImage(
      ClassifyImageRequest request, StreamObserver<ClassifyImageResponse> observer) {
    Answers.with(
        observer,
        () -> {
          if (!sessions.get(request.getSessionId()).models.containsKey(request.getModelId())) {
            throw new VaccelException(Reason.MODEL_NOT_FOUND, "no such model");
          }
          int index = request.getImage().getEncoded().getInline().byteAt(0);
          return ClassifyImageResponse.newBuilder()
              .addLabels(Label.newBuilder().setIndex(index).setName("class " + index).setScore(1))
              .setExecutedOn(FakeGenericService.executedOn("inference"))
              .build();
        });
  }
}
