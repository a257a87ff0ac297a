package io.vaccel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One argument of an OpenCL kernel. Buffers are shared, not copied: the maker must not change them
 * while a call uses them, and readers see read-only little-endian views whose position is 0.
 */
public sealed interface KernelArgument {
  /** The most bytes of a scalar: a {@code double16}. */
  int MAX_SCALAR_BYTES = 128;

  /**
   * A buffer for a pointer to global or constant memory, which the kernel reads.
   *
   * @param data at least one byte
   */
  record Input(ByteBuffer data) implements KernelArgument {
    /** Checks that there is something. */
    public Input {
      data = view("input", data);
    }

    @Override
    public ByteBuffer data() {
      return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public long bytes() {
      return data.remaining();
    }
  }

  /**
   * A buffer that the kernel reads and writes; it is part of the result.
   *
   * @param data at least one byte
   */
  record InputOutput(ByteBuffer data) implements KernelArgument {
    /** Checks that there is something. */
    public InputOutput {
      data = view("input_output", data);
    }

    @Override
    public ByteBuffer data() {
      return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public long bytes() {
      return data.remaining();
    }
  }

  /**
   * A buffer of zeros that the kernel writes; it is part of the result.
   *
   * @param bytes 1 or more
   */
  record Output(long bytes) implements KernelArgument {
    /** Checks the size. */
    public Output {
      size("output_bytes", bytes);
    }
  }

  /**
   * Memory that a work group shares, for a pointer to local memory.
   *
   * @param bytes 1 or more
   */
  record Local(long bytes) implements KernelArgument {
    /** Checks the size. */
    public Local {
      size("local_bytes", bytes);
    }
  }

  /**
   * A number or a vector, passed by value.
   *
   * @param data the value in its OpenCL layout, little-endian; 1 to {@link #MAX_SCALAR_BYTES} bytes
   */
  record Scalar(ByteBuffer data) implements KernelArgument {
    /** Checks the size. */
    public Scalar {
      data = view("scalar", data);
      if (data.remaining() > MAX_SCALAR_BYTES) {
        throw VaccelException.ofField(
            "scalar", "has " + data.remaining() + " bytes, the limit is " + MAX_SCALAR_BYTES);
      }
    }

    /** An {@code int}. */
    public static Scalar of(int value) {
      return new Scalar(
          ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(0, value));
    }

    /** A {@code float}. */
    public static Scalar of(float value) {
      return new Scalar(
          ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN).putFloat(0, value));
    }

    @Override
    public ByteBuffer data() {
      return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public long bytes() {
      return data.remaining();
    }
  }

  /** How much memory it takes. */
  long bytes();

  private static ByteBuffer view(String field, ByteBuffer data) {
    if (!data.hasRemaining()) {
      throw VaccelException.ofField(field, "is empty");
    }
    return data.slice().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void size(String field, long bytes) {
    if (bytes < 1 || bytes > Integer.MAX_VALUE) {
      throw VaccelException.ofField(field, "must be 1 to " + Integer.MAX_VALUE + ", got " + bytes);
    }
  }
}
