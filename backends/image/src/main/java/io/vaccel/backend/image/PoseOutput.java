package io.vaccel.backend.image;

import io.vaccel.Poses;
import java.util.List;
import java.util.Optional;

/**
 * The outputs of a model that finds the points of one person.
 *
 * @param keypoints FLOAT32 with {@code values} numbers for each point
 * @param values how many numbers a point has
 * @param x which of them, from 0, is its place from the left
 * @param y which is its place from the top
 * @param score which says how well it can be seen
 * @param unit in what places are measured
 * @param activation makes scores of what the model gives for points
 * @param person FLOAT32[1, 1], the score of the person; the mean of the points' scores when empty
 * @param minScore the least score of a person that counts
 * @param skeleton which points are joined when they are drawn
 * @param crop how the person is cut out for a second look
 */
record PoseOutput(
    String keypoints,
    int values,
    int x,
    int y,
    int score,
    LengthUnit unit,
    Activation activation,
    Optional<String> person,
    float minScore,
    List<JsonFields.Pair> skeleton,
    Optional<Crop> crop)
    implements Output {

  private static final int MAX_VALUES = 64;

  /**
   * A square around the person.
   *
   * @param center the point, labelled or not, in the middle of the body
   * @param edge the point on a circle around the whole body
   * @param scale the side of the square in diameters of that circle
   */
  record Crop(int center, int edge, float scale) {}

  static PoseOutput parse(JsonFields fields) {
    String keypoints = fields.string("keypoints");
    int values = fields.integer("values", 3, MAX_VALUES);
    return new PoseOutput(
        keypoints,
        values,
        fields.integer("x", 0, values - 1),
        fields.integer("y", 0, values - 1),
        fields.integer("score", 0, values - 1),
        fields.choice("unit", List.of(LengthUnit.values())),
        fields.choice("activation", List.of(Activation.SIGMOID, Activation.NONE)),
        fields.optionalString("person"),
        fields.number("minScore", 0, 1),
        fields.pairs("skeleton", Poses.MAX_COUNT, Poses.MAX_COUNT - 1),
        fields.has("crop") ? Optional.of(crop(fields.object("crop"))) : Optional.empty());
  }

  private static Crop crop(JsonFields fields) {
    Crop crop =
        new Crop(
            fields.integer("center", 0, Poses.MAX_COUNT - 1),
            fields.integer("edge", 0, Poses.MAX_COUNT - 1),
            fields.number("scale", 0.1, 10));
    fields.end();
    return crop;
  }

  @Override
  public Metadata.Task task() {
    return Metadata.Task.POSE;
  }

  @Override
  public List<String> tensors() {
    return person.map(name -> List.of(keypoints, name)).orElse(List.of(keypoints));
  }

  /** The least number of points that the model must give for so many labels. */
  int points(int labels) {
    int points = labels;
    if (crop.isPresent()) {
      points = Math.max(points, 1 + Math.max(crop.get().center(), crop.get().edge()));
    }
    return points;
  }

  @Override
  public void check(OutputInfos infos, Metadata.Input input, List<String> labels) {
    if (labels.size() > Poses.MAX_COUNT) {
      throw OutputInfos.mismatch(
          keypoints, "cannot have " + labels.size() + " points, the limit is " + Poses.MAX_COUNT);
    }
    for (JsonFields.Pair bone : skeleton) {
      if (Math.max(bone.first(), bone.second()) >= labels.size()) {
        throw OutputInfos.mismatch(
            keypoints,
            "has "
                + labels.size()
                + " labelled points, 'output.skeleton' joins "
                + bone.first()
                + " and "
                + bone.second());
      }
    }
    List<Long> dimensions = infos.floats(keypoints, "keypoints").dimensions();
    long elements = dimensions.stream().mapToLong(d -> d).reduce(1, (a, b) -> a * b);
    boolean known = dimensions.stream().noneMatch(d -> d < 0);
    if (known && !fits(elements, labels.size())) {
      throw OutputInfos.mismatch(keypoints, wrongSize(elements, labels.size()));
    }
    person.ifPresent(name -> infos.floats(name, "scores"));
  }

  /** Whether so many numbers are the points, or more of them. */
  boolean fits(long elements, int labels) {
    return elements % values == 0 && elements / values >= points(labels);
  }

  /** What is wrong with so many numbers. */
  String wrongSize(long elements, int labels) {
    return "has "
        + elements
        + " numbers; the metadata needs "
        + points(labels)
        + " points or more, of "
        + values
        + " each";
  }
}
