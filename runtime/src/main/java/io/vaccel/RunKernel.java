package io.vaccel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The input of {@link Operations#OPENCL_RUN}: one run of an OpenCL kernel.
 *
 * @param source OpenCL C; compiled once in a session, however often it is run; 1 to {@link
 *     #MAX_SOURCE_LENGTH} characters
 * @param kernel the name of the kernel in it
 * @param arguments the kernel's arguments, in its order; at most {@link #MAX_ARGUMENTS}
 * @param globalSize work items in each of 1 to 3 dimensions, 1 or more each
 * @param localSize work items of one group in the same dimensions, each a divisor of the global
 *     one; empty where the device may choose
 */
public record RunKernel(
    String source,
    String kernel,
    List<KernelArgument> arguments,
    List<Long> globalSize,
    List<Long> localSize) {
  /** The longest source. */
  public static final int MAX_SOURCE_LENGTH = 256 << 10;

  /** The most arguments of a kernel. */
  public static final int MAX_ARGUMENTS = 64;

  private static final int MAX_DIMENSIONS = 3;
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,255}");

  /** Copies the lists; checks names and sizes. */
  public RunKernel {
    arguments = List.copyOf(arguments);
    globalSize = List.copyOf(globalSize);
    localSize = List.copyOf(localSize);
    if (source.isBlank() || source.length() > MAX_SOURCE_LENGTH || source.indexOf('\0') >= 0) {
      throw VaccelException.ofField(
          "source", "must be 1 to " + MAX_SOURCE_LENGTH + " characters, got " + source.length());
    }
    if (!NAME.matcher(kernel).matches()) {
      throw VaccelException.ofField("kernel", "is not the name of a function");
    }
    if (arguments.size() > MAX_ARGUMENTS) {
      throw VaccelException.ofField(
          "arguments", "are " + arguments.size() + ", the limit is " + MAX_ARGUMENTS);
    }
    if (globalSize.isEmpty() || globalSize.size() > MAX_DIMENSIONS) {
      throw VaccelException.ofField(
          "global_size", "must have 1 to 3 dimensions, got " + globalSize.size());
    }
    if (!localSize.isEmpty() && localSize.size() != globalSize.size()) {
      throw VaccelException.ofField(
          "local_size", "must have " + globalSize.size() + " dimensions, got " + localSize.size());
    }
    items(globalSize);
    for (int i = 0; i < localSize.size(); i++) {
      if (localSize.get(i) < 1 || globalSize.get(i) % localSize.get(i) != 0) {
        throw VaccelException.ofField(
            "local_size", "must divide " + globalSize + " in each dimension, got " + localSize);
      }
    }
  }

  /** Work items in all. */
  public long workItems() {
    return items(globalSize);
  }

  /** Bytes of all arguments together. */
  public long bytes() {
    return arguments.stream().mapToLong(KernelArgument::bytes).sum();
  }

  /**
   * The result of {@link RunKernel}.
   *
   * @param buffers what the kernel left in each {@link KernelArgument.InputOutput} and {@link
   *     KernelArgument.Output}, in their order
   * @param executedOn where
   */
  public record Buffers(List<ByteBuffer> buffers, ExecutedOn executedOn) implements Result {
    /** Makes read-only little-endian views. */
    public Buffers {
      buffers = buffers.stream().map(data -> data.slice().asReadOnlyBuffer()).toList();
    }

    /** A view of one buffer with its own position, little-endian. */
    public ByteBuffer buffer(int index) {
      return buffers.get(index).duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  private static long items(List<Long> sizes) {
    long product = 1;
    for (long size : sizes) {
      if (size < 1) {
        throw VaccelException.ofField("global_size", "must be 1 or more, got " + sizes);
      }
      try {
        product = Math.multiplyExact(product, size);
      } catch (ArithmeticException e) {
        throw VaccelException.ofField("global_size", "has more than 2^63-1 work items: " + sizes);
      }
    }
    return product;
  }
}
