package io.vaccel.backend.image;

import static io.vaccel.contract.PluginContract.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.CallOptions;
import io.vaccel.Detect;
import io.vaccel.Detections;
import io.vaccel.ElementType;
import io.vaccel.EstimateDepth;
import io.vaccel.EstimatePose;
import io.vaccel.ExecutedOn;
import io.vaccel.Image;
import io.vaccel.ModelRun;
import io.vaccel.Operation;
import io.vaccel.PixelFormat;
import io.vaccel.Poses;
import io.vaccel.Reason;
import io.vaccel.RegisteredResource;
import io.vaccel.Result;
import io.vaccel.Segment;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.VaccelException;
import io.vaccel.contract.PictureModels;
import io.vaccel.spi.Call;
import io.vaccel.spi.SessionContext;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Whatever a model gives, the result is one that can be, or it is the model's fault. */
final class HostileOutputsTest {
  private static final int WIDTH = 23;
  private static final int HEIGHT = 11;

  private static final Image PICTURE =
      new Image.Raw(WIDTH, HEIGHT, PixelFormat.GRAY8, ByteBuffer.allocate(WIDTH * HEIGHT));

  @Property(tries = 1000)
  void boxes_areInThePicture_orRefused(
      @ForAll("outputs") Tensor boxes, @ForAll("outputs") Tensor scores, @ForAll boolean annotate) {
    Pipeline pipeline = giving(boxes.named("boxes"), scores.named("scores"));
    orMismatch(
        () ->
            new Detector()
                .perform(
                    new Detect(null, PICTURE, 0.1f, annotate),
                    model(PictureModels.detectorMetadata(), "nothing", "cat", "dog"),
                    pipeline,
                    call()),
        result -> {
          for (Detections.Detection one : result.detections()) {
            assertThat(one.box().x() + one.box().width()).isBetween(0f, WIDTH + 0.01f);
            assertThat(one.box().y() + one.box().height()).isBetween(0f, HEIGHT + 0.01f);
            assertThat(one.label().index()).isBetween(1, 2);
          }
        });
  }

  @Property(tries = 1000)
  void ssdBoxes_areInThePicture_orRefused(@ForAll("numbers") List<Float> raw) {
    String metadata =
        PictureModels.detectorMetadata()
            .replace(
                "\"form\": \"yxyx\", \"unit\": \"share\"",
                "\"form\": \"ssd\", \"boxScale\": [10, 10, 5, 5], \"anchors\": {\"minScale\": 0.2,"
                    + " \"maxScale\": 0.9, \"strides\": [8], \"aspectRatios\": [1, 2],"
                    + " \"interpolated\": false, \"reduced\": false}");
    float[] boxes = new float[8];
    for (int i = 0; i < boxes.length; i++) {
      boxes[i] = raw.get(i % raw.size());
    }
    Pipeline pipeline =
        giving(
            Tensor.ofFloats("boxes", Shape.of(1, 2, 4), boxes),
            Tensor.ofFloats("scores", Shape.of(1, 2, 3), 0, 1, 0, 0, 0, 1));
    orMismatch(
        () ->
            new Detector()
                .perform(
                    new Detect(null, PICTURE),
                    model(metadata, "nothing", "cat", "dog"),
                    pipeline,
                    call()),
        result -> assertThat(result.detections()).hasSizeLessThanOrEqualTo(2));
  }

  @Property(tries = 1000)
  void masksAndDepths_haveThePicturesSize_orAreRefused(
      @ForAll("outputs") Tensor output, @ForAll boolean annotate) {
    Pipeline pipeline = giving(output.named("mask"), output.named("depth"));
    Shape size = Shape.of(HEIGHT, WIDTH);
    orMismatch(
        () ->
            new Segmenter()
                .perform(
                    new Segment(null, PICTURE, annotate),
                    model(PictureModels.segmenterMetadata(), "dark", "light"),
                    pipeline,
                    call()),
        result -> assertThat(result.mask().shape()).isEqualTo(size));
    orMismatch(
        () ->
            new DepthEstimator()
                .perform(
                    new EstimateDepth(null, PICTURE, annotate),
                    model(PictureModels.depthMetadata()),
                    pipeline,
                    call()),
        result -> assertThat(result.depth().shape()).isEqualTo(size));
  }

