package io.vaccel.backend.engine;

import io.vaccel.ElementType;
import io.vaccel.Reason;
import io.vaccel.Tensor;
import io.vaccel.VaccelException;
import java.util.List;

/**
 * The memory that strings take in an engine while runs have them as inputs: bounded for all runs
 * together, because it is many times that of the tensor. Safe for use by several threads.
 *
 * <p>A string without bytes has 4 in a tensor, which is all that buffers and messages are counted
 * by. As an engine's object it has 24 (TensorFlow) or 32 (ONNX Runtime), and some more while it is
 * made.
 */
final class StringMemory {
  /** What each string is counted with, besides its bytes. */
  static final int EACH = 64;

  private final long most;
  private long used;

  /** Memory that is given back when this is closed, once. */
  final class Taken implements AutoCloseable {
    private final long bytes;

    private Taken(long bytes) {
      this.bytes = bytes;
    }

    @Override
    public void close() {
      synchronized (StringMemory.this) {
        used -= bytes;
      }
    }
  }

  /**
   * None of it is taken yet.
   *
   * @param most bytes, of all runs together
   */
  StringMemory(long most) {
    this.most = most;
  }

  /**
   * Takes what the strings among the inputs of one run need, before anything is made of them.
   *
   * @throws VaccelException {@link Reason#QUOTA_EXCEEDED} with limit and amount, naming the first
   *     input that is too much
   */
  synchronized Taken take(List<Tensor> inputs) {
    long bytes = 0;
    for (int i = 0; i < inputs.size(); i++) {
      Tensor input = inputs.get(i);
      if (input.type() == ElementType.STRING) {
        // Neither factor has more than 31 bits, for each string has bytes in the tensor.
        bytes += EACH * input.shape().elements() + input.sizeBytes();
        if (bytes > most - used) {
          throw exceeded(ModelInputs.input(input.name(), i), input, used + bytes);
        }
      }
    }
    used += bytes;
    return new Taken(bytes);
  }

  private VaccelException exceeded(String field, Tensor input, long amount) {
    return new VaccelException(
            Reason.QUOTA_EXCEEDED,
            field
                + " has "
                + input.shape().elements()
                + " strings, with which strings of all runs would need "
                + amount
                + " bytes, the limit is "
                + most)
        .with("field", field)
        .with("limit", most)
        .with("amount", amount);
  }
}
