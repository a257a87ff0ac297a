package io.vaccel.backend.tensorflow;

/** What a model may not have or do; the message goes on after the model's name. */
final class UnsoundGraph extends RuntimeException {
  UnsoundGraph(String what) {
    super(what);
  }
}
