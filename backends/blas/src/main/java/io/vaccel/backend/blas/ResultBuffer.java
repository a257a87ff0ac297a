package io.vaccel.backend.blas;

import io.vaccel.Reason;
import io.vaccel.Sgemm;
import io.vaccel.VaccelException;
import io.vaccel.spi.Call;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** Makes the buffers that products are added to. */
final class ResultBuffer {
  private ResultBuffer() {}

  /**
   * A direct buffer with beta times the old C in it, or zeros where there is none.
   *
   * @throws VaccelException {@link Reason#QUOTA_EXCEEDED} when it would be larger than the limit,
   *     or than what the call may take
   */
  static ByteBuffer of(Sgemm input, long limitBytes, Call call) {
    int bytes = input.resultBytes();
    if (bytes > limitBytes) {
      throw new VaccelException(
              Reason.QUOTA_EXCEEDED,
              "the result would have " + bytes + " bytes, the limit is " + limitBytes)
          .with("limit", limitBytes)
          .with("amount", bytes);
    }
    call.takeMemory(bytes);
    ByteBuffer result = allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    result.duplicate().put(input.c().data());
    if (input.c().data().hasRemaining() && input.beta() != 1) {
      scale(input, result.asFloatBuffer());
    }
    return result;
  }

  /** Leaves the gaps between rows alone, and spreads no NaN when beta is 0. */
  private static void scale(Sgemm input, FloatBuffer c) {
    float beta = input.beta();
    for (long row = 0; row < input.m() * input.batch(); row++) {
      int start = (int) (row * input.c().leadingDimension());
      int end = (int) (start + input.n());
      for (int i = start; i < end; i++) {
        c.put(i, beta == 0 ? 0 : beta * c.get(i));
      }
    }
  }

  /**
   * A direct buffer of zeros.
   *
   * @throws VaccelException {@link Reason#QUOTA_EXCEEDED} when there is no memory
   */
  static ByteBuffer allocate(int bytes) {
    try {
      return ByteBuffer.allocateDirect(bytes);
    } catch (OutOfMemoryError e) {
      throw new VaccelException(
          Reason.QUOTA_EXCEEDED, "there is no memory for a matrix of " + bytes + " bytes", e);
    }
  }
}
