package io.vaccel.agent;

import io.vaccel.LoadedModel;
import io.vaccel.ModelFormat;
import io.vaccel.Reason;
import io.vaccel.Resource;
import io.vaccel.ResourceKind;
import io.vaccel.VaccelException;
import io.vaccel.v1.LoadModelRequest;
import io.vaccel.v1.LoadModelResponse;
import io.vaccel.v1.ModelServiceGrpc;
import io.vaccel.v1.UnloadModelRequest;
import io.vaccel.v1.UnloadModelResponse;
import io.vaccel.wire.Codec;

/** Loading and unloading of {@code ModelService}; running is an operation like any other. */
final class ModelMethods {
  private final Sessions sessions;

  ModelMethods(Sessions sessions) {
    this.sessions = sessions;
  }

  void bind(Services services, Calls calls) {
    services.bind(ModelServiceGrpc.getLoadModelMethod(), calls.unary(this::load));
    services.bind(ModelServiceGrpc.getUnloadModelMethod(), calls.unary(this::unload));
  }

  private LoadModelResponse load(LoadModelRequest request, CallScope scope) {
    AgentSession session = sessions.enter(request.getSessionId(), scope);
    Resource resource = session.resources().get(request.getResourceId());
    if (resource.kind() != ResourceKind.MODEL) {
      throw new VaccelException(
              Reason.ARGUMENT_INVALID, "the resource is " + resource.kind() + ", not a MODEL")
          .with("field", "resource_id");
    }
    ModelFormat format = Codec.decode(request.getFormat());
    SessionModels.Loaded model = session.models().load(resource, format, scope);
    scope.onUndelivered(() -> session.models().unload(model.id()));
    LoadedModel loaded = model.model().loaded();
    return LoadModelResponse.newBuilder()
        .setModelId(model.id())
        .addAllInputs(Codec.encode(loaded.signature().inputs()))
        .addAllOutputs(Codec.encode(loaded.signature().outputs()))
        .setExecutedOn(Codec.encode(loaded.executedOn()))
        .build();
  }

  private UnloadModelResponse unload(UnloadModelRequest request, CallScope scope) {
    sessions.enter(request.getSessionId(), scope).models().unload(request.getModelId());
    return UnloadModelResponse.getDefaultInstance();
  }
}
