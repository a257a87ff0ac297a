package io.vaccel.backend.image;

import io.vaccel.ModelRun;
import io.vaccel.spi.Call;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/** Picks the boxes that are worth a look, so that what follows is bounded. */
final class Candidates {
  /** How many are compared with each other at most, which takes time that grows as its square. */
  static final int MAX_COUNT = 2000;

  /** Best first; of equal ones the first of the model's. */
  private static final Comparator<Candidate> BEST_FIRST =
      Comparator.comparingDouble((Candidate c) -> -c.score()).thenComparingInt(Candidate::index);

  private static final int CHECK_EVERY = 4096;

  private Candidates() {}

  /** The best ones with at least this score, best first. */
  static List<Candidate> of(
      ModelRun.Outputs outputs, BoxesOutput form, int labels, float minScore, Call call) {
    OutputTensor scores =
        OutputTensor.of(outputs, form.scores(), form.scoreDimensions(OutputInfos.ANY, labels));
    int count = scores.size(1);
    OutputTensor boxes = OutputTensor.of(outputs, form.boxes(), 1, count, 4);
    int meant = form.count().map(name -> meant(outputs, name, count)).orElse(boxes.size(1));
    Optional<OutputTensor> classes =
        form.classes().map(name -> OutputTensor.of(outputs, name, 1, count));
    // The worst on top, to be replaced.
    PriorityQueue<Candidate> best = new PriorityQueue<>(BEST_FIRST.reversed());
    for (int i = 0; i < meant; i++) {
      if (i % CHECK_EVERY == 0) {
        call.check();
      }
      int index = i;
      Candidate candidate =
          classes
              .map(label -> classified(form, label, scores, index, labels))
              .orElseGet(() -> strongest(form, scores, index, labels));
      if (candidate.score() >= minScore) {
        best.add(candidate);
        if (best.size() > MAX_COUNT) {
          best.remove();
        }
      }
    }
    List<Candidate> sorted = new ArrayList<>(best);
    sorted.sort(BEST_FIRST);
    return sorted;
  }

  private static int meant(ModelRun.Outputs outputs, String name, int most) {
    float count = OutputTensor.of(outputs, name, 1).get(0);
    if (count < 0 || count > most) {
      throw OutputInfos.mismatch(name, "says " + count + " boxes, there are " + most);
    }
    return (int) count;
  }

  private static Candidate strongest(BoxesOutput form, OutputTensor scores, int index, int labels) {
    int first = form.background() ? 1 : 0;
    int label = first;
    for (int i = first + 1; i < labels; i++) {
      if (scores.get(index * labels + i) > scores.get(index * labels + label)) {
        label = i;
      }
    }
    return new Candidate(index, label, form.activation().of(scores.get(index * labels + label)));
  }

  private static Candidate classified(
      BoxesOutput form, OutputTensor classes, OutputTensor scores, int index, int labels) {
    float label = classes.get(index);
    if (label != Math.rint(label) || label < 0 || label >= labels) {
      throw OutputInfos.mismatch(
          form.classes().orElse(""), "holds class " + label + ", there are " + labels);
    }
    return new Candidate(index, (int) label, form.activation().of(scores.get(index)));
  }
}
