package io.vaccel.backend.image;

import io.vaccel.Reason;
import io.vaccel.Resource;
import io.vaccel.ResourceFile;
import io.vaccel.ResourceName;
import io.vaccel.VaccelException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What the file beside a model says of the pictures that it takes and the output that it gives; the
 * format is {@code docs/MODEL-METADATA.md}.
 *
 * @param file its name, for errors
 * @param input how a picture becomes the model's input
 * @param output what the model does, and how its outputs become that
 * @param labels the name of the file with the labels; empty when the task has none
 */
record Metadata(String file, Input input, Output output, Optional<String> labels) {
  private static final int VERSION = 1;
  private static final long MAX_BYTES = 64 << 10;
  private static final int MAX_SIDE = 4096;
  private static final int MAX_PIXELS = 4 << 20;

  /** What a model does. */
  enum Task {
    CLASSIFICATION("image-classification"),
    DETECTION("object-detection"),
    SEGMENTATION("image-segmentation"),
    POSE("pose-estimation"),
    DEPTH("depth-estimation");

    private final String text;

    Task(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** The order of a tensor's axes. */
  enum Layout {
    NCHW,
    NHWC
  }

  /** The order of the channels. */
  enum Color {
    RGB,
    BGR
  }

  /** How a picture of other proportions is made to fit. */
  enum Resize {
    CROP("crop"),
    STRETCH("stretch"),
    FIT("fit");

    private final String text;

    Resize(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** How pixels are interpolated. */
  enum Interpolation {
    BILINEAR("bilinear"),
    BICUBIC("bicubic");

    private final String text;

    Interpolation(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * How a picture becomes the model's input.
   *
   * @param name the model's input
   * @param width pixels
   * @param height pixels
   * @param crop the share of the picture that is cut out, 1 unless {@code resize} is {@code CROP}
   * @param normalisation what a pixel value becomes
   */
  record Input(
      String name,
      int width,
      int height,
      Layout layout,
      Color color,
      Resize resize,
      double crop,
      Interpolation interpolation,
      Normalisation normalisation) {}

  /**
   * The metadata of the model that is a resource's main file.
   *
   * @throws VaccelException {@link Reason#MODEL_MISMATCH} when there is none, or it is wrong
   */
  static Metadata of(Resource resource) {
    String model = resource.main().name();
    String name = model.substring(0, Math.max(0, model.lastIndexOf('.'))) + ".json";
    ResourceFile file =
        resource
            .file(name)
            .orElseThrow(
                () ->
                    ImageModel.mismatch(
                        "model '"
                            + model
                            + "' has no metadata: add '"
                            + name
                            + "' beside it (docs/MODEL-METADATA.md)"));
    return parse(name, text(file, MAX_BYTES));
  }

  static Metadata parse(String file, String text) {
    JsonFields fields = JsonFields.parse(file, text);
    fields.integer("version", VERSION, VERSION);
    Task task = fields.choice("task", Arrays.asList(Task.values()));
    fields.optionalString("title");
    fields.optionalString("licence");
    fields.optionalString("source");
    // Read by the engine.
    fields.optionalString("signature");
    Input input = input(fields.object("input"), task);
    JsonFields out = fields.object("output");
    Output output =
        switch (task) {
          case CLASSIFICATION -> ScoresOutput.parse(out);
          case DETECTION -> BoxesOutput.parse(out);
          case SEGMENTATION -> MaskOutput.parse(out);
          case POSE -> PoseOutput.parse(out);
          case DEPTH -> DepthOutput.parse(out);
        };
    out.end();
    Optional<String> labels =
        task == Task.DEPTH ? Optional.empty() : Optional.of(fields.string("labels"));
    fields.end();
    if (labels.filter(name -> name.contains("/") || !isName(name)).isPresent()) {
      throw fields.wrong("labels", "must be the name of a file beside the model");
    }
    return new Metadata(file, input, output, labels);
  }

  /**
   * The text of a small file of a model.
   *
   * @throws VaccelException {@link Reason#MODEL_MISMATCH} when it is too long or not UTF-8
   */
  static String text(ResourceFile file, long maxBytes) {
    if (file.sizeBytes() > maxBytes) {
      throw JsonFields.mismatch(
          file.name(), " has " + file.sizeBytes() + " bytes, the limit is " + maxBytes);
    }
    try {
      byte[] bytes = file.readAll(maxBytes);
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw JsonFields.mismatch(file.name(), " is not UTF-8");
    }
  }

  private static Input input(JsonFields fields, Task task) {
    String name = fields.string("name");
    int width = fields.integer("width", 1, MAX_SIDE);
    int height = fields.integer("height", 1, MAX_SIDE);
    if (width * height > MAX_PIXELS) {
      throw fields.wrong("width", "times height must be at most " + MAX_PIXELS);
    }
    Layout layout = fields.choice("layout", Arrays.asList(Layout.values()));
    Color color = fields.choice("color", Arrays.asList(Color.values()));
    // What a central crop leaves out could not be found.
    Resize resize =
        fields.choice(
            "resize",
            task == Task.CLASSIFICATION
                ? Arrays.asList(Resize.values())
                : List.of(Resize.STRETCH, Resize.FIT));
    if (resize != Resize.CROP && fields.has("crop")) {
      throw fields.wrong("crop", "goes with \"resize\": \"crop\" only");
    }
    double crop = resize == Resize.CROP ? fields.positive("crop", 1) : 1;
    Interpolation interpolation =
        fields.choice("interpolation", Arrays.asList(Interpolation.values()));
    List<Float> mean = fields.numbers("mean", 3);
    List<Float> std = fields.numbers("std", 3);
    if (std.stream().anyMatch(each -> each == 0)) {
      throw fields.wrong("std", "must not hold 0");
    }
    fields.end();
    return new Input(
        name,
        width,
        height,
        layout,
        color,
        resize,
        crop,
        interpolation,
        new Normalisation(mean, std));
  }

  private static boolean isName(String name) {
    try {
      ResourceName.check(name);
      return true;
    } catch (VaccelException e) {
      return false;
    }
  }

  /**
   * What a pixel value becomes: {@code (pixel - mean) / std}.
   *
   * @param mean for each channel, in the model's order
   * @param std for each channel, in the model's order
   */
  record Normalisation(List<Float> mean, List<Float> std) {
    float of(int channel, int pixel) {
      return (pixel - mean.get(channel)) / std.get(channel);
    }
  }
}
