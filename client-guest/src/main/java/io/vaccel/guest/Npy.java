package io.vaccel.guest;

import io.vaccel.ElementType;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.VaccelException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Tensors as NumPy's {@code .npy} files. Python objects are never read. Memory is taken as bytes
 * arrive, whatever a header claims.
 */
final class Npy {
  private Npy() {}

  /**
   * Reads a whole file.
   *
   * @param file how errors name it
   * @param name the tensor's
   * @throws VaccelException {@link io.vaccel.Reason#TENSOR_INVALID} when the file is none, or not
   *     as long as its header says
   */
  static Tensor read(String file, String name, InputStream in) throws IOException {
    NpyHeader header = NpyHeader.read(file, in);
    int bytes = header.dataBytes(file);
    byte[] data = in.readNBytes(bytes);
    if (data.length < bytes || in.read() >= 0) {
      throw NpyHeader.invalid(
          file,
          "should have "
              + bytes
              + " bytes of elements, and has "
              + (data.length < bytes ? "only " + data.length : "more"));
    }
    NpyType type = header.type();
    if (type.bigEndian()) {
      turn(data, type.numberBytes());
    }
    if (header.fortranOrder() && header.shape().rank() > 1) {
      data = rowMajor(data, type.bytes(), header.shape());
    }
    return type.type() == ElementType.STRING
        ? strings(file, name, header, data)
        : Tensor.of(name, type.type(), header.shape(), direct(data));
  }

  /**
   * Writes a file as NumPy would.
   *
   * @throws VaccelException {@link io.vaccel.Reason#TENSOR_INVALID} when NumPy has no such type
   */
  static void write(Tensor tensor, OutputStream out) throws IOException {
    if (tensor.type() == ElementType.STRING) {
      writeStrings(tensor, out);
      return;
    }
    out.write(header(tensor));
    Channels.newChannel(out).write(tensor.data());
  }

  /** What is before the elements in the file of a tensor that holds no strings. */
  static byte[] header(Tensor tensor) {
    return NpyHeader.write(NpyType.descr(tensor.type()), tensor.shape());
  }

  private static void writeStrings(Tensor tensor, OutputStream out) throws IOException {
    List<byte[]> values = tensor.strings();
    int longest = values.stream().mapToInt(value -> value.length).max().orElse(0);
    // NumPy fills up with zeros, and takes those at the end for filling.
    if (values.stream().anyMatch(value -> value.length > 0 && value[value.length - 1] == 0)) {
      throw NpyHeader.invalid(
          "tensor '" + tensor.name() + "'", "has a string that ends in a zero byte");
    }
    longest = Math.max(1, longest);
    out.write(NpyHeader.write("|S" + longest, tensor.shape()));
    for (byte[] value : values) {
      out.write(Arrays.copyOf(value, longest));
    }
  }

  private static Tensor strings(String file, String name, NpyHeader header, byte[] data) {
    int size = header.type().bytes();
    List<byte[]> values = new ArrayList<>();
    for (int i = 0; i < header.shape().elements(); i++) {
      byte[] value = Arrays.copyOfRange(data, i * size, (i + 1) * size);
      values.add(header.type().unicode() ? utf8(file, value) : trimmed(value));
    }
    return Tensor.ofStrings(name, header.shape(), values);
  }

  private static byte[] trimmed(byte[] value) {
    int end = value.length;
    while (end > 0 && value[end - 1] == 0) {
      end--;
    }
    return Arrays.copyOf(value, end);
  }

  private static byte[] utf8(String file, byte[] characters) {
    StringBuilder text = new StringBuilder();
    ByteBuffer rest = ByteBuffer.wrap(characters).order(ByteOrder.LITTLE_ENDIAN);
    while (rest.hasRemaining()) {
      int character = rest.getInt();
      if (!Character.isValidCodePoint(character)) {
        throw NpyHeader.invalid(file, "holds a character that is none: " + character);
      }
      text.appendCodePoint(character);
    }
    return trimmed(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static void turn(byte[] data, int size) {
    for (int at = 0; at + size <= data.length; at += size) {
      for (int i = 0; i < size / 2; i++) {
        byte swapped = data[at + i];
        data[at + i] = data[at + size - 1 - i];
        data[at + size - 1 - i] = swapped;
      }
    }
  }

  /** The same elements with the last dimension varying fastest. */
  private static byte[] rowMajor(byte[] data, int size, Shape shape) {
    byte[] ordered = new byte[data.length];
    long[] index = new long[shape.rank()];
    for (int at = 0; at < data.length; at += size) {
      long from = 0;
      for (int i = index.length - 1; i >= 0; i--) {
        from = from * shape.dimension(i) + index[i];
      }
      System.arraycopy(data, Math.toIntExact(from * size), ordered, at, size);
      for (int i = index.length - 1; i >= 0 && ++index[i] == shape.dimension(i); i--) {
        index[i] = 0;
      }
    }
    return ordered;
  }

  private static ByteBuffer direct(byte[] data) {
    return ByteBuffer.allocateDirect(data.length).put(data).flip();
  }
}
