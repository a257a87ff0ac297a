package io.vaccel.backend.tflite;

/** A graph that no correct converter makes; the message goes on after the model's name. */
final class UnsoundGraph extends RuntimeException {
  UnsoundGraph(String what) {
    super(what);
  }
}
