package io.vaccel.backend.opencl;

import io.vaccel.Reason;
import io.vaccel.RunKernel;
import io.vaccel.Settings;
import io.vaccel.VaccelException;

/**
 * What an operator can set.
 *
 * @param maxBytes the most memory that the arguments of one call may take
 * @param maxWorkItems the most work items of one call
 */
record OpenClSettings(long maxBytes, long maxWorkItems) {
  /** {@code 1} lets callers run kernels in this process; anything else does not. */
  static final String ALLOW = "VACCEL_OPENCL_ALLOW";

  /** The most memory of one call's arguments in bytes; 256 MiB when not set. */
  static final String MAX_BYTES = "VACCEL_OPENCL_MAX_BYTES";

  /** The most work items of one call; 2^28 when not set. */
  static final String MAX_WORK_ITEMS = "VACCEL_OPENCL_MAX_WORK_ITEMS";

  /**
   * Reads them.
   *
   * @throws VaccelException {@link Reason#NOT_ALLOWED} when kernels are not allowed, {@link
   *     Reason#ARGUMENT_INVALID} naming a setting
   */
  static OpenClSettings of(Settings settings) {
    if (settings.number(ALLOW, 0, 0, 1) == 0) {
      throw new VaccelException(
          Reason.NOT_ALLOWED,
          "kernels are native code in this process, so they are off; set "
              + ALLOW
              + "=1 where all callers are trusted");
    }
    return new OpenClSettings(
        settings.number(MAX_BYTES, 256L << 20, 1, Long.MAX_VALUE),
        settings.number(MAX_WORK_ITEMS, 1L << 28, 1, Long.MAX_VALUE));
  }

  /**
   * Returns when a call is within the limits.
   *
   * @throws VaccelException {@link Reason#QUOTA_EXCEEDED}
   */
  void check(RunKernel input) {
    check("the arguments take %d bytes, the limit is %d", input.bytes(), maxBytes);
    check("there are %d work items, the limit is %d", input.workItems(), maxWorkItems);
  }

  private static void check(String text, long amount, long limit) {
    if (amount > limit) {
      throw new VaccelException(Reason.QUOTA_EXCEEDED, text.formatted(amount, limit))
          .with("limit", limit)
          .with("amount", amount);
    }
  }
}
