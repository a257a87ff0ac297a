package io.vaccel.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.vaccel.Classification;
import io.vaccel.DepthMap;
import io.vaccel.Detect;
import io.vaccel.Detections;
import io.vaccel.ExecutedOn;
import io.vaccel.Image;
import io.vaccel.Operations;
import io.vaccel.Poses;
import io.vaccel.Reason;
import io.vaccel.Segmentation;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.VaccelException;
import io.vaccel.v1.Box;
import io.vaccel.v1.DetectObjectsResponse;
import io.vaccel.v1.Detection;
import io.vaccel.v1.ElementType;
import io.vaccel.v1.EstimateDepthResponse;
import io.vaccel.v1.EstimatePoseResponse;
import io.vaccel.v1.Keypoint;
import io.vaccel.v1.Payload;
import io.vaccel.v1.Pose;
import io.vaccel.v1.SegmentImageResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What is found in pictures comes back the same, and what an agent makes up is refused. */
final class FindingsTest {
  private static final ExecutedOn HERE = ExecutedOn.here("onnx", "CPU");

  private final WireSide side = new WireSide(16);

  @Property(tries = 200)
  void detections_areTheSame(
      @ForAll("boxes") List<Detections.Detection> detections, @ForAll boolean annotated)
      throws InvalidProtocolBufferException {
    Detections result = new Detections(detections, picture(annotated), HERE);
    Detections back = Trip.result(Operations.IMAGE_DETECT, result, side);
    assertThat(back.detections()).isEqualTo(detections);
    assertThat(back.annotated()).isEqualTo(result.annotated());
    assertThat(side.buffersLeft()).isZero();
  }

  @Property(tries = 200)
  void poses_areTheSame(@ForAll("people") List<Poses.Pose> poses, @ForAll boolean annotated)
      throws InvalidProtocolBufferException {
    Poses result = new Poses(poses, picture(annotated), HERE);
    Poses back = Trip.result(Operations.IMAGE_POSE, result, side);
    assertThat(back.poses()).isEqualTo(poses);
    assertThat(back.annotated()).isEqualTo(result.annotated());
  }

