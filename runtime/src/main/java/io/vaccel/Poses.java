package io.vaccel;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The people in a picture, and where their joints are.
 *
 * @param poses best first, at most {@link #MAX_COUNT}
 * @param annotated the picture with the skeletons drawn, when asked for
 * @param executedOn where
 */
public record Poses(List<Pose> poses, Optional<Image.Encoded> annotated, ExecutedOn executedOn)
    implements Annotated {
  /** The most people of a picture, and the most keypoints of one of them. */
  public static final int MAX_COUNT = 1000;

  /** Copies the list. */
  public Poses {
    poses = checked("poses", poses);
  }

  /**
   * One person.
   *
   * @param keypoints the joints, in the model's order
   * @param score how sure the model is that there is somebody, 0 to 1
   */
  public record Pose(List<Keypoint> keypoints, float score) {
    /** Copies the list. */
    public Pose {
      keypoints = checked("keypoints", keypoints);
    }
  }

  /**
   * One joint, or another point of a body; it may lie outside the picture.
   *
   * @param name for instance {@code left elbow}
   * @param x pixels from the left of the upright picture; finite
   * @param y pixels from its top; finite
   * @param score how sure the model is that the point can be seen there, 0 to 1
   */
  public record Keypoint(String name, float x, float y, float score) {
    /** Checks the numbers. */
    public Keypoint {
      if (!Float.isFinite(x) || !Float.isFinite(y)) {
        throw new VaccelException(
            Reason.ARGUMENT_INVALID, "keypoint at x " + x + ", y " + y + " is nowhere");
      }
    }

    /** For instance {@code left elbow 0.98 at 311, 402}. */
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%s %.2f at %.0f, %.0f", name, score, x, y);
    }
  }

  private static <T> List<T> checked(String what, List<T> list) {
    if (list.size() > MAX_COUNT) {
      throw new VaccelException(
          Reason.ARGUMENT_INVALID, list.size() + " " + what + ", the limit is " + MAX_COUNT);
    }
    return List.copyOf(list);
  }
}
