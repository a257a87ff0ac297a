package io.vaccel.backend.image;

import io.vaccel.Detections;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The outputs of a detector.
 *
 * @param boxes FLOAT32[1, N, 4]
 * @param scores FLOAT32[1, N, labels], or FLOAT32[1, N] beside {@code classes}
 * @param classes FLOAT32[1, N] of label indices
 * @param count FLOAT32[1]: how many of the N are meant; all of them when empty
 * @param form what the four numbers of a box are
 * @param activation SIGMOID or NONE
 * @param background whether the first label means that there is nothing
 * @param minScore the least score that counts, when the caller does not say
 * @param maxOverlap how much of the union of two boxes of one class may be common to both
 * @param maxDetections the most that are reported
 */
record BoxesOutput(
    String boxes,
    String scores,
    Optional<String> classes,
    Optional<String> count,
    BoxForm form,
    Activation activation,
    boolean background,
    float minScore,
    float maxOverlap,
    int maxDetections)
    implements Output {

  static BoxesOutput parse(JsonFields fields) {
    return new BoxesOutput(
        fields.string("boxes"),
        fields.string("scores"),
        fields.optionalString("classes"),
        fields.optionalString("count"),
        BoxForm.parse(fields),
        fields.choice("activation", List.of(Activation.SIGMOID, Activation.NONE)),
        fields.bool("background"),
        fields.number("minScore", 0, 1),
        fields.number("maxOverlap", 0, 1),
        fields.integer("maxDetections", 1, Detections.MAX_COUNT));
  }

  @Override
  public Metadata.Task task() {
    return Metadata.Task.DETECTION;
  }

  @Override
  public List<String> tensors() {
    List<String> names = new ArrayList<>(List.of(boxes, scores));
    classes.ifPresent(names::add);
    count.ifPresent(names::add);
    return names;
  }

  /** The shape of the scores for so many boxes and labels. */
  long[] scoreDimensions(long candidates, int labels) {
    return classes.isPresent() ? new long[] {1, candidates} : new long[] {1, candidates, labels};
  }

  @Override
  public void check(OutputInfos infos, Metadata.Input input, List<String> labels) {
    long candidates = form.candidates(input);
    infos.check(boxes, "boxes", 1, candidates, 4);
    infos.check(scores, "scores", scoreDimensions(candidates, labels.size()));
    classes.ifPresent(name -> infos.check(name, "classes", 1, candidates));
    count.ifPresent(name -> infos.check(name, "counts", 1));
  }
}
