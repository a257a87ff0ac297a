package io.vaccel.backend.blas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vaccel.FloatMatrix;
import io.vaccel.Session;
import io.vaccel.Settings;
import io.vaccel.Sgemm;
import io.vaccel.Vaccel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The contract with OpenBLAS, and what only native code can get wrong. */
final class OpenBlasTest implements KernelContract {

  @BeforeAll
  static void openBlasIsHere() {
    try (Vaccel vaccel = vaccel()) {
      assumeTrue(
          vaccel.plugins().get(0).capabilities().device().equals("CPU (OpenBLAS)"),
          "OpenBLAS is not installed: apt-get install libopenblas0, or set "
              + BlasSettings.LIBRARY);
    }
  }

  @Override
  public Vaccel open() {
    return vaccel();
  }

  private static Vaccel vaccel() {
    return Vaccel.builder().set(Settings.PLUGINS, BlasProvider.NAME).load();
  }

  @Test
  void oddAddressAndReadOnlyHeap_areTaken() {
    ByteBuffer odd = ByteBuffer.allocateDirect(9).order(ByteOrder.LITTLE_ENDIAN);
    odd.putFloat(1, 2).putFloat(5, 3).position(1);
    ByteBuffer heap = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    heap.putFloat(0, 5).putFloat(4, 7);
    FloatMatrix a = new FloatMatrix(odd, 2);
    FloatMatrix b = new FloatMatrix(heap.asReadOnlyBuffer(), 1);
    try (Vaccel vaccel = open();
        Session session = vaccel.openSession()) {
      Sgemm input = new Sgemm(1, 1, 2, 1, a, b, 0, FloatMatrix.none(1), 1);
      assertThat(session.sgemm(input).c().floats()).containsExactly(31);
    }
  }

  @Test
  void leadingDimensionBeyond32Bits_ofOneRow_isTaken() {
    FloatMatrix row = new FloatMatrix(FloatMatrix.of(2, 2, 3).data(), (1L << 32) + 1);
    FloatMatrix column = FloatMatrix.of(1, 5, 7);
    try (Vaccel vaccel = open();
        Session session = vaccel.openSession()) {
      Sgemm input = new Sgemm(1, 1, 2, 1, row, column, 0, FloatMatrix.none(1L << 40), 1);
      assertThat(session.sgemm(input).c().floats()).containsExactly(31);
    }
  }
}
