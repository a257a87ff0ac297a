package io.vaccel.contract;

import static io.vaccel.contract.PluginContract.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vaccel.Detect;
import io.vaccel.Detections;
import io.vaccel.Detections.Detection;
import io.vaccel.Image;
import io.vaccel.ModelSpec;
import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.Stage;
import io.vaccel.VaccelException;
import java.awt.Color;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a plugin promises that performs {@link Operations#IMAGE_DETECT}. */
public interface DetectContract extends PluginContract {
  /** 40 x 20 white pixels. */
  Image WHITE = Image.encoded(Pictures.file(Pictures.plain(Color.WHITE, 40, 20), "png"));

  @Test
  default void objects_areFoundOnce_inPixelsOfThePicture() {
    withModel(
        PictureModels.detector(),
        (session, model) -> {
          Detections result = session.detect(model, WHITE);
          assertThat(result.detections())
              .extracting(found -> found.label().name())
              .containsExactly("cat", "dog");
          Detection cat = result.detections().get(0);
          assertThat(cat.label().index()).isEqualTo(1);
          assertThat(cat.label().score()).isCloseTo(0.9f, within(1e-6f));
          assertThat(cat.box()).isEqualTo(new Detections.Box(0, 0, 20, 10));
          // The part that lies outside of the picture is cut off.
          assertThat(result.detections().get(1).box())
              .isEqualTo(new Detections.Box(20, 10, 20, 10));
          assertThat(result.annotated()).isEmpty();
          assertThat(result.executedOn().stages())
              .extracting(Stage::name)
              .containsSubsequence("decode", "preprocess", "inference", "postprocess");
        });
  }

  @Test
  default void minScore_isTheCallersOrTheModels() {
    withModel(
        PictureModels.detector(),
        (session, model) -> {
          Detect sure = new Detect(model, WHITE, 0.7f, false);
          assertThat(session.call(Operations.IMAGE_DETECT, sure).detections()).hasSize(1);
          Detect unsure = new Detect(model, WHITE, 0.01f, false);
          assertThat(session.call(Operations.IMAGE_DETECT, unsure).detections()).hasSize(2);
          Image black = Image.encoded(Pictures.file(Pictures.plain(Color.BLACK, 9, 9), "png"));
          assertThat(session.detect(model, black).detections()).isEmpty();
        });
  }

  @Test
  default void boxes_areDrawnOnRequest() {
    withModel(
        PictureModels.detector(),
        (session, model) -> {
          Detections result =
              session.call(Operations.IMAGE_DETECT, new Detect(model, WHITE, 0, true));
          PictureContract.assertPicture(result, 40, 20);
        });
  }

  @Test
  default void boxesThatAreNoNumbers_areTheModelsFault() {
    float[] scores = {0, 0.9f, 0};
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      assertMismatch(
          PictureModels.detector(
              new float[] {0, 0, bad, 1}, scores, PictureModels.detectorMetadata()),
          "'boxes' holds " + bad);
    }
    assertMismatch(
        PictureModels.detector(
            new float[] {0, 0, 1, 1},
            new float[] {0, Float.NaN, 0},
            PictureModels.detectorMetadata()),
        "'scores' holds NaN");
  }

  @Test
  default void metadataOfAnotherModel_isExplained() {
    String good = PictureModels.detectorMetadata();
    Map.of(
            good.replace("\"scores\", \"form", "\"boxes\", \"form"), "'boxes'",
            good.replace("\"share\"", "\"inch\""), "output.unit",
            good.replace("\"minScore\": 0.5", "\"minScore\": 2"), "output.minScore",
            good.replace("\"maxDetections\": 10", "\"maxDetections\": 1001"), "maxDetections",
            good.replace("stretch", "crop"), "input.resize")
        .forEach(
            (metadata, mention) ->
                assertMismatch(
                    PictureModels.detector(new float[4], new float[3], metadata), mention));
  }

  @Test
  default void modelForAnotherTask_isRefused() {
    assertMismatch(TinyModels.colours(), "image-classification");
  }

  private void assertMismatch(ModelSpec spec, String mention) {
    withModel(
        spec,
        (session, model) -> {
          VaccelException failure = failureOf(() -> session.detect(model, WHITE));
          assertThat(failure.reason()).as(failure.getMessage()).isEqualTo(Reason.MODEL_MISMATCH);
          assertThat(failure).hasMessageContaining(mention);
        });
  }
}
