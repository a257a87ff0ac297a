package io.vaccel;

import java.util.function.BiConsumer;

/**
 * One named accelerated function; see {@link Operations} for all of them.
 *
 * @param name the stable name, for instance {@code image.classify}
 * @param inputType the record that it takes
 * @param resultType the record that it returns
 * @param repeatable whether doing it twice is the same as doing it once, so that it may be tried
 *     again elsewhere
 * @param fitting throws a {@link VaccelException} when the sizes of a result cannot be those of an
 *     answer to an input
 * @param <I> input
 * @param <O> output
 */
public record Operation<I, O extends Result>(
    String name,
    Class<I> inputType,
    Class<O> resultType,
    boolean repeatable,
    BiConsumer<I, O> fitting) {

  /** An operation whose input says nothing of the result's sizes. */
  public Operation(String name, Class<I> inputType, Class<O> resultType, boolean repeatable) {
    this(name, inputType, resultType, repeatable, (input, result) -> {});
  }

  /**
   * The result, when its sizes can be those of an answer to this input; for results that somebody
   * else has made.
   *
   * @throws VaccelException {@link Reason#ARGUMENT_INVALID} with the field of the result
   */
  public O checked(I input, O result) {
    fitting.accept(input, result);
    return result;
  }

  @Override
  public String toString() {
    return name;
  }
}
