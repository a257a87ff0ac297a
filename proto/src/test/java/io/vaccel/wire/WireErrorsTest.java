package io.vaccel.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import com.google.rpc.QuotaFailure;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.vaccel.ErrorCode;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Failures arrive as what they are, and tell nothing that is not the caller's. */
final class WireErrorsTest {

  @ParameterizedTest
  @EnumSource(Reason.class)
  void everyReason_comesBackTheSame(Reason reason) {
    VaccelException error =
        new VaccelException(reason, "what was wrong").with("limit", 5).with("amount", 7);

    VaccelException back = WireErrors.fromStatus(WireErrors.toStatus(error));

    assertThat(back.reason()).isEqualTo(reason);
    assertThat(back.text()).isEqualTo("what was wrong");
    assertThat(back.details()).containsEntry("limit", "5").containsEntry("amount", "7");
    assertThat(Status.fromThrowable(WireErrors.toStatus(error)).getCode().name())
        .isEqualTo(reason.code().name());
  }

  @Test
  void operationAndPlace_areNotSent() {
    VaccelException error =
        new VaccelException(Reason.INTERNAL, "it broke").at("noop", "plugin reference");

    assertThat(WireErrors.toStatus(error).getStatus().getDescription()).isEqualTo("it broke");
  }

  @Test
  void cause_isNotSent() {
    VaccelException error =
        new VaccelException(
            Reason.INTERNAL, "it broke", new IllegalStateException("/etc/secret of com.Example"));

    assertThat(StatusProto.fromThrowable(WireErrors.toStatus(error)).toString())
        .doesNotContain("secret")
        .doesNotContain("Example");
  }

  @Test
  void standardDetails_areThere() {
    VaccelException full =
        new VaccelException(Reason.QUOTA_EXCEEDED, "full").with("retry_millis", 1500);
    VaccelException bad = new VaccelException(Reason.ARGUMENT_INVALID, "bad").with("field", "top");

    assertThat(details(full)).anyMatch(any -> any.is(QuotaFailure.class));
    assertThat(details(full)).anyMatch(any -> any.is(RetryInfo.class));
    assertThat(details(bad)).anyMatch(any -> any.is(BadRequest.class));
  }

  @ParameterizedTest
  @EnumSource(value = Status.Code.class, mode = EnumSource.Mode.EXCLUDE, names = "OK")
  void statusOfGrpcItself_isMappedByItsCode(Status.Code code) {
    VaccelException error = WireErrors.fromStatus(new StatusRuntimeException(code.toStatus()));

    assertThat(error.text()).isNotEmpty();
    if (hasOurCode(code)) {
      assertThat(error.code().name()).isEqualTo(code.name());
    }
  }

  @Test
  void reasonThatContradictsTheStatus_isNotBelieved() {
    com.google.rpc.Status lying =
        StatusProto.fromThrowable(
                WireErrors.toStatus(new VaccelException(Reason.CANCELLED, "cancelled")))
            .toBuilder()
            .setCode(Status.Code.INTERNAL.value())
            .build();

    assertThat(WireErrors.fromStatus(StatusProto.toStatusRuntimeException(lying)).reason())
        .isEqualTo(Reason.INTERNAL);
  }

  @Test
  void longText_isCut() {
    VaccelException error = new VaccelException(Reason.INTERNAL, "x".repeat(100_000));

    assertThat(WireErrors.toStatus(error).getStatus().getDescription()).hasSizeLessThan(1100);
  }

  private static List<Any> details(VaccelException error) {
    return StatusProto.fromThrowable(WireErrors.toStatus(error)).getDetailsList();
  }

  private static boolean hasOurCode(Status.Code code) {
    for (ErrorCode ours : ErrorCode.values()) {
      if (ours.name().equals(code.name())) {
        return true;
      }
    }
    return false;
  }
}
