package io.vaccel;

import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A call of a function {@code int fn(args read, size_t nr_read, args write, size_t nr_write)} of a
 * shared library.
 *
 * @param symbol the function's name, a C identifier of at most 256 characters
 * @param read what it reads; at most {@link Argument#MAX_COUNT}
 * @param write room for what it writes, whose bytes it finds there; at most {@link
 *     Argument#MAX_COUNT}
 * @param layout how the library expects its arguments
 */
public record FunctionCall(
    String symbol, List<Argument> read, List<Argument> write, ArgumentLayout layout) {
  private static final Pattern SYMBOL = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,255}");

  /** Checks name and counts. */
  public FunctionCall {
    if (!SYMBOL.matcher(symbol).matches()) {
      throw VaccelException.ofField("symbol", "is no C identifier of at most 256 characters");
    }
    read = checked("read", read);
    write = checked("write", write);
    Objects.requireNonNull(layout, "layout");
  }

  /** A call of a library made for vAccel's current headers. */
  public static FunctionCall of(String symbol, List<Argument> read, List<Argument> write) {
    return new FunctionCall(symbol, read, write, ArgumentLayout.CURRENT);
  }

  /** Bytes of all arguments. */
  public long sizeBytes() {
    return read.stream().mapToLong(Argument::sizeBytes).sum()
        + write.stream().mapToLong(Argument::sizeBytes).sum();
  }

  private static List<Argument> checked(String field, List<Argument> arguments) {
    if (arguments.size() > Argument.MAX_COUNT) {
      throw VaccelException.ofField(
          field, "has " + arguments.size() + " arguments, the limit is " + Argument.MAX_COUNT);
    }
    return List.copyOf(arguments);
  }
}
