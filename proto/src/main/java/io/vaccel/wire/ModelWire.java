package io.vaccel.wire;

import com.google.protobuf.ByteString;
import io.vaccel.ModelRun;
import io.vaccel.Operations;
import io.vaccel.v1.ModelServiceGrpc;
import io.vaccel.v1.RunModelRequest;
import io.vaccel.v1.RunModelResponse;
import java.util.List;

/** How the operations of {@code ModelService} travel. */
final class ModelWire {
  private static final WireOperation<ModelRun, ModelRun.Outputs, RunModelRequest, RunModelResponse>
      RUN =
          new WireOperation<>(
              Operations.MODEL_RUN,
              ModelServiceGrpc.getRunModelMethod(),
              RunModelRequest::getSessionId,
              (input, out) ->
                  RunModelRequest.newBuilder()
                      .setSessionId(out.sessionId())
                      .setModelId(out.modelId(input.model()))
                      .addAllInputs(Codec.encode(input.inputs(), out))
                      .addAllOutputs(input.outputs())
                      .setRunOptions(ByteString.copyFrom(input.options()))
                      .build(),
              (request, in) ->
                  new ModelRun(
                      in.model(request.getModelId()),
                      Codec.decode("inputs", request.getInputsList(), in),
                      request.getOutputsList(),
                      request.getRunOptions().asReadOnlyByteBuffer()),
              (outputs, out) ->
                  RunModelResponse.newBuilder()
                      .addAllOutputs(Codec.encode(outputs.tensors(), out))
                      .setExecutedOn(Codec.encode(outputs.executedOn()))
                      .build(),
              (response, in) ->
                  new ModelRun.Outputs(
                      Codec.decode("outputs", response.getOutputsList(), in),
                      Codec.decode(response.getExecutedOn(), in)));

  static final List<WireOperation<?, ?, ?, ?>> ALL = List.of(RUN);

  private ModelWire() {}
}
