package io.vaccel.backend.tflite;

import com.google.flatbuffers.Table;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * A table of a flat buffer, whose fields are read by their numbers in the schema. A read outside of
 * the buffer throws {@link IndexOutOfBoundsException}.
 */
final class FlatTable extends Table {
  private FlatTable(ByteBuffer bytes, int position) {
    __reset(position, bytes);
  }

  /** The root of a buffer. */
  static FlatTable root(ByteBuffer bytes) {
    ByteBuffer little = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    return new FlatTable(little, little.getInt(0));
  }

  int integer(int field, int otherwise) {
    int at = at(field);
    return at == 0 ? otherwise : bb.getInt(at);
  }

  int octet(int field) {
    int at = at(field);
    return at == 0 ? 0 : bb.get(at) & 0xff;
  }

  Optional<String> text(int field) {
    int offset = __offset(4 + 2 * field);
    return offset == 0 ? Optional.empty() : Optional.of(__string(offset + bb_pos));
  }

  /** Elements of a vector; 0 when there is none. */
  int length(int field) {
    int offset = __offset(4 + 2 * field);
    return offset == 0 ? 0 : __vector_len(offset);
  }

  /** An element of a vector of 32-bit numbers. */
  int integerAt(int field, int index) {
    return bb.getInt(__vector(__offset(4 + 2 * field)) + 4 * index);
  }

  /** An element of a vector of tables. */
  FlatTable tableAt(int field, int index) {
    return new FlatTable(bb, __indirect(__vector(__offset(4 + 2 * field)) + 4 * index));
  }

  private int at(int field) {
    int offset = __offset(4 + 2 * field);
    return offset == 0 ? 0 : offset + bb_pos;
  }
}
