package io.vaccel;

import java.util.ArrayList;
import java.util.List;

/**
 * The input of {@link Operations#GENERIC_CALL}: vAccel's {@code genop}, any operation by its code
 * with typed arguments; {@code docs/GENOP.md} has the layout of each.
 *
 * @param read the code as one {@link ArgumentType#UINT8}, then what the operation reads
 * @param write room for what the operation writes
 */
public record GenericCall(List<Argument> read, List<Argument> write) {
  /** Copies the lists; checks their sizes and that there is a known code. */
  public GenericCall {
    read = List.copyOf(read);
    write = List.copyOf(write);
    limit("read", read);
    limit("write", write);
    if (read.isEmpty()) {
      throw VaccelException.ofField("read", "is empty: read[0] is the code of the operation");
    }
    code(read.get(0));
  }

  /** This operation with these arguments. */
  public static GenericCall of(GenericCode code, List<Argument> read, List<Argument> write) {
    List<Argument> all = new ArrayList<>(read.size() + 1);
    all.add(Argument.ofUint8(code.number()));
    all.addAll(read);
    return new GenericCall(all, write);
  }

  /** The operation. */
  public GenericCode code() {
    return code(read.get(0));
  }

  /**
   * The result of {@link GenericCall}.
   *
   * @param arguments the written arguments, in the order of the call; each has the type of its room
   *     and as many bytes as were written
   * @param executedOn where
   */
  public record Written(List<Argument> arguments, ExecutedOn executedOn) implements Result {
    /** Copies the list. */
    public Written {
      arguments = List.copyOf(arguments);
    }
  }

  private static GenericCode code(Argument first) {
    if (first.type() != ArgumentType.UINT8) {
      throw VaccelException.ofField("read[0]", "must be the code, a UINT8, got " + first.type());
    }
    int number = Byte.toUnsignedInt(first.data().get(0));
    return GenericCode.numbered(number)
        .orElseThrow(
            () ->
                VaccelException.ofField(
                    "read[0]",
                    "is " + number + ", codes are 0 to " + (GenericCode.values().length - 1)));
  }

  private static void limit(String field, List<Argument> arguments) {
    if (arguments.size() > Argument.MAX_COUNT) {
      throw VaccelException.ofField(
          field, "has " + arguments.size() + " arguments, the limit is " + Argument.MAX_COUNT);
    }
  }
}
