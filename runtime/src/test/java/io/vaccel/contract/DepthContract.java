package io.vaccel.contract;

import static io.vaccel.contract.PluginContract.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vaccel.DepthMap;
import io.vaccel.EstimateDepth;
import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.Shape;
import org.junit.jupiter.api.Test;

/** What a plugin promises that performs {@link Operations#IMAGE_DEPTH}. */
public interface DepthContract extends PluginContract {

  @Test
  default void everyPixel_getsItsDepth() {
    withModel(
        PictureModels.depth(3),
        (session, model) -> {
          DepthMap result = session.depth(model, PictureContract.leftWhite(64, 32));
          assertThat(result.depth().shape()).isEqualTo(Shape.of(32, 64));
          float[] depth = result.depth().floats();
          assertThat(depth[0]).isCloseTo(3, within(1e-5f));
          assertThat(depth[63]).isCloseTo(0, within(1e-5f));
          assertThat(depth[31 * 64]).isCloseTo(3, within(1e-5f));
        });
  }

  @Test
  default void depth_isDrawnOnRequest() {
    withModel(
        PictureModels.depth(),
        (session, model) -> {
          EstimateDepth depth = new EstimateDepth(model, PictureContract.leftWhite(64, 32), true);
          PictureContract.assertPicture(session.call(Operations.IMAGE_DEPTH, depth), 64, 32);
        });
  }

  @Test
  default void depthThatIsNoNumber_isTheModelsFault() {
    withModel(
        PictureModels.depth(Float.NaN),
        (session, model) ->
            assertThat(
                    failureOf(() -> session.depth(model, PictureContract.leftWhite(4, 4))).reason())
                .isEqualTo(Reason.MODEL_MISMATCH));
  }
}
