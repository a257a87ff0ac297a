package io.vaccel.backend.engine;

import io.vaccel.ElementType;
import io.vaccel.Reason;
import io.vaccel.Shape;
import io.vaccel.TensorInfo;
import io.vaccel.VaccelException;

/**
 * How many bytes one run may return.
 *
 * @param bytes the most, of all outputs together
 */
public record OutputLimit(long bytes) {

  /** Adds up the outputs of one run; for one thread. */
  public final class Tally {
    private long total;

    private Tally() {}

    /**
     * Counts one output.
     *
     * @param more its bytes
     * @throws VaccelException {@link Reason#QUOTA_EXCEEDED} when that is too much, also for one
     *     buffer
     */
    public void add(String output, long more) {
      if (more > Integer.MAX_VALUE || more > bytes - total) {
        throw new VaccelException(
                Reason.QUOTA_EXCEEDED,
                "outputs up to '"
                    + output
                    + "' have "
                    + (total + more)
                    + " bytes, the limit is "
                    + bytes)
            .with("limit", bytes)
            .with("amount", total + more);
      }
      total += more;
    }
  }

  /** A new sum. */
  public Tally tally() {
    return new Tally();
  }

  /** Bytes of an output whose size the model tells; 0 when it does not. */
  public static long known(TensorInfo output) {
    if (output.dimensions().stream().anyMatch(dimension -> dimension < 0)) {
      return 0;
    }
    Shape shape = Shape.of(output.dimensions().stream().mapToLong(Long::longValue).toArray());
    return bytes(output.type(), shape.elements());
  }

  /** Bytes in memory; of strings at least their lengths. */
  public static long bytes(ElementType type, long elements) {
    return type.isFixedSize() ? type.bytes(elements) : Math.multiplyExact(elements, Integer.BYTES);
  }

  /** The error when an output within the limit finds no memory. */
  public static VaccelException noMemory(String output, long bytes, OutOfMemoryError cause) {
    return new VaccelException(
        Reason.QUOTA_EXCEEDED,
        "there is no memory for the " + bytes + " bytes of output '" + output + "'",
        cause);
  }
}