  @Property(tries = 1000)
  void points_areSomewhere_orRefused(
      @ForAll("outputs") Tensor points,
      @ForAll("outputs") Tensor person,
      @ForAll boolean annotate) {
    Pipeline pipeline = giving(points.named("points"), person.named("person"));
    String metadata =
        PictureModels.poseMetadata()
            .replace(
                "\"skeleton\"",
                "\"crop\": {\"center\": 0, \"edge\": 1, \"scale\": 1}, \"skeleton\"");
    orMismatch(
        () ->
            new PoseEstimator()
                .perform(
                    new EstimatePose(null, PICTURE, annotate),
                    model(metadata, "left hand", "left foot"),
                    pipeline,
                    call()),
        result -> {
          for (Poses.Pose pose : result.poses()) {
            assertThat(pose.keypoints()).hasSize(2);
            assertThat(pose.score()).isBetween(0.5f, 1f);
          }
        });
  }

  @Example
  void missingOutputs_areNamed() {
    VaccelException failure =
        failureOf(
            () ->
                new Detector()
                    .perform(
                        new Detect(null, PICTURE),
                        model(PictureModels.detectorMetadata(), "nothing", "cat"),
                        giving(),
                        call()));
    assertThat(failure.text()).isEqualTo("the model's output 'scores' is missing from the results");
  }

  @Provide
  Arbitrary<Tensor> outputs() {
    Arbitrary<Shape> shapes =
        Arbitraries.of(
            Shape.of(1, 3, 4),
            Shape.of(1, 3, 3),
            Shape.of(1, 0, 4),
            Shape.of(1, 1, 2, 3),
            Shape.of(1, 2, 3),
            Shape.of(1, 6),
            Shape.of(1, 1),
            Shape.of(1),
            Shape.of(),
            Shape.of(1, 1, 0, 0),
            Shape.of(0));
    return Combinators.combine(shapes, numbers()).as(HostileOutputsTest::tensor);
  }

  @Provide
  Arbitrary<List<Float>> numbers() {
    Arbitrary<Float> usual = Arbitraries.floats().between(0, 1);
    Arbitrary<Float> odd =
        Arbitraries.of(Float.NaN, Float.POSITIVE_INFINITY, -3e38f, 3e38f, -1f, 1e-40f, 88f, 900f);
    Arbitrary<Float> mixed = Arbitraries.frequencyOf(Tuple.of(30, usual), Tuple.of(1, odd));
    return mixed.list().ofMinSize(1).ofMaxSize(12);
  }

  private static Tensor tensor(Shape shape, List<Float> numbers) {
    float[] values = new float[(int) shape.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = numbers.get(i % numbers.size());
    }
    return Tensor.ofFloats("", shape, values);
  }

  private static <R extends Result> void orMismatch(Supplier<R> work, Consumer<R> check) {
    R result;
    try {
      result = work.get();
    } catch (VaccelException e) {
      assertThat(e.reason()).as(e.getMessage()).isEqualTo(Reason.MODEL_MISMATCH);
      assertThat(e.text()).contains("the model's output '");
      return;
    }
    check.accept(result);
  }

  private static ImageModel model(String metadata, String... labels) {
    Metadata parsed = Metadata.parse("m.json", metadata);
    Anchors anchors =
        parsed.output() instanceof BoxesOutput boxes
            ? boxes.form().anchors(parsed.input())
            : Anchors.NONE;
    return new ImageModel(parsed, List.of(labels), ElementType.FLOAT32, anchors);
  }

  private static Pipeline giving(Tensor... outputs) {
    SessionContext context =
        new SessionContext() {
          @Override
          public String sessionId() {
            return "hostile";
          }

          @Override
          public Optional<RegisteredResource> resource(long resourceId) {
            return Optional.empty();
          }

          @Override
          public <I, O extends Result> O perform(Operation<I, O> operation, I input, Call call) {
            ExecutedOn here = ExecutedOn.here("hostile", "CPU");
            return operation.resultType().cast(new ModelRun.Outputs(List.of(outputs), here));
          }
        };
    return new Pipeline(new ImageLimits(1 << 20), new DecodeMemory(64 << 20), context);
  }

  private static Call call() {
    return Call.start(CallOptions.defaults(), Runnable::run);
  }
}
