package io.vaccel.wire;

import io.vaccel.Image;
import io.vaccel.ImageStep;
import io.vaccel.Operations;
import io.vaccel.TransformImage;
import io.vaccel.VaccelException;
import io.vaccel.v1.CropStep;
import io.vaccel.v1.EdgesStep;
import io.vaccel.v1.FlipStep;
import io.vaccel.v1.GrayscaleStep;
import io.vaccel.v1.OpenCvServiceGrpc;
import io.vaccel.v1.ResizeStep;
import io.vaccel.v1.TransformImageRequest;
import io.vaccel.v1.TransformImageResponse;
import java.util.ArrayList;
import java.util.List;

/** How the operations of {@code OpenCvService} travel. */
final class OpenCvWire {
  private static final WireOperation<
          TransformImage, TransformImage.Transformed, TransformImageRequest, TransformImageResponse>
      TRANSFORM =
          new WireOperation<>(
              Operations.OPENCV_TRANSFORM,
              OpenCvServiceGrpc.getTransformImageMethod(),
              TransformImageRequest::getSessionId,
              OpenCvWire::encode,
              (request, in) ->
                  new TransformImage(image(request, in), decode(request.getStepsList())),
              (result, out) ->
                  TransformImageResponse.newBuilder()
                      .setImage(Codec.encode(result.image(), out).getRaw())
                      .setExecutedOn(Codec.encode(result.executedOn()))
                      .build(),
              (response, in) ->
                  new TransformImage.Transformed(
                      Codec.decode("image", response.getImage(), in),
                      Codec.decode(response.getExecutedOn(), in)));

  static final List<WireOperation<?, ?, ?, ?>> ALL = List.of(TRANSFORM);

  private OpenCvWire() {}

  private static TransformImageRequest encode(TransformImage input, Outbound out) {
    TransformImageRequest.Builder wire =
        TransformImageRequest.newBuilder()
            .setSessionId(out.sessionId())
            .addAllSteps(input.steps().stream().map(OpenCvWire::encode).toList());
    io.vaccel.v1.Image image = Codec.encode(input.image(), out);
    return image.hasRaw()
        ? wire.setImage(image.getRaw()).build()
        : wire.setEncoded(image.getEncoded()).build();
  }

  private static Image image(TransformImageRequest wire, Inbound in) {
    if (!wire.hasEncoded()) {
      return Codec.decode("image", wire.getImage(), in);
    }
    if (wire.hasImage()) {
      throw VaccelException.ofField("encoded", "is set, and so is image: one of them is wanted");
    }
    return Codec.decodeEncoded("encoded", wire.getEncoded(), in);
  }

  private static io.vaccel.v1.ImageStep encode(ImageStep step) {
    io.vaccel.v1.ImageStep.Builder wire = io.vaccel.v1.ImageStep.newBuilder();
    if (step instanceof ImageStep.Resize resize) {
      wire.setResize(ResizeStep.newBuilder().setWidth(resize.width()).setHeight(resize.height()));
    } else if (step instanceof ImageStep.Crop crop) {
      wire.setCrop(
          CropStep.newBuilder()
              .setX(crop.x())
              .setY(crop.y())
              .setWidth(crop.width())
              .setHeight(crop.height()));
    } else if (step instanceof ImageStep.Grayscale) {
      wire.setGrayscale(GrayscaleStep.getDefaultInstance());
    } else if (step instanceof ImageStep.Blur blur) {
      wire.setBlurSigma(blur.sigma());
    } else if (step instanceof ImageStep.Threshold threshold) {
      wire.setThresholdLevel(threshold.level());
    } else if (step instanceof ImageStep.Edges edges) {
      wire.setEdges(EdgesStep.newBuilder().setLow(edges.low()).setHigh(edges.high()));
    } else if (step instanceof ImageStep.Flip flip) {
      wire.setFlip(FlipStep.newBuilder().setLeftRight(flip.leftRight()));
    } else if (step instanceof ImageStep.Rotate rotate) {
      wire.setRotateQuarterTurns(rotate.quarterTurns());
    }
    return wire.build();
  }

  private static List<ImageStep> decode(List<io.vaccel.v1.ImageStep> wire) {
    if (wire.size() > TransformImage.MAX_STEPS) {
      throw VaccelException.ofField(
          "steps", "must be 1 to " + TransformImage.MAX_STEPS + ", got " + wire.size());
    }
    List<ImageStep> steps = new ArrayList<>(wire.size());
    for (int i = 0; i < wire.size(); i++) {
      try {
        steps.add(decode(wire.get(i)));
      } catch (VaccelException e) {
        String step = "steps[" + i + "]";
        throw switch (wire.get(i).getFunctionCase()) {
          case RESIZE -> e.inField("resize").inField(step);
          case CROP -> e.inField("crop").inField(step);
          case EDGES -> e.inField("edges").inField(step);
          case GRAYSCALE,
              BLUR_SIGMA,
              THRESHOLD_LEVEL,
              FLIP,
              ROTATE_QUARTER_TURNS,
              FUNCTION_NOT_SET ->
              e.inField(step);
        };
      }
    }
    return steps;
  }

  private static ImageStep decode(io.vaccel.v1.ImageStep wire) {
    return switch (wire.getFunctionCase()) {
      case RESIZE ->
          new ImageStep.Resize(wire.getResize().getWidth(), wire.getResize().getHeight());
      case CROP ->
          new ImageStep.Crop(
              wire.getCrop().getX(),
              wire.getCrop().getY(),
              wire.getCrop().getWidth(),
              wire.getCrop().getHeight());
      case GRAYSCALE -> new ImageStep.Grayscale();
      case BLUR_SIGMA -> new ImageStep.Blur(wire.getBlurSigma());
      case THRESHOLD_LEVEL -> new ImageStep.Threshold(wire.getThresholdLevel());
      case EDGES -> new ImageStep.Edges(wire.getEdges().getLow(), wire.getEdges().getHigh());
      case FLIP -> new ImageStep.Flip(wire.getFlip().getLeftRight());
      case ROTATE_QUARTER_TURNS -> new ImageStep.Rotate(wire.getRotateQuarterTurns());
      case FUNCTION_NOT_SET -> throw VaccelException.ofField("function", "is not set");
    };
  }
}
