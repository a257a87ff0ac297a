package io.vaccel.backend.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.Annotated;
import io.vaccel.CallOptions;
import io.vaccel.Detect;
import io.vaccel.EstimateDepth;
import io.vaccel.EstimatePose;
import io.vaccel.ImageInput;
import io.vaccel.Model;
import io.vaccel.ModelSpec;
import io.vaccel.Operation;
import io.vaccel.Operations;
import io.vaccel.Segment;
import io.vaccel.Session;
import io.vaccel.Settings;
import io.vaccel.Vaccel;
import io.vaccel.contract.PictureContract;
import io.vaccel.contract.PictureModels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything is drawn, its letters included, in a process that never asks for a font: so neither a
 * font nor fontconfig need be installed where pictures are drawn.
 */
final class WithoutFontsIT {
  @TempDir Path directory;

  @Test
  void drawing_asksForNoFont() throws Exception {
    Path classes = directory.resolve("classes.txt");
    String said =
        java(
            "-Djava.awt.headless=true",
            "-Xlog:class+load:file=" + classes,
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            WithoutFontsIT.class.getName());
    assertThat(said).contains("drawn 4");
    assertThat(Files.readString(classes))
        .as("the log of classes, and a class that draws")
        .contains("io.vaccel.backend.image.Glyphs", "sun.java2d.SunGraphics2D")
        .as("what finds fonts, with fontconfig or without")
        .doesNotContain("FontManager", "FontConfiguration", "sun.font.Font2D");
  }

  private static String java(String... arguments) throws Exception {
    ProcessBuilder java = new ProcessBuilder(arguments);
    java.command().add(0, Path.of(System.getProperty("java.home"), "bin", "java").toString());
    Process process = java.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  /** The process: draws what each of the models finds. */
  public static void main(String[] arguments) {
    try (Vaccel vaccel = Vaccel.builder().set(Settings.PLUGINS, "image:onnx").load();
        Session session = vaccel.openSession()) {
      var image = PictureContract.leftWhite(640, 480);
      List<Annotated> drawn =
          List.of(
              draw(
                  session,
                  PictureModels.detector(),
                  Operations.IMAGE_DETECT,
                  model -> new Detect(model, image, 0, true)),
              draw(
                  session,
                  PictureModels.segmenter(),
                  Operations.IMAGE_SEGMENT,
                  model -> new Segment(model, image, true)),
              draw(
                  session,
                  PictureModels.pose(),
                  Operations.IMAGE_POSE,
                  model -> new EstimatePose(model, image, true)),
              draw(
                  session,
                  PictureModels.depth(),
                  Operations.IMAGE_DEPTH,
                  model -> new EstimateDepth(model, image, true)));
      System.out.println(
          "drawn " + drawn.stream().filter(result -> result.annotated().isPresent()).count());
    }
  }

  private static <I extends ImageInput, R extends Annotated> R draw(
      Session session, ModelSpec spec, Operation<I, R> operation, Function<Model, I> input) {
    try (Model model = session.load(spec, CallOptions.defaults())) {
      return session.call(operation, input.apply(model));
    }
  }
}