  @Property(tries = 100)
  void masksAndDepths_areTheSame(
      @ForAll @IntRange(min = 1, max = 9) int width,
      @ForAll @IntRange(min = 1, max = 9) int height,
      @ForAll boolean annotated)
      throws InvalidProtocolBufferException {
    ByteBuffer indices = ByteBuffer.allocate(2 * width * height).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < width * height; i++) {
      indices.putShort((short) (i % 2));
    }
    Shape shape = Shape.of(height, width);
    Tensor mask = Tensor.of("mask", io.vaccel.ElementType.UINT16, shape, indices.flip());
    Segmentation segmentation = new Segmentation(mask, List.of("a", "b"), picture(annotated), HERE);
    Segmentation back = Trip.result(Operations.IMAGE_SEGMENT, segmentation, side);
    assertThat(back.mask()).isEqualTo(mask);
    assertThat(back.classes()).containsExactly("a", "b");
    assertThat(back.annotated()).isEqualTo(segmentation.annotated());
    DepthMap depth =
        new DepthMap(
            Tensor.ofFloats("depth", shape, new float[width * height]), picture(annotated), HERE);
    DepthMap depthBack = Trip.result(Operations.IMAGE_DEPTH, depth, side);
    assertThat(depthBack.depth()).isEqualTo(depth.depth());
    assertThat(depthBack.annotated()).isEqualTo(depth.annotated());
  }

  @Property
  void scoreOutsideOfItsRange_isRefused_namingTheField(@ForAll float score) {
    if (score >= 0 && score <= 1) {
      assertThat(new Detect(null, null, score, false).minScore()).isEqualTo(score);
    } else {
      assertInvalid(() -> new Detect(null, null, score, false), "min_score");
    }
  }

  @Example
  void boxesThatAreNowhere_areRefused() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, -1}) {
      Detection detection = Detection.newBuilder().setBox(Box.newBuilder().setWidth(bad)).build();
      DetectObjectsResponse response =
          DetectObjectsResponse.newBuilder().addDetections(detection).build();
      assertInvalid(() -> Trip.decode(Operations.IMAGE_DETECT, response, side), "box");
    }
    Pose nowhere = Pose.newBuilder().addKeypoints(Keypoint.newBuilder().setX(Float.NaN)).build();
    EstimatePoseResponse response = EstimatePoseResponse.newBuilder().addPoses(nowhere).build();
    assertInvalid(() -> Trip.decode(Operations.IMAGE_POSE, response, side), "keypoint");
  }

  @Example
  void tooMany_areRefused() {
    DetectObjectsResponse detections =
        DetectObjectsResponse.newBuilder()
            .addAllDetections(Collections.nCopies(1001, Detection.getDefaultInstance()))
            .build();
    assertInvalid(
        () -> Trip.decode(Operations.IMAGE_DETECT, detections, side),
        "1001 detections, the limit is 1000");
    EstimatePoseResponse poses =
        EstimatePoseResponse.newBuilder()
            .addAllPoses(Collections.nCopies(1001, Pose.getDefaultInstance()))
            .build();
    assertInvalid(() -> Trip.decode(Operations.IMAGE_POSE, poses, side), "1001 poses");
    Pose points =
        Pose.newBuilder()
            .addAllKeypoints(Collections.nCopies(1001, Keypoint.getDefaultInstance()))
            .build();
    EstimatePoseResponse one = EstimatePoseResponse.newBuilder().addPoses(points).build();
    assertInvalid(() -> Trip.decode(Operations.IMAGE_POSE, one, side), "1001 keypoints");
  }

  @Example
  void maskOrDepthThatIsNone_isRefused() {
    SegmentImageResponse.Builder mask =
        SegmentImageResponse.newBuilder()
            .addClasses("only one")
            .setMask(tensor(ElementType.ELEMENT_TYPE_UINT16, new byte[] {1, 0}, 1, 1));
    assertInvalid(
        () -> Trip.decode(Operations.IMAGE_SEGMENT, mask.build(), side),
        "mask holds class 1, there are 1");
    mask.setMask(tensor(ElementType.ELEMENT_TYPE_UINT8, new byte[] {0}, 1, 1));
    assertInvalid(
        () -> Trip.decode(Operations.IMAGE_SEGMENT, mask.build(), side),
        "must be UINT16[height, width]");
    EstimateDepthResponse depth =
        EstimateDepthResponse.newBuilder()
            .setDepth(tensor(ElementType.ELEMENT_TYPE_FLOAT32, new byte[4], 1))
            .build();
    assertInvalid(
        () -> Trip.decode(Operations.IMAGE_DEPTH, depth, side), "must be FLOAT32[height, width]");
  }

  @Provide
  Arbitrary<List<Detections.Detection>> boxes() {
    Arbitrary<Float> places = Arbitraries.floats().between(-1e6f, 1e6f);
    Arbitrary<Float> sizes = Arbitraries.floats().between(0, 1e6f);
    return Combinators.combine(places, places, sizes, sizes, Arbitraries.strings().ofMaxLength(9))
        .as(
            (x, y, width, height, name) ->
                new Detections.Detection(
                    new Classification.Label(3, name, 0.5f),
                    new Detections.Box(x, y, width, height)))
        .list()
        .ofMaxSize(4);
  }

  @Provide
  Arbitrary<List<Poses.Pose>> people() {
    Arbitrary<Float> places = Arbitraries.floats().between(-1e6f, 1e6f);
    return Combinators.combine(places, places, Arbitraries.strings().ofMaxLength(9))
        .as((x, y, name) -> new Poses.Keypoint(name, x, y, 0.25f))
        .list()
        .ofMaxSize(4)
        .map(points -> new Poses.Pose(points, 0.75f))
        .list()
        .ofMaxSize(3);
  }

  private static Optional<Image.Encoded> picture(boolean isThere) {
    return isThere
        ? Optional.of(new Image.Encoded(ByteBuffer.wrap(new byte[] {1, 2, 3})))
        : Optional.empty();
  }

  private static io.vaccel.v1.Tensor tensor(ElementType type, byte[] data, long... shape) {
    io.vaccel.v1.Tensor.Builder tensor =
        io.vaccel.v1.Tensor.newBuilder()
            .setElementType(type)
            .setData(Payload.newBuilder().setInline(ByteString.copyFrom(data)));
    for (long size : shape) {
      tensor.addShape(size);
    }
    return tensor.build();
  }

  private static void assertInvalid(ThrowingCallable work, String mention) {
    assertThatThrownBy(work)
        .isInstanceOfSatisfying(
            VaccelException.class,
            error -> {
              assertThat(error.reason()).isIn(Reason.ARGUMENT_INVALID, Reason.TENSOR_INVALID);
              assertThat(error.text()).contains(mention);
            });
  }
}
