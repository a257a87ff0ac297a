package io.vaccel.backend.blas;

import static io.vaccel.contract.PluginContract.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.CallOptions;
import io.vaccel.FloatMatrix;
import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.Session;
import io.vaccel.Sgemm;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import io.vaccel.contract.BlasContract;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What both kernels promise beyond the contract: they can be stopped, and results are bounded. */
interface KernelContract extends BlasContract {

  @Test
  default void longProduct_endsAtItsDeadline() {
    // More than 10^11 multiplications: seconds, if nobody looked at the clock meanwhile.
    FloatMatrix a = new FloatMatrix(ByteBuffer.allocateDirect(128 << 20), 4096);
    FloatMatrix b = new FloatMatrix(ByteBuffer.allocateDirect(64 << 20), 4096);
    Sgemm input = new Sgemm(8192, 4096, 4096, 1, a, b, 0, FloatMatrix.none(4096), 1);
    CallOptions options = CallOptions.within(Duration.ofMillis(400));
    try (Vaccel vaccel = open();
        Session session = vaccel.openSession()) {
      assertThat(failureOf(() -> session.call(Operations.BLAS_SGEMM, input, options)).reason())
          .isEqualTo(Reason.DEADLINE_EXCEEDED);
    }
  }

  @Test
  default void resultOverTheLimit_isRefusedBeforeItIsAllocated() {
    FloatMatrix column = new FloatMatrix(ByteBuffer.allocateDirect(4 * 20_000), 1);
    FloatMatrix row = new FloatMatrix(column.data(), 20_000);
    Sgemm outer = new Sgemm(20_000, 20_000, 1, 1, column, row, 0, FloatMatrix.none(20_000), 1);
    try (Vaccel vaccel = open();
        Session session = vaccel.openSession()) {
      VaccelException failure = failureOf(() -> session.sgemm(outer));
      assertThat(failure.reason()).isEqualTo(Reason.QUOTA_EXCEEDED);
      assertThat(failure.details())
          .containsEntry("limit", "1073741824")
          .containsEntry("amount", "1600000000");
    }
  }
}
