package io.vaccel.backend.image;

/**
 * A box that may hold an object.
 *
 * @param index which of the model's boxes
 * @param label the class that it most likely is
 * @param score how likely
 */
record Candidate(int index, int label, float score) {}
