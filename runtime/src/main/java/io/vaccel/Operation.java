package io.vaccel;

/**
 * One named accelerated function; see {@link Operations} for all of them.
 *
 * @param name the stable name, for instance {@code image.classify}
 * @param inputType the record that it takes
 * @param resultType the record that it returns
 * @param repeatable whether doing it twice is the same as doing it once, so that it may be tried
 *     again elsewhere
 * @param <I> input
 * @param <O> output
 */
public record Operation<I, O extends Result>(
    String name, Class<I> inputType, Class<O> resultType, boolean repeatable) {
  @Override
  public String toString() {
    return name;
  }
}
