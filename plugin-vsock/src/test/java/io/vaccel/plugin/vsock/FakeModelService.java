package io.vaccel.plugin.vsock;

import io.grpc.stub.StreamObserver;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.plugin.vsock.FakeSessions.FakeSession;
import io.vaccel.v1.ElementType;
import io.vaccel.v1.LoadModelRequest;
import io.vaccel.v1.LoadModelResponse;
import io.vaccel.v1.ModelServiceGrpc;
import io.vaccel.v1.TensorInfo;
import io.vaccel.v1.UnloadModelRequest;
import io.vaccel.v1.UnloadModelResponse;
import java.util.List;
import java.util.UUID;

/** A fake agent's models: files that begin with an {@code M}. */
final class FakeModelService extends ModelServiceGrpc.ModelServiceImplBase {
  private final FakeSessions sessions;
  private final FakeContents contents;

  FakeModelService(FakeSessions sessions, FakeContents contents) {
    this.sessions = sessions;
    this.contents = contents;
  }

  @Override
  public void loadModel(LoadModelRequest request, StreamObserver<LoadModelResponse> observer) {
    Answers.with(
        observer,
        () -> {
          FakeSession session = sessions.get(request.getSessionId());
          List<String> files = session.resources.get(request.getResourceId());
          if (files == null) {
            throw new VaccelException(Reason.RESOURCE_NOT_FOUND, "no such resource");
          }
          if (contents.head(files.get(0)) != 'M') {
            throw new VaccelException(Reason.MODEL_UNREADABLE, "the file is no model");
          }
          String modelId = "model-" + UUID.randomUUID();
          session.models.put(modelId, files.get(0));
          return LoadModelResponse.newBuilder()
              .setModelId(modelId)
              .addInputs(
                  TensorInfo.newBuilder()
                      .setName("in")
                      .setElementType(ElementType.ELEMENT_TYPE_FLOAT32)
                      .addShape(-1))
              .setExecutedOn(FakeGenericService.executedOn("load"))
              .build();
        });
  }

  @Override
  public void unloadModel(
      UnloadModelRequest request, StreamObserver<UnloadModelResponse> observer) {
    Answers.with(
        observer,
        () -> {
          if (sessions.get(request.getSessionId()).models.remove(request.getModelId()) == null) {
            throw new VaccelException(Reason.MODEL_NOT_FOUND, "no such model");
          }
          return UnloadModelResponse.getDefaultInstance();
        });
  }
}
