package io.vaccel.wire;

import io.vaccel.Classification;
import io.vaccel.Classify;
import io.vaccel.Operations;
import io.vaccel.v1.ClassifyImageRequest;
import io.vaccel.v1.ClassifyImageResponse;
import io.vaccel.v1.ImageServiceGrpc;
import io.vaccel.v1.Label;
import java.util.List;

/** How the operations of {@code ImageService} travel. */
final class ImageWire {
  private static final WireOperation<
          Classify, Classification, ClassifyImageRequest, ClassifyImageResponse>
      CLASSIFY =
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
                      .addAllLabels(result.labels().stream().map(ImageWire::encode).toList())
                      .setExecutedOn(Codec.encode(result.executedOn()))
                      .build(),
              (response, in) ->
                  new Classification(
                      response.getLabelsList().stream().map(ImageWire::decode).toList(),
                      Codec.decode(response.getExecutedOn(), in)));

  static final List<WireOperation<?, ?, ?, ?>> ALL = List.of(CLASSIFY);

  private ImageWire() {}

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
