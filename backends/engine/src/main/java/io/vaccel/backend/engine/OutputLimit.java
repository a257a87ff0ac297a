package io.vaccel.backend.engine;

import io.vaccel.ElementType;
import io.vaccel.Reason;
import io.vaccel.TensorInfo;
import io.vaccel.VaccelException;
import io.vaccel.spi.Call;
import java.util.function.LongConsumer;

/**
 * How many bytes one run may return.
 *
 * @param bytes the most, of all outputs together
 */
public record OutputLimit(long bytes) {

  /** Adds up the outputs of one run; for one thread. */
  public final class Tally {
    private final LongConsumer memory;
    private long total;

    private Tally(LongConsumer memory) {
      this.memory = memory;
    }

    /**
     * Counts one output, and takes its memory.
     *
     * @param more its bytes
     * @throws VaccelException {@link Reason#QUOTA_EXCEEDED} with limit and amount when that is too
     *     much, for all outputs together, for one buffer or for the call
     */
    public void add(String output, long more) {
      addTaken(output, more);
      memory.accept(more);
    }

    /** The same for an output whose memory is taken already. */
    public void addTaken(String output, long more) {
      if (more > bytes - total) {
        throw over("outputs up to '" + output + "' have ", sum(total, more), bytes);
      }
      if (more > Integer.MAX_VALUE) {
        throw over("output '" + output + "' alone has ", more, Integer.MAX_VALUE);
      }
      total += more;
    }

    /**
     * Counts one output of strings.
     *
     * @param count how many they are
     * @param more the bytes of all of them
     * @return the bytes of the tensor
     * @throws VaccelException as {@link #add}
     */
    public int addStrings(String output, long count, long more) {
      long all = sum(OutputLimit.bytes(ElementType.STRING, count), more);
      add(output, all);
      return (int) all;
    }

    private static VaccelException over(String what, long amount, long limit) {
      return new VaccelException(
              Reason.QUOTA_EXCEEDED, what + amount + " bytes, the limit is " + limit)
          .with("limit", limit)
          .with("amount", amount);
    }
  }

  /** A new sum, of what is known of the outputs before a run; it takes no memory. */
  public Tally tally() {
    return new Tally(bytes -> {});
  }

  /** A new sum, of outputs for which memory is about to be allocated. */
  public Tally tally(Call call) {
    return new Tally(call::takeMemory);
  }

  /**
   * Bytes of an output whose size the model tells, as {@link #bytes} counts them; 0 when it does
   * not tell.
   */
  public static long known(TensorInfo output) {
    long elements = 1;
    for (long dimension : output.dimensions()) {
      if (dimension <= 0) {
        return 0;
      }
      elements = product(elements, dimension);
    }
    return bytes(output.type(), elements);
  }

  /**
   * Bytes in memory; of strings at least their lengths; {@link Long#MAX_VALUE} where their number
   * of bits exceeds 63 bits, as a hostile model may have it.
   */
  public static long bytes(ElementType type, long elements) {
    int bits = type.isFixedSize() ? type.bits() : Integer.SIZE;
    return elements > (Long.MAX_VALUE - 7) / bits ? Long.MAX_VALUE : (elements * bits + 7) / 8;
  }

  private static long product(long elements, long dimension) {
    return elements > Long.MAX_VALUE / dimension ? Long.MAX_VALUE : elements * dimension;
  }

  private static long sum(long total, long more) {
    return more > Long.MAX_VALUE - total ? Long.MAX_VALUE : total + more;
  }

  /** The error when an output within the limit finds no memory. */
  public static VaccelException noMemory(String output, long bytes, OutOfMemoryError cause) {
    return new VaccelException(
        Reason.QUOTA_EXCEEDED,
        "there is no memory for the " + bytes + " bytes of output '" + output + "'",
        cause);
  }
}
