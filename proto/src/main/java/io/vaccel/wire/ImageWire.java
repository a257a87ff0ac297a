package io.vaccel.wire;

import io.vaccel.Classification;
import io.vaccel.Classify;
import io.vaccel.DepthMap;
import io.vaccel.Detect;
import io.vaccel.Detections;
import io.vaccel.EstimateDepth;
import io.vaccel.EstimatePose;
import io.vaccel.Image;
import io.vaccel.Operations;
import io.vaccel.Poses;
import io.vaccel.Segment;
import io.vaccel.Segmentation;
import io.vaccel.v1.ClassifyImageRequest;
import io.vaccel.v1.ClassifyImageResponse;
import io.vaccel.v1.DetectObjectsRequest;
import io.vaccel.v1.DetectObjectsResponse;
import io.vaccel.v1.EstimateDepthRequest;
import io.vaccel.v1.EstimateDepthResponse;
import io.vaccel.v1.EstimatePoseRequest;
import io.vaccel.v1.EstimatePoseResponse;
import io.vaccel.v1.ImageServiceGrpc;
import io.vaccel.v1.Payload;
import io.vaccel.v1.SegmentImageRequest;
import io.vaccel.v1.SegmentImageResponse;
import java.util.List;
import java.util.Optional;

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
                      Codec.decode("image", request.getImage(), in),
                      request.getTop() == 0 ? Classify.DEFAULT_TOP : request.getTop()),
              (result, out) ->
                  ClassifyImageResponse.newBuilder()
                      .addAllLabels(result.labels().stream().map(Findings::encode).toList())
                      .setExecutedOn(Codec.encode(result.executedOn()))
                      .build(),
              (response, in) ->
                  new Classification(
                      response.getLabelsList().stream().map(Findings::decode).toList(),
                      Codec.decode(response.getExecutedOn(), in)));

  private static final WireOperation<
          Detect, Detections, DetectObjectsRequest, DetectObjectsResponse>
      DETECT =
          new WireOperation<>(
              Operations.IMAGE_DETECT,
              ImageServiceGrpc.getDetectObjectsMethod(),
              DetectObjectsRequest::getSessionId,
              (input, out) ->
                  DetectObjectsRequest.newBuilder()
                      .setSessionId(out.sessionId())
                      .setModelId(out.modelId(input.model()))
                      .setImage(Codec.encode(input.image(), out))
                      .setMinScore(input.minScore())
                      .setAnnotate(input.annotate())
                      .build(),
              (request, in) ->
                  new Detect(
                      in.model(request.getModelId()),
                      Codec.decode("image", request.getImage(), in),
                      request.getMinScore(),
                      request.getAnnotate()),
              (result, out) -> {
                DetectObjectsResponse.Builder response =
                    DetectObjectsResponse.newBuilder()
                        .addAllDetections(
                            result.detections().stream().map(Findings::encode).toList())
                        .setExecutedOn(Codec.encode(result.executedOn()));
                result.annotated().ifPresent(png -> response.setAnnotated(out.payload(png.data())));
                return response.build();
              },
              (response, in) ->
                  new Detections(
                      Findings.detections(response.getDetectionsList()),
                      annotated(response.hasAnnotated(), response.getAnnotated(), in),
                      Codec.decode(response.getExecutedOn(), in)));

  private static final WireOperation<
          Segment, Segmentation, SegmentImageRequest, SegmentImageResponse>
      SEGMENT =
          new WireOperation<>(
              Operations.IMAGE_SEGMENT,
              ImageServiceGrpc.getSegmentImageMethod(),
              SegmentImageRequest::getSessionId,
              (input, out) ->
                  SegmentImageRequest.newBuilder()
                      .setSessionId(out.sessionId())
                      .setModelId(out.modelId(input.model()))
                      .setImage(Codec.encode(input.image(), out))
                      .setAnnotate(input.annotate())
                      .build(),
              (request, in) ->
                  new Segment(
                      in.model(request.getModelId()),
                      Codec.decode("image", request.getImage(), in),
                      request.getAnnotate()),
              (result, out) -> {
                SegmentImageResponse.Builder response =
                    SegmentImageResponse.newBuilder()
                        .setMask(Codec.encode(result.mask(), out))
                        .addAllClasses(result.classes())
                        .setExecutedOn(Codec.encode(result.executedOn()));
                result.annotated().ifPresent(png -> response.setAnnotated(out.payload(png.data())));
                return response.build();
              },
              (response, in) ->
                  new Segmentation(
                      Codec.decode("mask", response.getMask(), in),
                      response.getClassesList(),
                      annotated(response.hasAnnotated(), response.getAnnotated(), in),
                      Codec.decode(response.getExecutedOn(), in)));

  private static final WireOperation<EstimatePose, Poses, EstimatePoseRequest, EstimatePoseResponse>
      POSE =
          new WireOperation<>(
              Operations.IMAGE_POSE,
              ImageServiceGrpc.getEstimatePoseMethod(),
              EstimatePoseRequest::getSessionId,
              (input, out) ->
                  EstimatePoseRequest.newBuilder()
                      .setSessionId(out.sessionId())
                      .setModelId(out.modelId(input.model()))
                      .setImage(Codec.encode(input.image(), out))
                      .setAnnotate(input.annotate())
                      .build(),
              (request, in) ->
                  new EstimatePose(
                      in.model(request.getModelId()),
                      Codec.decode("image", request.getImage(), in),
                      request.getAnnotate()),
              (result, out) -> {
                EstimatePoseResponse.Builder response =
                    EstimatePoseResponse.newBuilder()
                        .addAllPoses(result.poses().stream().map(Findings::encode).toList())
                        .setExecutedOn(Codec.encode(result.executedOn()));
                result.annotated().ifPresent(png -> response.setAnnotated(out.payload(png.data())));
                return response.build();
              },
              (response, in) ->
                  new Poses(
                      Findings.poses(response.getPosesList()),
                      annotated(response.hasAnnotated(), response.getAnnotated(), in),
                      Codec.decode(response.getExecutedOn(), in)));

  private static final WireOperation<
          EstimateDepth, DepthMap, EstimateDepthRequest, EstimateDepthResponse>
      DEPTH =
          new WireOperation<>(
              Operations.IMAGE_DEPTH,
              ImageServiceGrpc.getEstimateDepthMethod(),
              EstimateDepthRequest::getSessionId,
              (input, out) ->
                  EstimateDepthRequest.newBuilder()
                      .setSessionId(out.sessionId())
                      .setModelId(out.modelId(input.model()))
                      .setImage(Codec.encode(input.image(), out))
                      .setAnnotate(input.annotate())
                      .build(),
              (request, in) ->
                  new EstimateDepth(
                      in.model(request.getModelId()),
                      Codec.decode("image", request.getImage(), in),
                      request.getAnnotate()),
              (result, out) -> {
                EstimateDepthResponse.Builder response =
                    EstimateDepthResponse.newBuilder()
                        .setDepth(Codec.encode(result.depth(), out))
                        .setExecutedOn(Codec.encode(result.executedOn()));
                result.annotated().ifPresent(png -> response.setAnnotated(out.payload(png.data())));
                return response.build();
              },
              (response, in) ->
                  new DepthMap(
                      Codec.decode("depth", response.getDepth(), in),
                      annotated(response.hasAnnotated(), response.getAnnotated(), in),
                      Codec.decode(response.getExecutedOn(), in)));

  static final List<WireOperation<?, ?, ?, ?>> ALL =
      List.of(CLASSIFY, DETECT, SEGMENT, POSE, DEPTH);

  private ImageWire() {}

  private static Optional<Image.Encoded> annotated(boolean isThere, Payload file, Inbound in) {
    return isThere ? Optional.of(new Image.Encoded(in.payload(file))) : Optional.empty();
  }
}
