package io.vaccel.contract;

import static io.vaccel.contract.PluginContract.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vaccel.ElementType;
import io.vaccel.Image;
import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.Segment;
import io.vaccel.Segmentation;
import io.vaccel.Shape;
import org.junit.jupiter.api.Test;

/** What a plugin promises that performs {@link Operations#IMAGE_SEGMENT}. */
public interface SegmentContract extends PluginContract {

  @Test
  default void everyPixel_getsItsClass() {
    withModel(
        PictureModels.segmenter(),
        (session, model) -> {
          Segmentation result = session.segment(model, PictureContract.leftWhite(64, 32));
          assertThat(result.mask().type()).isEqualTo(ElementType.UINT16);
          assertThat(result.mask().shape()).isEqualTo(Shape.of(32, 64));
          assertThat(result.classes()).containsExactly("dark", "light");
          assertThat(result.at(0, 0)).isEqualTo(1);
          assertThat(result.at(30, 31)).isEqualTo(1);
          assertThat(result.at(33, 0)).isZero();
          assertThat(result.at(63, 31)).isZero();
          assertThat(result.shares().get(1)).isCloseTo(0.5, within(0.02));
        });
  }

  @Test
  default void highestOfSeveralChannels_counts() {
    withModel(
        PictureModels.colourSegmenter(),
        (session, model) ->
            ClassifyContract.COLOURS.forEach(
                (name, color) -> {
                  Image image = Image.encoded(Pictures.file(color, "png"));
                  Segmentation result = session.segment(model, image);
                  assertThat(result.classes().get(result.at(0, 0))).isEqualTo(name);
                }));
  }

  @Test
  default void classes_areDrawnOnRequest() {
    withModel(
        PictureModels.segmenter(),
        (session, model) -> {
          Segment segment = new Segment(model, PictureContract.leftWhite(64, 32), true);
          Segmentation result = session.call(Operations.IMAGE_SEGMENT, segment);
          PictureContract.assertPicture(result, 64, 32);
        });
  }

  @Test
  default void maskThatHoldsNoNumbers_isTheModelsFault() {
    withModel(
        PictureModels.segmenter(Float.NaN, PictureModels.segmenterMetadata()),
        (session, model) ->
            assertThat(
                    failureOf(() -> session.segment(model, PictureContract.leftWhite(4, 4)))
                        .reason())
                .isEqualTo(Reason.MODEL_MISMATCH));
  }

  @Test
  default void maskOfOtherAxes_isRefused() {
    String metadata =
        PictureModels.segmenterMetadata().replace("\"NCHW\", \"thr", "\"NHWC\", \"thr");
    withModel(
        PictureModels.segmenter(1, metadata),
        (session, model) ->
            assertThat(failureOf(() -> session.segment(model, PictureContract.leftWhite(4, 4))))
                .hasMessageContaining("[1, any, any, 1]"));
  }
}
