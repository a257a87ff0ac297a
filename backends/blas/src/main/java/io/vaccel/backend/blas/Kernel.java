package io.vaccel.backend.blas;

import io.vaccel.Sgemm;
import io.vaccel.spi.Call;
import java.nio.ByteBuffer;

/** One way to compute matrix products; safe for use by several threads. */
interface Kernel {
  /** A short name for people, for instance {@code OpenBLAS}. */
  String name();

  /** Version and build of what does the work. */
  String version();

  /**
   * Adds alpha times the products of A and B to {@code c}; checks the call at least every second.
   * None of m, n and k is 0.
   *
   * @param c direct and little-endian; holds beta times the old C
   */
  void addProducts(Sgemm input, ByteBuffer c, Call call);
}
