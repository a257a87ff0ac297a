package io.vaccel;

import io.vaccel.spi.Call;
import io.vaccel.spi.SessionContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The pictures of generic calls. vAccel writes the name of a picture that it leaves on the host;
 * here the picture itself and what was found come back, where there is room. Safe for use by
 * several threads.
 */
final class GenericPictures {
  private final SessionContext context;
  private final GenericModels models;

  GenericPictures(SessionContext context, GenericModels models) {
    this.context = context;
    this.models = models;
  }

  void addTo(Map<GenericCode, GenericOperations.Layout> layouts) {
    layouts.put(GenericCode.IMAGE_CLASSIFY, this::classify);
    layouts.put(
        GenericCode.IMAGE_DETECT,
        finding(
            Operations.IMAGE_DETECT,
            (model, image, annotate) -> new Detect(model, image, 0, annotate),
            GenericPictures::lines));
    layouts.put(
        GenericCode.IMAGE_SEGMENT,
        finding(Operations.IMAGE_SEGMENT, Segment::new, GenericPictures::lines));
    layouts.put(
        GenericCode.IMAGE_POSE,
        finding(Operations.IMAGE_POSE, EstimatePose::new, GenericPictures::lines));
    layouts.put(
        GenericCode.IMAGE_DEPTH,
        finding(Operations.IMAGE_DEPTH, EstimateDepth::new, GenericPictures::lines));
  }

  /** Makes the input of an operation that finds something. */
  private interface Question<I> {
    I of(Model model, Image image, boolean annotate);
  }

  private GenericCall.Written classify(GenericArguments arguments, Call call) {
    arguments.expect(1, 2);
    Image image = image(arguments);
    Classification result;
    try (ResourceModels.Use use = models.forImages(call)) {
      Classify input = new Classify(use.model(), image, Classify.DEFAULT_TOP);
      result = context.perform(Operations.IMAGE_CLASSIFY, input, call);
    }
    putFound(arguments, result.labels().stream().map(Classification.Label::toString));
    return arguments.done(result.executedOn());
  }

  private <I, O extends Annotated> GenericOperations.Layout finding(
      Operation<I, O> operation, Question<I> question, Function<O, Stream<String>> lines) {
    return (arguments, call) -> {
      arguments.expect(1, 1, 3);
      Image image = image(arguments);
      boolean annotate = arguments.rooms() > 2;
      O result;
      try (ResourceModels.Use use = models.forImages(call)) {
        result = context.perform(operation, question.of(use.model(), image, annotate), call);
      }
      putFound(arguments, lines.apply(result));
      if (annotate) {
        arguments.put(
            "picture",
            ArgumentType.BUFFER,
            result.annotated().map(Image::data).orElse(ByteBuffer.allocate(0)));
      }
      return arguments.done(result.executedOn());
    };
  }

  /** The picture to look at; the rooms are checked too, before any work is done. */
  private static Image image(GenericArguments arguments) {
    Image image = GenericArguments.picture(1, arguments.take("image", ArgumentType.BUFFER));
    arguments.expectRoom(0, "image name", ArgumentType.UCHAR_ARRAY, 0);
    if (arguments.rooms() > 1) {
      arguments.expectRoom(1, "text", ArgumentType.UCHAR_ARRAY, 0);
    }
    if (arguments.rooms() > 2) {
      arguments.expectRoom(2, "picture", ArgumentType.BUFFER, 0);
    }
    return image;
  }

  private static void putFound(GenericArguments arguments, Stream<String> lines) {
    // No picture is left on the host, so none has a name.
    arguments.put("image name", ArgumentType.UCHAR_ARRAY, ByteBuffer.allocate(0));
    if (arguments.rooms() > 1) {
      String text = lines.map(line -> line + "\n").collect(Collectors.joining());
      arguments.put(
          "text", ArgumentType.UCHAR_ARRAY, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
  }

  private static Stream<String> lines(Detections result) {
    return result.detections().stream().map(Detections.Detection::toString);
  }

  private static Stream<String> lines(Segmentation result) {
    var shares = result.shares();
    return IntStream.range(0, shares.size())
        .filter(index -> shares.get(index) > 0)
        .mapToObj(
            index ->
                String.format(
                    Locale.ROOT, "%s %.4f", result.classes().get(index), shares.get(index)));
  }

  private static Stream<String> lines(Poses result) {
    return result.poses().stream()
        .flatMap(
            pose ->
                Stream.concat(
                    Stream.of(String.format(Locale.ROOT, "person %.2f", pose.score())),
                    pose.keypoints().stream().map(Poses.Keypoint::toString)));
  }

  private static Stream<String> lines(DepthMap result) {
    float least = Float.POSITIVE_INFINITY;
    float most = Float.NEGATIVE_INFINITY;
    for (float depth : result.depth().floats()) {
      least = Math.min(least, depth);
      most = Math.max(most, depth);
    }
    return Stream.of(String.format(Locale.ROOT, "depth %.3f to %.3f", least, most));
  }
}
