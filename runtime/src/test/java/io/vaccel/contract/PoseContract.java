package io.vaccel.contract;

import static io.vaccel.contract.PluginContract.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vaccel.EstimatePose;
import io.vaccel.Image;
import io.vaccel.Operations;
import io.vaccel.Poses;
import io.vaccel.Reason;
import java.awt.Color;
import org.junit.jupiter.api.Test;

/** What a plugin promises that performs {@link Operations#IMAGE_POSE}. */
public interface PoseContract extends PluginContract {

  @Test
  default void joints_areInPixelsOfThePicture() {
    withModel(
        PictureModels.pose(),
        (session, model) -> {
          Poses result = session.pose(model, DetectContract.WHITE);
          assertThat(result.poses()).hasSize(1);
          Poses.Pose pose = result.poses().get(0);
          assertThat(pose.score()).isCloseTo(1, within(1e-6f));
          // The model's 8 x 8 pixels are 40 x 20 of the picture.
          assertThat(pose.keypoints())
              .containsExactly(
                  new Poses.Keypoint("left hand", 10, 5, 0.9f),
                  new Poses.Keypoint("left foot", 30, 20, 0.3f));
        });
  }

  @Test
  default void nobody_isNoPose() {
    withModel(
        PictureModels.pose(),
        (session, model) -> {
          Image black = Image.encoded(Pictures.file(Pictures.plain(Color.BLACK, 9, 9), "png"));
          assertThat(session.pose(model, black).poses()).isEmpty();
        });
  }

  @Test
  default void skeletons_areDrawnOnRequest() {
    withModel(
        PictureModels.pose(),
        (session, model) -> {
          EstimatePose pose = new EstimatePose(model, DetectContract.WHITE, true);
          PictureContract.assertPicture(session.call(Operations.IMAGE_POSE, pose), 40, 20);
        });
  }

  @Test
  default void secondLook_isAtThePerson() {
    // Wherever it looks, the model says that the person's middle is a quarter of the way into it.
    String metadata =
        PictureModels.poseMetadata()
            .replace(
                "\"skeleton\"",
                "\"crop\": {\"center\": 0, \"edge\": 1, \"scale\": 1}, \"skeleton\"");
    withModel(
        PictureModels.pose(new float[] {2, 2, 0.9f, 2, 3, 0.9f}, 1, metadata),
        (session, model) -> {
          Image image = Image.encoded(Pictures.file(Pictures.plain(Color.WHITE, 80, 80), "png"));
          Poses.Keypoint hand = session.pose(model, image).poses().get(0).keypoints().get(0);
          // At 20, 20 first; then in a square of 20 around that, which begins at 10.
          assertThat(hand).isEqualTo(new Poses.Keypoint("left hand", 15, 15, 0.9f));
        });
  }

  @Test
  default void pointsThatAreNoNumbers_orTooFew_areTheModelsFault() {
    for (float[] points :
        new float[][] {{1, Float.NaN, 1, 1, 1, 1}, {1, 1, 1}, {1, 1, 2, 1, 1, 0}}) {
      withModel(
          PictureModels.pose(points, 1, PictureModels.poseMetadata()),
          (session, model) ->
              assertThat(failureOf(() -> session.pose(model, DetectContract.WHITE)).reason())
                  .isEqualTo(Reason.MODEL_MISMATCH));
    }
  }
}
