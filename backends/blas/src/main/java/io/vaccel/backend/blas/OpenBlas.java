package io.vaccel.backend.blas;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.vaccel.FloatMatrix;
import io.vaccel.Sgemm;
import io.vaccel.spi.Call;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Products by OpenBLAS, whose {@code cblas_sgemm} takes 32-bit sizes.
 *
 * <p>A request fits: each of its matrices has less than 2^29 elements, so a size that exceeds 31
 * bits can only be the leading dimension of a single row, where it means nothing.
 */
final class OpenBlas implements Kernel {
  private static final int ROW_MAJOR = 101;
  private static final int NO_TRANSPOSE = 111;

  /** Multiplications in one native call, which cannot be stopped: at most some 0.3 s of a core. */
  private static final long CALL_MULTIPLICATIONS = 1L << 32;

  private final Functions functions;
  private final int threads;

  /** The functions, under their names in the library. */
  interface Functions extends Library {
    void cblas_sgemm(
        int order,
        int transposeA,
        int transposeB,
        int m,
        int n,
        int k,
        float alpha,
        Pointer a,
        int lda,
        Pointer b,
        int ldb,
        float beta,
        Pointer c,
        int ldc);

    void openblas_set_num_threads(int threads);

    String openblas_get_config();
  }

  private OpenBlas(Functions functions, int threads) {
    this.functions = functions;
    this.threads = threads;
  }

  /**
   * Loads it.
   *
   * @throws LinkageError when it is not there
   */
  static OpenBlas load(BlasSettings settings) {
    Functions functions = Native.load(settings.openBlas(), Functions.class);
    functions.openblas_set_num_threads(settings.threads());
    return new OpenBlas(functions, settings.threads());
  }

  @Override
  public String name() {
    return "OpenBLAS";
  }

  @Override
  public String version() {
    return functions.openblas_get_config().strip() + ", " + threads + " threads";
  }

  @Override
  public void addProducts(Sgemm input, ByteBuffer c, Call call) {
    ByteBuffer a = engineReadable(input.a());
    ByteBuffer b = engineReadable(input.b());
    try {
      multiply(input, a, b, c, call);
    } finally {
      // Native code keeps no buffer alive.
      Reference.reachabilityFence(a);
      Reference.reachabilityFence(b);
      Reference.reachabilityFence(c);
    }
  }

  private void multiply(Sgemm input, ByteBuffer a, ByteBuffer b, ByteBuffer c, Call call) {
    long rowsAtOnce = Math.max(1, CALL_MULTIPLICATIONS / (input.n() * input.k()));
    for (long matrix = 0; matrix < input.batch(); matrix++) {
      for (long row = 0; row < input.m(); row += rowsAtOnce) {
        call.check();
        long above = matrix * input.m() + row;
        functions.cblas_sgemm(
            ROW_MAJOR,
            NO_TRANSPOSE,
            NO_TRANSPOSE,
            (int) Math.min(rowsAtOnce, input.m() - row),
            (int) input.n(),
            (int) input.k(),
            input.alpha(),
            row(a, above, input.a().leadingDimension()),
            stride(input.a(), input.k()),
            row(b, matrix * input.k(), input.b().leadingDimension()),
            stride(input.b(), input.n()),
            1,
            row(c, above, input.c().leadingDimension()),
            stride(input.c(), input.n()));
      }
    }
  }

  private static Pointer row(ByteBuffer data, long row, long leadingDimension) {
    return Native.getDirectBufferPointer(data).share(row * leadingDimension * Float.BYTES);
  }

  private static int stride(FloatMatrix matrix, long columns) {
    long stride = matrix.leadingDimension();
    return (int) (stride > Integer.MAX_VALUE ? columns : stride);
  }

  /** The bytes where the engine can read them: outside the heap, at an address for a float. */
  private static ByteBuffer engineReadable(FloatMatrix matrix) {
    ByteBuffer data = matrix.data();
    if (data.isDirect()
        && Pointer.nativeValue(Native.getDirectBufferPointer(data)) % Float.BYTES == 0
        && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
      return data;
    }
    ByteBuffer copy = ResultBuffer.allocate(data.remaining()).order(ByteOrder.nativeOrder());
    copy.asFloatBuffer().put(data.asFloatBuffer());
    return copy;
  }
}
