package io.vaccel.wire;

import io.vaccel.Classification;
import io.vaccel.Classify;
import io.vaccel.Echo;
import io.vaccel.ModelRun;
import io.vaccel.Noop;
import io.vaccel.Operation;
import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.Result;
import io.vaccel.VaccelException;
import io.vaccel.v1.ClassifyImageRequest;
import io.vaccel.v1.ClassifyImageResponse;
import io.vaccel.v1.EchoRequest;
import io.vaccel.v1.EchoResponse;
import io.vaccel.v1.GenericServiceGrpc;
import io.vaccel.v1.ImageServiceGrpc;
import io.vaccel.v1.Label;
import io.vaccel.v1.ModelServiceGrpc;
import io.vaccel.v1.NoopRequest;
import io.vaccel.v1.NoopResponse;
import io.vaccel.v1.RunModelRequest;
import io.vaccel.v1.RunModelResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The table of all operations that travel: the one place of {@code proto} that a new operation
 * touches.
 */
public final class WireOperations {
  private static final WireOperation<Noop, Noop.Done, NoopRequest, NoopResponse> NOOP =
      new WireOperation<>(
          Operations.NOOP,
          GenericServiceGrpc.getNoopMethod(),
          NoopRequest::getSessionId,
          (input, out) -> NoopRequest.newBuilder().setSessionId(out.sessionId()).build(),
          (request, in) -> new Noop(),
          (done, out) ->
              NoopResponse.newBuilder().setExecutedOn(Codec.encode(done.executedOn())).build(),
          (response, in) -> new Noop.Done(Codec.decode(response.getExecutedOn(), in)));

  private static final WireOperation<Echo, Echo.Reply, EchoRequest, EchoResponse> ECHO =
      new WireOperation<>(
          Operations.ECHO,
          GenericServiceGrpc.getEchoMethod(),
          EchoRequest::getSessionId,
          (input, out) ->
              EchoRequest.newBuilder()
                  .setSessionId(out.sessionId())
                  .addAllTensors(Codec.encode(input.tensors(), out))
                  .build(),
          (request, in) -> new Echo(Codec.decode(request.getTensorsList(), in)),
          (reply, out) ->
              EchoResponse.newBuilder()
                  .addAllTensors(Codec.encode(reply.tensors(), out))
                  .setExecutedOn(Codec.encode(reply.executedOn()))
                  .build(),
          (response, in) ->
              new Echo.Reply(
                  Codec.decode(response.getTensorsList(), in),
                  Codec.decode(response.getExecutedOn(), in)));

  private static final WireOperation<ModelRun, ModelRun.Outputs, RunModelRequest, RunModelResponse>
      MODEL_RUN =
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
                      .build(),
              (request, in) ->
                  new ModelRun(
                      in.model(request.getModelId()),
                      Codec.decode(request.getInputsList(), in),
                      request.getOutputsList()),
              (outputs, out) ->
                  RunModelResponse.newBuilder()
                      .addAllOutputs(Codec.encode(outputs.tensors(), out))
                      .setExecutedOn(Codec.encode(outputs.executedOn()))
                      .build(),
              (response, in) ->
                  new ModelRun.Outputs(
                      Codec.decode(response.getOutputsList(), in),
                      Codec.decode(response.getExecutedOn(), in)));

  private static final WireOperation<
          Classify, Classification, ClassifyImageRequest, ClassifyImageResponse>
      IMAGE_CLASSIFY =
          new WireOperation<>(
              Operations.IMAGE_CLASSIFY,
              ImageServiceGrpc.getClassifyImageMethod(),
              ClassifyImageRequest::getSessionId,
              (input, out) ->
                  ClassifyImageRequest.newBuilder()
                      .setSessionId(out.sessionId())
                      .setModelId(out.modelId(input.model()))
                      .setImage(Codec.encode(input.image(), out))
                      .setTop(input.top())
                      .build(),
              (request, in) ->
                  new Classify(
                      in.model(request.getModelId()),
                      Codec.decode(request.getImage(), in),
                      request.getTop() == 0 ? Classify.DEFAULT_TOP : request.getTop()),
              (result, out) ->
                  ClassifyImageResponse.newBuilder()
                      .addAllLabels(result.labels().stream().map(WireOperations::encode).toList())
                      .setExecutedOn(Codec.encode(result.executedOn()))
                      .build(),
              (response, in) ->
                  new Classification(
                      response.getLabelsList().stream().map(WireOperations::decode).toList(),
                      Codec.decode(response.getExecutedOn(), in)));

  private static final List<WireOperation<?, ?, ?, ?>> ALL =
      List.of(NOOP, ECHO, MODEL_RUN, IMAGE_CLASSIFY);

  private static final Map<Operation<?, ?>, WireOperation<?, ?, ?, ?>> BY_OPERATION =
      ALL.stream().collect(Collectors.toMap(WireOperation::operation, Function.identity()));

  private WireOperations() {}

  /** All of them. */
  public static List<WireOperation<?, ?, ?, ?>> all() {
    return ALL;
  }

  /**
   * How this operation travels.
   *
   * @throws VaccelException {@link Reason#NO_PLUGIN} when it does not
   */
  // Each entry's types agree with its key's: the table is made so above.
  @SuppressWarnings("unchecked")
  public static <I, O extends Result> WireOperation<I, O, ?, ?> of(Operation<I, O> operation) {
    return Optional.ofNullable((WireOperation<I, O, ?, ?>) BY_OPERATION.get(operation))
        .orElseThrow(
            () ->
                new VaccelException(
                    Reason.NO_PLUGIN, operation + " does not travel in this version"));
  }

  private static Label encode(Classification.Label label) {
    return Label.newBuilder()
        .setIndex(label.index())
        .setName(label.name())
        .setScore(label.score())
        .build();
  }

  private static Classification.Label decode(Label label) {
    return new Classification.Label(label.getIndex(), label.getName(), label.getScore());
  }
}
