package io.vaccel.backend.image;

import io.vaccel.ModelFormat;
import io.vaccel.Operation;
import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.Settings;
import io.vaccel.VaccelException;
import io.vaccel.spi.Availability;
import io.vaccel.spi.Capabilities;
import io.vaccel.spi.Plugin;
import io.vaccel.spi.PluginSession;
import io.vaccel.spi.SessionContext;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;

/** Performs the operations on pictures, in this process but for the model itself. */
final class ImagePlugin implements Plugin {
  static final String DEVICE = "CPU";

  private final List<ImageTask<?, ?>> tasks =
      List.of(
          new Classifier(),
          new Detector(),
          new Segmenter(),
          new PoseEstimator(),
          new DepthEstimator());
  private final Capabilities capabilities;
  private final ImageLimits limits;
  private final DecodeMemory memory = DecodeMemory.ofHeap();

  ImagePlugin(Settings settings) {
    Capabilities can =
        Capabilities.of(
                DEVICE,
                Stream.concat(
                        tasks.stream().map(ImageTask::operation),
                        Stream.of(Operations.OPENCV_TRANSFORM))
                    .toArray(Operation[]::new))
            .withFormats(EnumSet.allOf(ModelFormat.class));
    ImageLimits wanted = new ImageLimits(1);
    try {
      wanted = ImageLimits.of(settings);
      can = can.with("pictures", "JPEG, PNG, BMP").with("max pixels", "" + wanted.maxPixels());
    } catch (VaccelException e) {
      can = Capabilities.none(e.text());
    }
    this.capabilities = can;
    this.limits = wanted;
  }

  @Override
  public String name() {
    return ImageProvider.NAME;
  }

  @Override
  public Capabilities capabilities() {
    return capabilities;
  }

  @Override
  public PluginSession openSession(SessionContext context) {
    if (capabilities.availability() instanceof Availability.Unusable unusable) {
      throw new VaccelException(Reason.NO_PLUGIN, unusable.reason());
    }
    return new ImageSession(tasks, new Pipeline(limits, memory, context));
  }

  @Override
  public void close() {}
}
