package io.vaccel.backend.tensorflow;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Measures a serialised message before it is parsed: a field of two bytes becomes an object of
 * fifty, so a file's size does not tell what it takes on the heap.
 */
final class ProtoSize {
  /** Fields of all messages in it; the largest models have some hundred thousand. */
  private static final long MAX_FIELDS = 4_000_000;

  /** Bytes of numbers in lists, which become four or eight bytes each. Weights are elsewhere. */
  private static final long MAX_LIST_BYTES = 64 << 20;

  private static final int MAX_DEPTH = 60;

  private long fields;
  private long listBytes;

  private ProtoSize() {}

  /** A reader of the whole buffer, which shares its memory where it can. */
  static CodedInputStream open(ByteBuffer bytes) {
    CodedInputStream in = UnsafeByteOperations.unsafeWrap(bytes.duplicate()).newCodedInput();
    in.enableAliasing(true);
    in.setSizeLimit(Integer.MAX_VALUE);
    return in;
  }

  /**
   * Walks through it.
   *
   * @throws IOException when it is no such message, or one that is too large
   */
  static void check(ByteBuffer bytes, Descriptor type) throws IOException {
    new ProtoSize().walk(open(bytes), type, 0);
  }

  private void walk(CodedInputStream in, Descriptor type, int depth) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (++fields > MAX_FIELDS || listBytes > MAX_LIST_BYTES || depth > MAX_DEPTH) {
        throw new IOException("the message has too many fields");
      }
      FieldDescriptor field = type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
      if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED || field == null) {
        in.skipField(tag);
        continue;
      }
      int length = in.readRawVarint32();
      int outer = in.pushLimit(length);
      if (field.getJavaType() == JavaType.MESSAGE) {
        walk(in, field.getMessageType(), depth + 1);
      } else {
        listBytes += field.isPackable() ? length : 0;
        in.skipRawBytes(length);
      }
      in.popLimit(outer);
    }
  }
}
