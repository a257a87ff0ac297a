package io.vaccel.backend.exec.child;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * The arguments that a function reads, or those that it writes, as the C array that it expects,
 * with red zones around each value.
 *
 * <p>Two layouts exist in vAccel: {@code {void *buf; size_t size; uint32_t type; uint32_t
 * custom_type_id; bool owned;}} of 32 bytes, and the older {@code {uint32_t type; uint32_t size;
 * void *buf;}} of 16.
 */
final class ArgumentArray {
  private static final int RED_ZONE = 64;
  private static final byte RED = (byte) 0xA5;
  private static final int ENTRY = 32;
  private static final int COMPACT_ENTRY = 16;

  private final String name;
  private final List<Job.Slot> slots;
  private final boolean compact;
  private final List<Memory> values = new ArrayList<>();
  private final Memory entries;

  private ArgumentArray(String name, List<Job.Slot> slots, boolean compact) {
    this.name = name;
    this.slots = slots;
    this.compact = compact;
    this.entries = new Memory((long) entryBytes() * Math.max(1, slots.size()));
    entries.clear();
  }

  /** Takes the values' bytes from a channel. */
  static ArgumentArray read(
      String name, List<Job.Slot> slots, boolean compact, ReadableByteChannel from)
      throws IOException {
    ArgumentArray array = new ArgumentArray(name, slots, compact);
    for (Job.Slot slot : slots) {
      array.add(slot, from);
    }
    return array;
  }

  int count() {
    return slots.size();
  }

  Pointer entries() {
    return entries;
  }

  /**
   * The name of the first argument beside which something was written; empty when there is none.
   */
  String overrun() {
    for (int i = 0; i < slots.size(); i++) {
      long bytes = slots.get(i).bytes();
      if (!red(values.get(i), 0)
          || !red(values.get(i), RED_ZONE + bytes)
          || size(i) > bytes
          || size(i) < 0
          || !buffer(i).equals(value(i))) {
        return name + "[" + i + "]";
      }
    }
    return "";
  }

  /** How many bytes the function says that it wrote; at most the room that it had. */
  long size(int index) {
    long at = (long) index * entryBytes();
    return compact ? Integer.toUnsignedLong(entries.getInt(at + 4)) : entries.getLong(at + 8);
  }

  /** The value's bytes. */
  Pointer value(int index) {
    return values.get(index).share(RED_ZONE);
  }

  private Pointer buffer(int index) {
    Pointer set = entries.getPointer((long) index * entryBytes() + (compact ? 8 : 0));
    return set == null ? Pointer.createConstant(0) : set;
  }

  private void add(Job.Slot slot, ReadableByteChannel from) throws IOException {
    Memory value = new Memory(slot.bytes() + 2L * RED_ZONE);
    value.setMemory(0, RED_ZONE, RED);
    value.setMemory(RED_ZONE + (long) slot.bytes(), RED_ZONE, RED);
    ByteBuffer bytes = value.getByteBuffer(RED_ZONE, slot.bytes());
    while (bytes.hasRemaining()) {
      if (from.read(bytes) < 0) {
        throw new EOFException("the job ends within its arguments");
      }
    }
    long at = (long) values.size() * entryBytes();
    values.add(value);
    Pointer start = value.share(RED_ZONE);
    if (compact) {
      entries.setInt(at, slot.type());
      entries.setInt(at + 4, slot.bytes());
      entries.setPointer(at + 8, start);
    } else {
      entries.setPointer(at, start);
      entries.setLong(at + 8, slot.bytes());
      entries.setInt(at + 16, slot.type());
      entries.setInt(at + 20, slot.customType());
    }
  }

  private int entryBytes() {
    return compact ? COMPACT_ENTRY : ENTRY;
  }

  private static boolean red(Memory value, long at) {
    for (byte found : value.getByteArray(at, RED_ZONE)) {
      if (found != RED) {
        return false;
      }
    }
    return true;
  }
}
