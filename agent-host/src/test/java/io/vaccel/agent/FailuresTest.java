package io.vaccel.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.wire.WireErrors;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailuresTest {
  private final Failures failures = new Failures(List.of(Path.of("/var/lib/vaccel")));

  @Test
  void unexpectedFailure_tellsOnlyAnIncident() {
    StatusRuntimeException status =
        failures.toStatus(
            new IllegalStateException("secret /etc/passwd", new RuntimeException("cause")), "m");

    assertThat(status.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
    assertThat(status.getStatus().getDescription()).matches("internal error, incident [0-9a-f]+");
    assertThat(String.valueOf(status.getTrailers()))
        .doesNotContain("secret")
        .doesNotContain("cause");
  }

  @Test
  void stackOverflow_isAFailureLikeOthers() {
    assertThat(failures.toStatus(new StackOverflowError(), "m").getStatus().getCode())
        .isEqualTo(Status.Code.INTERNAL);
  }

  @Test
  void knownFailure_keepsReasonTextAndDetails() {
    VaccelException error =
        WireErrors.fromStatus(
            failures.toStatus(
                new VaccelException(Reason.TENSOR_INVALID, "tensor '/conv/out' is odd")
                    .with("field", "inputs"),
                "m"));

    assertThat(error.reason()).isEqualTo(Reason.TENSOR_INVALID);
    assertThat(error.text()).isEqualTo("tensor '/conv/out' is odd");
    assertThat(error.details()).containsEntry("field", "inputs");
  }

  @Test
  void pathOfTheStore_isCutOut() {
    VaccelException error =
        WireErrors.fromStatus(
            failures.toStatus(
                new VaccelException(
                        Reason.MODEL_UNREADABLE,
                        "Load model from /var/lib/vaccel/content/abc failed: bad")
                    .with("file", "/var/lib/vaccel/content/abc"),
                "m"));

    assertThat(error.text()).isEqualTo("Load model from (a file of the agent) failed: bad");
    assertThat(error.details()).doesNotContainKey("file");
  }
}
