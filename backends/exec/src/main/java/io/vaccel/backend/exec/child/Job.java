package io.vaccel.backend.exec.child;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a process is to do: the head of its standard input, before the arguments' bytes.
 *
 * @param nonce repeated at the head of the answer, so that nothing printed passes for one
 * @param memoryBytes address space beyond what the process has when it is ready
 * @param cpuSeconds processor time beyond what it has used
 * @param descriptors the most open descriptors
 * @param tasks the most threads and processes of its user
 * @param compact whether arguments have vAccel's older layout
 * @param libraries file names below the library directory, in the order of loading; the last has
 *     the function
 * @param symbol the function
 * @param read what it reads
 * @param write what it writes
 */
public record Job(
    long nonce,
    long memoryBytes,
    int cpuSeconds,
    int descriptors,
    int tasks,
    boolean compact,
    List<String> libraries,
    String symbol,
    List<Slot> read,
    List<Slot> write) {

  /** Copies the lists. */
  public Job {
    libraries = List.copyOf(libraries);
    read = List.copyOf(read);
    write = List.copyOf(write);
  }

  /**
   * One argument without its bytes.
   *
   * @param type vAccel's number of the type
   * @param customType the application's number
   * @param bytes the size of the value
   */
  public record Slot(int type, int customType, int bytes) {}

  /** Writes the head; the bytes of the arguments, read ones first, must follow. */
  public void writeTo(DataOutputStream out) throws IOException {
    out.writeLong(nonce);
    out.writeLong(memoryBytes);
    out.writeInt(cpuSeconds);
    out.writeInt(descriptors);
    out.writeInt(tasks);
    out.writeBoolean(compact);
    out.writeInt(libraries.size());
    for (String library : libraries) {
      out.writeUTF(library);
    }
    out.writeUTF(symbol);
    write(read, out);
    write(write, out);
    out.flush();
  }

  /** Reads the head. */
  static Job read(DataInputStream in) throws IOException {
    long nonce = in.readLong();
    long memoryBytes = in.readLong();
    int cpuSeconds = in.readInt();
    int descriptors = in.readInt();
    int tasks = in.readInt();
    boolean compact = in.readBoolean();
    List<String> libraries = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      libraries.add(in.readUTF());
    }
    String symbol = in.readUTF();
    return new Job(
        nonce,
        memoryBytes,
        cpuSeconds,
        descriptors,
        tasks,
        compact,
        libraries,
        symbol,
        slots(in),
        slots(in));
  }

  private static void write(List<Slot> slots, DataOutputStream out) throws IOException {
    out.writeInt(slots.size());
    for (Slot slot : slots) {
      out.writeInt(slot.type());
      out.writeInt(slot.customType());
      out.writeInt(slot.bytes());
    }
  }

  private static List<Slot> slots(DataInputStream in) throws IOException {
    List<Slot> slots = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      slots.add(new Slot(in.readInt(), in.readInt(), in.readInt()));
    }
    return slots;
  }
}
