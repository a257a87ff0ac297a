package io.vaccel.contract;

import static io.vaccel.contract.PluginContract.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vaccel.Classification;
import io.vaccel.Classify;
import io.vaccel.ElementType;
import io.vaccel.Image;
import io.vaccel.Model;
import io.vaccel.ModelSpec;
import io.vaccel.Operations;
import io.vaccel.PixelFormat;
import io.vaccel.Reason;
import io.vaccel.Session;
import io.vaccel.Stage;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import java.awt.Color;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a plugin promises that performs {@link Operations#IMAGE_CLASSIFY}. */
public interface ClassifyContract extends PluginContract {
  /** Colours that the tiny classifier knows. */
  Map<String, Color> COLOURS = Map.of("red", Color.RED, "green", Color.GREEN, "blue", Color.BLUE);

  @Test
  default void classify_isOffered() {
    try (Vaccel vaccel = open()) {
      PluginContract.assertOffered(vaccel, Operations.IMAGE_CLASSIFY);
    }
  }

  @Test
  default void pictureFiles_areClassified() {
    withModel(
        TinyModels.colours(),
        (session, model) -> {
          for (String format : List.of("png", "jpg", "bmp")) {
            COLOURS.forEach(
                (name, color) -> {
                  Image image = Image.encoded(Pictures.file(color, format));
                  Classification result = session.classify(model, image);
                  assertThat(result.best().name()).as(format).isEqualTo(name);
                  // e^4 / (e^4 + 2); JPEG's colours are off by a little.
                  assertThat(result.best().score()).isCloseTo(0.965f, within(0.01f));
                  assertThat(result.labels()).hasSize(3);
                });
          }
        });
  }

  @Test
  default void rawPixels_areClassified() {
    withModel(
        TinyModels.colours(),
        (session, model) -> {
          assertThat(best(session, model, raw(PixelFormat.RGB8, 255, 0, 0))).isEqualTo("red");
          assertThat(best(session, model, raw(PixelFormat.BGR8, 255, 0, 0))).isEqualTo("blue");
          assertThat(best(session, model, raw(PixelFormat.RGBA8, 0, 255, 0, 0))).isEqualTo("green");
          Classification grey = session.classify(model, raw(PixelFormat.GRAY8, 99));
          assertThat(grey.labels()).allMatch(label -> Math.abs(label.score() - 1f / 3) < 1e-6);
        });
  }

  @Test
  default void everyLayoutTypeAndColourOrder_givesTheSame() {
    for (boolean nchw : new boolean[] {true, false}) {
      for (ElementType type : new ElementType[] {ElementType.FLOAT32, ElementType.UINT8}) {
        for (String order : List.of("RGB", "BGR")) {
          String labels = order.equals("RGB") ? "red\ngreen\nblue" : "blue\ngreen\nred";
          ModelSpec spec =
              TinyModels.spec(
                  TinyModels.colours(nchw, type),
                  TinyModels.coloursMetadata(nchw, type, order),
                  labels);
          withModel(
              spec,
              (session, model) ->
                  COLOURS.forEach(
                      (name, color) -> {
                        Image image = Image.encoded(Pictures.file(color, "png"));
                        assertThat(session.classify(model, image).best())
                            .satisfies(
                                label -> {
                                  assertThat(label.name()).isEqualTo(name);
                                  assertThat(label.score()).isCloseTo(0.9647f, within(0.0002f));
                                });
                      }));
        }
      }
    }
  }

  @Test
  default void result_saysWhereAndHowLong() {
    withModel(
        TinyModels.colours(),
        (session, model) -> {
          Classification result = session.classify(model, raw(PixelFormat.RGB8, 1, 2, 3));
          assertThat(result.executedOn().plugin()).isEqualTo("onnx");
          assertThat(result.executedOn().device()).isNotBlank();
          assertThat(result.executedOn().stages())
              .extracting(Stage::name)
              .containsSubsequence("decode", "preprocess", "inference", "postprocess");
        });
  }

  @Test
  default void top_isHowManyLabelsComeBack() {
    withModel(
        TinyModels.colours(),
        (session, model) -> {
          Image image = raw(PixelFormat.RGB8, 9, 5, 1);
          Classification two =
              session.call(Operations.IMAGE_CLASSIFY, new Classify(model, image, 2));
          assertThat(two.labels())
              .extracting(Classification.Label::name)
              .containsExactly("red", "green");
          assertThat(
                  session
                      .call(Operations.IMAGE_CLASSIFY, new Classify(model, image, 1000))
                      .labels())
              .hasSize(3);
        });
  }

  @Test
  default void onePixel_isEnough() {
    withModel(
        TinyModels.colours(),
        (session, model) -> {
          ByteBuffer file = Pictures.file(Pictures.plain(Color.BLUE, 1, 1), "png");
          assertThat(best(session, model, Image.encoded(file))).isEqualTo("blue");
        });
  }

  @Test
  default void whatIsNoPicture_isRefused() {
    withModel(
        TinyModels.colours(),
        (session, model) -> {
          assertUnreadable(session, model, ascii("Dear Sir or Madam,\n"), "no picture");
          assertUnreadable(session, model, ascii("GIF89a................"), "GIF");
          assertUnreadable(session, model, ascii("RIFF....WEBPVP8 ......"), "WebP");
          for (String format : List.of("png", "jpg", "bmp")) {
            ByteBuffer whole = Pictures.file(Color.RED, format);
            for (int bytes : new int[] {8, whole.limit() / 2, whole.limit() - 3}) {
              assertUnreadable(session, model, whole.duplicate().limit(bytes), "cut off");
            }
          }
          assertThat(best(session, model, raw(PixelFormat.RGB8, 255, 0, 0))).isEqualTo("red");
        });
  }

  @Test
  default void hugePicture_isRefusedByItsHeader() {
    withModel(
        TinyModels.colours(),
        (session, model) -> {
          Image image = Image.encoded(Pictures.pngThatClaims(60_000, 60_000));
          VaccelException failure = failureOf(() -> session.classify(model, image));
          assertThat(failure.reason()).isEqualTo(Reason.IMAGE_TOO_LARGE);
          assertThat(failure).hasMessageContaining("60000 x 60000");
          assertThat(failure.details()).containsKeys("limit", "amount");
        });
  }

  @Test
  default void missingMetadata_isAskedFor() {
    VaccelException failure =
        classifyFailure(TinyModels.spec(TinyModels.colours(true, ElementType.FLOAT32)));
    assertThat(failure.reason()).isEqualTo(Reason.MODEL_MISMATCH);
    assertThat(failure).hasMessageContaining("tiny.json");
  }

  @Test
  default void metadataThatDoesNotFitTheModel_isExplained() {
    String good = TinyModels.coloursMetadata(true, ElementType.FLOAT32, "RGB");
    Map<String, String> wrong =
        Map.of(
            good.replace("\"width\": 4", "\"width\": 5"), "3x4x5",
            good.replace("NCHW", "NHWC"), "4x4x3",
            good.replace("\"image\"", "\"picture\""), "'picture'",
            good.replace("\"logits\"", "\"scores\""), "'scores'",
            good.replace("\"width\": 4", "\"width\": \"4\""), "input.width",
            good.replace("tiny.labels.txt", "none.txt"), "none.txt");
    wrong.forEach(
        (metadata, mention) -> {
          VaccelException failure = classifyFailure(spec(metadata, TinyModels.coloursLabels()));
          assertThat(failure.reason()).as(failure.getMessage()).isEqualTo(Reason.MODEL_MISMATCH);
          assertThat(failure).hasMessageContaining(mention);
        });
  }

  @Test
  default void labelsThatAreNotAsManyAsOutputs_areRefused() {
    String metadata = TinyModels.coloursMetadata(true, ElementType.FLOAT32, "RGB");
    for (String labels : List.of("red\ngreen", "red\ngreen\nblue\nwhite", "red\n\nblue", "")) {
      assertThat(classifyFailure(spec(metadata, labels)).reason()).isEqualTo(Reason.MODEL_MISMATCH);
    }
  }

  @Test
  default void modelForOtherThings_isRefused() {
    String metadata =
        TinyModels.coloursMetadata(true, ElementType.FLOAT32, "RGB").replace("logits", "sum");
    ModelSpec spec =
        TinyModels.spec(TinyModels.sumAndDifference(), metadata, TinyModels.coloursLabels());
    assertThat(classifyFailure(spec).reason()).isEqualTo(Reason.MODEL_MISMATCH);
  }

  @Test
  default void modelWhoseElementTypeTakesNoPictures_isRefused() {
    ModelSpec spec =
        TinyModels.spec(
            TinyModels.colours(true, ElementType.INT64),
            TinyModels.coloursMetadata(true, ElementType.FLOAT32, "RGB"),
            TinyModels.coloursLabels());
    VaccelException failure = classifyFailure(spec);
    assertThat(failure.reason()).isEqualTo(Reason.MODEL_MISMATCH);
    assertThat(failure.text()).contains("INT64").contains("image");
  }

  @Test
  default void manyPicturesAtOnce_eachGetTheirOwnLabel() {
    withModel(
        TinyModels.colours(),
        (session, model) -> {
          Map<CompletableFuture<Classification>, String> results = new java.util.LinkedHashMap<>();
          List<String> names = new ArrayList<>(COLOURS.keySet());
          for (int i = 0; i < 60; i++) {
            String name = names.get(i % 3);
            Image image = Image.encoded(Pictures.file(COLOURS.get(name), "png"));
            results.put(session.async().classify(model, image), name);
          }
          results.forEach(
              (result, name) ->
                  assertThat(result.orTimeout(60, TimeUnit.SECONDS).join().best().name())
                      .isEqualTo(name));
        });
  }

  @Test
  default void passedDeadlineOfAPicture_isReported() {
    withModel(
        TinyModels.colours(),
        (session, model) -> {
          Classify classify = new Classify(model, raw(PixelFormat.GRAY8, 1), 1);
          VaccelException failure =
              failureOf(
                  () ->
                      session.call(Operations.IMAGE_CLASSIFY, classify, PluginContract.tooShort()));
          assertThat(failure.reason()).isEqualTo(Reason.DEADLINE_EXCEEDED);
        });
  }

  private VaccelException classifyFailure(ModelSpec spec) {
    VaccelException[] failure = new VaccelException[1];
    withModel(
        spec,
        (session, model) ->
            failure[0] = failureOf(() -> session.classify(model, raw(PixelFormat.RGB8, 1, 2, 3))));
    return failure[0];
  }

  private static ModelSpec spec(String metadata, String labels) {
    return TinyModels.spec(TinyModels.colours(true, ElementType.FLOAT32), metadata, labels);
  }

  private static void assertUnreadable(
      Session session, Model model, ByteBuffer file, String mention) {
    VaccelException failure = failureOf(() -> session.classify(model, Image.encoded(file)));
    assertThat(failure.reason()).as(failure.getMessage()).isEqualTo(Reason.IMAGE_UNREADABLE);
    assertThat(failure).hasMessageContaining(mention);
  }

  private static String best(Session session, Model model, Image image) {
    return session.classify(model, image).best().name();
  }

  /** A raw picture of 5 x 3 equal pixels. */
  private static Image raw(PixelFormat format, int... pixel) {
    ByteBuffer data = ByteBuffer.allocate(15 * format.bytesPerPixel());
    while (data.hasRemaining()) {
      for (int channel : pixel) {
        data.put((byte) channel);
      }
    }
    return new Image.Raw(5, 3, format, data.flip());
  }

  private static ByteBuffer ascii(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }
}
