package io.vaccel.guest;

import io.vaccel.Classification;
import io.vaccel.DepthMap;
import io.vaccel.Detect;
import io.vaccel.Detections;
import io.vaccel.ElementType;
import io.vaccel.EstimateDepth;
import io.vaccel.EstimatePose;
import io.vaccel.ExecutedOn;
import io.vaccel.Image;
import io.vaccel.ImageInput;
import io.vaccel.Poses;
import io.vaccel.Result;
import io.vaccel.Segment;
import io.vaccel.Segmentation;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** What a fake plugin finds in every picture. */
final class FakeFindings {
  static final String PNG = "a picture";

  private FakeFindings() {}

  static Result of(ImageInput input, ExecutedOn at) {
    if (input instanceof Detect detect) {
      List<Detections.Detection> found =
          List.of(found(2, "dog", 0.9f, 128), found(1, "Egyptian cat", 0.42f, 7));
      List<Detections.Detection> wanted =
          found.stream().filter(one -> one.label().score() >= detect.minScore()).toList();
      return new Detections(wanted, drawn(detect.annotate()), at);
    }
    if (input instanceof Segment segment) {
      ByteBuffer data = ByteBuffer.wrap(new byte[] {1, 0, 0, 0, 0, 0, 0, 0});
      Tensor mask = Tensor.of("mask", ElementType.UINT16, Shape.of(2, 2), data);
      return new Segmentation(
          mask, List.of("background", "person", "sky"), drawn(segment.annotate()), at);
    }
    if (input instanceof EstimatePose pose) {
      Poses.Pose person =
          new Poses.Pose(List.of(new Poses.Keypoint("left elbow", 311, 402, 0.98f)), 0.75f);
      return new Poses(List.of(person), drawn(pose.annotate()), at);
    }
    EstimateDepth depth = (EstimateDepth) input;
    Tensor map = Tensor.ofFloats("depth", Shape.of(1, 3), 0.5f, 8.25f, 2);
    return new DepthMap(map, drawn(depth.annotate()), at);
  }

  private static Detections.Detection found(int index, String name, float score, float x) {
    return new Detections.Detection(
        new Classification.Label(index, name, score), new Detections.Box(x, 20, 190, 320));
  }

  private static Optional<Image.Encoded> drawn(boolean wanted) {
    ByteBuffer file = ByteBuffer.wrap(PNG.getBytes(StandardCharsets.US_ASCII));
    return wanted ? Optional.of(new Image.Encoded(file)) : Optional.empty();
  }
}
