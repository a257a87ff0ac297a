package io.vaccel;

import io.vaccel.spi.SessionContext;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The arguments of one generic call: read one after the other, each of the type that the layout
 * says, and written one after the other into their rooms. Every error names the argument by its
 * position. Used by one thread.
 */
final class GenericArguments {
  private final GenericCode code;
  private final List<Argument> read;
  private final List<Argument> write;
  private final List<Argument> written = new ArrayList<>();
  private int next = 1;

  GenericArguments(GenericCall call) {
    this.code = call.code();
    this.read = call.read();
    this.write = call.write();
  }

  /** Arguments that were not read yet. */
  int left() {
    return read.size() - next;
  }

  /** The index of the next argument that is read. */
  int position() {
    return next;
  }

  /** Rooms for what is written. */
  int rooms() {
    return write.size();
  }

  /** Returns when there are exactly so many of each; the code is not counted. */
  void expect(int reads, int writes) {
    expect(reads, writes, writes);
  }

  /** The same where the last rooms may be left out. */
  void expect(int reads, int leastWrites, int mostWrites) {
    if (left() != reads) {
      throw VaccelException.ofField(
          "read", "has " + left() + " arguments after the code; " + code + " reads " + reads);
    }
    if (rooms() < leastWrites || rooms() > mostWrites) {
      String range = leastWrites == mostWrites ? "" : leastWrites + " to ";
      throw VaccelException.ofField(
          "write", "has " + rooms() + " arguments; " + code + " writes " + range + mostWrites);
    }
  }

  long int64(String meaning) {
    return take(meaning, ArgumentType.INT64).getLong();
  }

  int int32(String meaning) {
    return take(meaning, ArgumentType.INT32).getInt();
  }

  float float32(String meaning) {
    return take(meaning, ArgumentType.FLOAT32).getFloat();
  }

  /** The registered resource whose number is the next argument. */
  RegisteredResource resource(SessionContext context) {
    int index = next;
    long number = int64("resource");
    return context
        .resource(number)
        .orElseThrow(
            () ->
                new VaccelException(
                        Reason.RESOURCE_NOT_FOUND, "no resource " + number + " in this session")
                    .with("field", "read[" + index + "]"));
  }

  String string(String meaning) {
    require(meaning, ArgumentType.STRING);
    return read.get(next++).string();
  }

  /** What the text of the next argument means; errors of {@code meaning} name the argument. */
  <T> T parsed(String meaning, Function<String, T> parser) {
    int index = next;
    String text = string(meaning);
    try {
      return parser.apply(text);
    } catch (VaccelException e) {
      throw e.inField("read[" + index + "]");
    }
  }

  /** The bytes of an argument of this type. */
  ByteBuffer take(String meaning, ArgumentType type) {
    require(meaning, type);
    return read.get(next++).data();
  }

  /** A picture file, which is in the argument with this index. */
  static Image picture(int index, ByteBuffer file) {
    try {
      return Image.encoded(file);
    } catch (VaccelException e) {
      throw e.inField("read[" + index + "]");
    }
  }

  /** The elements of an array as a tensor with one dimension. */
  Tensor vector(String meaning, ArgumentType type, ElementType elements) {
    ByteBuffer data = take(meaning, type);
    long count = data.remaining() / (elements.bits() / Byte.SIZE);
    return Tensor.of("", elements, Shape.of(count), data);
  }

  /** All that was not read yet, and all rooms: for functions with arguments of their own. */
  List<Argument> rest() {
    List<Argument> rest = read.subList(next, read.size());
    next = read.size();
    return rest;
  }

  List<Argument> write() {
    return write;
  }

  /**
   * Writes the next argument.
   *
   * @throws VaccelException {@link Reason#ARGUMENT_INVALID} when its room has another type or is
   *     too small
   */
  void put(String meaning, ArgumentType type, ByteBuffer value) {
    expectRoom(written.size(), meaning, type, value.remaining());
    written.add(write.get(written.size()).withData(value));
  }

  /** Returns when this room has this type and at least this size; before work is done. */
  void expectRoom(int index, String meaning, ArgumentType type, long bytes) {
    Argument room = write.get(index);
    if (room.type() != type) {
      throw problem("write", index, meaning, "must be " + type + ", got " + room.type());
    }
    if (room.sizeBytes() < bytes) {
      throw problem(
          "write",
          index,
          meaning,
          "has room for " + room.sizeBytes() + " bytes, the result has " + bytes);
    }
  }

  /** What was written. */
  GenericCall.Written done(ExecutedOn executedOn) {
    return new GenericCall.Written(written, executedOn);
  }

  private void require(String meaning, ArgumentType type) {
    if (next >= read.size()) {
      throw problem("read", next, meaning, "is missing");
    }
    if (read.get(next).type() != type) {
      throw problem("read", next, meaning, "must be " + type + ", got " + read.get(next).type());
    }
  }

  private VaccelException problem(String list, int index, String meaning, String what) {
    return VaccelException.ofField(
        list + "[" + index + "]", "(" + meaning + " of " + code + ") " + what);
  }
}
