package io.vaccel;

/** What every operation returns: its own fields, and where it was computed. */
public interface Result {
  /** Where, by what and how fast this was computed. */
  ExecutedOn executedOn();
}
