package io.vaccel.program.doctor;

import java.util.List;

/**
 * What a {@link Check} says of one thing.
 *
 * @param what the thing, in a word or two
 * @param state whether it is right
 * @param found one sentence about how it is
 * @param advice what to do about it, a line each; commands as they are typed
 */
public record Finding(String what, State state, String found, List<String> advice) {

  /** Whether a thing is right. */
  public enum State {
    /** It is right. */
    OK,
    /** Worth knowing, and no fault. */
    NOTE,
    /** It is wrong: something will not work. */
    PROBLEM
  }

  /** Copies the advice. */
  public Finding {
    advice = List.copyOf(advice);
  }

  /** It is right. */
  public static Finding ok(String what, String found) {
    return new Finding(what, State.OK, found, List.of());
  }

  /** Worth knowing. */
  public static Finding note(String what, String found, String... advice) {
    return new Finding(what, State.NOTE, found, List.of(advice));
  }

  /** It is wrong. */
  public static Finding problem(String what, String found, String... advice) {
    return new Finding(what, State.PROBLEM, found, List.of(advice));
  }
}
