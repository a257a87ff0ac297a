package io.vaccel.interop;

import static io.vaccel.interop.FaithfulCase.bad;
import static io.vaccel.interop.FaithfulCase.good;

import io.vaccel.Classify;
import io.vaccel.Detect;
import io.vaccel.EstimateDepth;
import io.vaccel.EstimatePose;
import io.vaccel.Image;
import io.vaccel.ImageInput;
import io.vaccel.ImageStep;
import io.vaccel.Model;
import io.vaccel.ModelSpec;
import io.vaccel.Operation;
import io.vaccel.Operations;
import io.vaccel.PixelFormat;
import io.vaccel.Result;
import io.vaccel.Segment;
import io.vaccel.TransformImage;
import io.vaccel.contract.PictureModels;
import io.vaccel.contract.Pictures;
import io.vaccel.contract.TinyModels;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Calls that look at pictures; what is found is also drawn. */
final class PictureCases {
  private static final String PHOTO = "coffee.jpg";

  private PictureCases() {}

  static Stream<FaithfulCase> all() {
    return Stream.of(
            Stream.of(classifyByARealModel()),
            looking(
                Operations.IMAGE_CLASSIFY,
                TinyModels.colours(),
                (model, image) -> new Classify(model, image, 2)),
            looking(
                Operations.IMAGE_DETECT,
                PictureModels.detector(),
                (model, image) -> new Detect(model, image, 0, true)),
            looking(
                Operations.IMAGE_SEGMENT,
                PictureModels.colourSegmenter(),
                (model, image) -> new Segment(model, image, true)),
            looking(
                Operations.IMAGE_POSE,
                PictureModels.pose(),
                (model, image) -> new EstimatePose(model, image, true)),
            looking(
                Operations.IMAGE_DEPTH,
                PictureModels.depth(),
                (model, image) -> new EstimateDepth(model, image, true)),
            transform())
        .flatMap(cases -> cases);
  }

  private static FaithfulCase classifyByARealModel() {
    return good(
        Operations.IMAGE_CLASSIFY,
        "a photograph by EfficientNet-Lite0",
        session -> {
          try (Model model = session.load(Programs.MODEL)) {
            return session.classify(model, Image.read(Programs.PHOTOS.resolve(PHOTO)));
          }
        });
  }

  private static <I extends ImageInput, O extends Result> Stream<FaithfulCase> looking(
      Operation<I, O> operation, ModelSpec spec, BiFunction<Model, Image, I> input) {
    return Stream.of(
        of(operation, true, "a photograph", spec, input, PictureCases::photograph),
        of(operation, true, "pixels", spec, input, () -> pixels(PixelFormat.BGR8, 37, 29)),
        of(operation, false, "half of a JPEG", spec, input, PictureCases::half),
        of(operation, false, "a text", spec, input, () -> encoded("Dear Sir or Madam,")),
        of(operation, false, "a huge picture", spec, input, PictureCases::huge),
        of(
            operation,
            false,
            "a model for other things",
            TinyModels.spec(TinyModels.sumAndDifference()),
            input,
            () -> pixels(PixelFormat.RGB8, 3, 3)));
  }

  private static <I extends ImageInput, O extends Result> FaithfulCase of(
      Operation<I, O> operation,
      boolean good,
      String what,
      ModelSpec spec,
      BiFunction<Model, Image, I> input,
      Supplier<Image> image) {
    return FaithfulCase.withModel(
        operation.name(),
        what,
        good,
        spec,
        (session, model) -> session.call(operation, input.apply(model, image.get())));
  }

  private static Stream<FaithfulCase> transform() {
    ImageStep[] every = {
      new ImageStep.Resize(40, 31),
      new ImageStep.Blur(1.5f),
      new ImageStep.Crop(3, 2, 30, 20),
      new ImageStep.Rotate(1),
      new ImageStep.Flip(true),
      new ImageStep.Grayscale(),
      new ImageStep.Edges(20, 60),
      new ImageStep.Threshold(100)
    };
    return Stream.concat(
        Arrays.stream(PixelFormat.values())
            .map(
                format ->
                    good(
                        Operations.OPENCV_TRANSFORM,
                        "every function on " + format,
                        session ->
                            session.call(Operations.OPENCV_TRANSFORM, transform(format, every)))),
        Stream.of(
            bad(
                Operations.OPENCV_TRANSFORM,
                "a part that is not there",
                session ->
                    session.call(
                        Operations.OPENCV_TRANSFORM,
                        transform(PixelFormat.RGB8, new ImageStep.Crop(30, 20, 10, 10)))),
            good(
                Operations.OPENCV_TRANSFORM,
                "every function on a photograph",
                session ->
                    session.call(
                        Operations.OPENCV_TRANSFORM,
                        new TransformImage(photograph(), List.of(every)))),
            bad(
                Operations.OPENCV_TRANSFORM,
                "half a photograph",
                session ->
                    session.call(
                        Operations.OPENCV_TRANSFORM,
                        new TransformImage(half(), List.of(new ImageStep.Grayscale())))),
            bad(
                Operations.OPENCV_TRANSFORM,
                "no function",
                session ->
                    session.call(Operations.OPENCV_TRANSFORM, transform(PixelFormat.RGB8)))));
  }

  private static TransformImage transform(PixelFormat format, ImageStep... steps) {
    return new TransformImage(pixels(format, 37, 29), Arrays.asList(steps));
  }

  static Image photograph() {
    return Image.read(Programs.PHOTOS.resolve(PHOTO));
  }

  static Image half() {
    ByteBuffer whole = photograph().data();
    return Image.encoded(whole.limit(whole.limit() / 2));
  }

  static Image huge() {
    return Image.encoded(Pictures.pngThatClaims(60_000, 60_000));
  }

  private static Image encoded(String text) {
    return Image.encoded(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
  }

  private static Image.Raw pixels(PixelFormat format, int width, int height) {
    byte[] bytes = new byte[width * height * format.bytesPerPixel()];
    new Random(bytes.length).nextBytes(bytes);
    return new Image.Raw(width, height, format, ByteBuffer.wrap(bytes));
  }
}
