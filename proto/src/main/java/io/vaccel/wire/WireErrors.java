package io.vaccel.wire;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.QuotaFailure;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.vaccel.ErrorCode;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * {@link VaccelException} as a gRPC status with {@code google.rpc} details, and back.
 *
 * <p>Sent are the status code, the text, and an {@code ErrorInfo} with the reason and the details;
 * beside it a {@code BadRequest} where a field is at fault (detail {@code field}), a {@code
 * QuotaFailure} where a limit is reached, a {@code RetryInfo} where trying again helps (detail
 * {@code retry_millis}). A cause is never sent.
 */
public final class WireErrors {
  /** The domain of all reasons. */
  public static final String DOMAIN = "vaccel";

  /** The longest text that is sent or believed, in characters. */
  private static final int MAX_TEXT_LENGTH = 1000;

  /** The most details that are sent or believed. */
  private static final int MAX_DETAILS = 16;

  private WireErrors() {}

  /** The status that tells the caller of {@code error}. */
  public static StatusRuntimeException toStatus(VaccelException error) {
    com.google.rpc.Status.Builder status =
        com.google.rpc.Status.newBuilder()
            .setCode(statusCode(error.code()).value())
            .setMessage(cut(error.text()));
    ErrorInfo.Builder info =
        ErrorInfo.newBuilder().setDomain(DOMAIN).setReason(error.reason().name());
    error.details().entrySet().stream()
        .limit(MAX_DETAILS)
        .forEach(detail -> info.putMetadata(detail.getKey(), cut(detail.getValue())));
    status.addDetails(Any.pack(info.build()));
    switch (error.code()) {
      case INVALID_ARGUMENT ->
          Optional.ofNullable(error.details().get(VaccelException.FIELD))
              .ifPresent(field -> status.addDetails(Any.pack(badRequest(field, error))));
      case RESOURCE_EXHAUSTED -> status.addDetails(Any.pack(quotaFailure(error)));
      case NOT_FOUND,
          FAILED_PRECONDITION,
          PERMISSION_DENIED,
          UNIMPLEMENTED,
          UNAVAILABLE,
          DEADLINE_EXCEEDED,
          CANCELLED,
          INTERNAL -> {}
    }
    Optional.ofNullable(error.details().get("retry_millis"))
        .ifPresent(millis -> status.addDetails(Any.pack(retryInfo(Long.parseLong(millis)))));
    return StatusProto.toStatusRuntimeException(status.build());
  }

  /**
   * The error that a failed call tells of. A status without our details, from gRPC itself or from a
   * proxy, is mapped by its code.
   */
  public static VaccelException fromStatus(Throwable failure) {
    Status status = Status.fromThrowable(failure);
    Optional<ErrorInfo> info =
        Optional.ofNullable(StatusProto.fromThrowable(failure)).flatMap(WireErrors::info);
    String text = cut(Optional.ofNullable(status.getDescription()).orElse(status.getCode().name()));
    Reason reason =
        info.flatMap(known -> reason(known.getReason(), status.getCode()))
            .orElseGet(() -> fallback(status.getCode()));
    VaccelException error = new VaccelException(reason, text, failure);
    for (Map.Entry<String, String> detail :
        info.map(ErrorInfo::getMetadataMap).orElse(Map.of()).entrySet().stream()
            .limit(MAX_DETAILS)
            .toList()) {
      error = error.with(detail.getKey(), cut(detail.getValue()));
    }
    return error;
  }

  /**
   * The reason with this name, when it belongs to that status; a newer agent may send one that is
   * not known here.
   */
  private static Optional<Reason> reason(String name, Status.Code code) {
    return Arrays.stream(Reason.values())
        .filter(reason -> reason.name().equals(name) && statusCode(reason.code()) == code)
        .findFirst();
  }

  private static Optional<ErrorInfo> info(com.google.rpc.Status status) {
    for (Any detail : status.getDetailsList()) {
      if (detail.is(ErrorInfo.class)) {
        try {
          ErrorInfo info = detail.unpack(ErrorInfo.class);
          return info.getDomain().equals(DOMAIN) ? Optional.of(info) : Optional.empty();
        } catch (InvalidProtocolBufferException e) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  private static Status.Code statusCode(ErrorCode code) {
    return Status.Code.valueOf(code.name());
  }

  private static Reason fallback(Status.Code code) {
    return switch (code) {
      case INVALID_ARGUMENT, OUT_OF_RANGE -> Reason.ARGUMENT_INVALID;
      case NOT_FOUND -> Reason.RESOURCE_NOT_FOUND;
      case FAILED_PRECONDITION, ABORTED, ALREADY_EXISTS -> Reason.CLOSED;
      case RESOURCE_EXHAUSTED -> Reason.QUOTA_EXCEEDED;
      case PERMISSION_DENIED, UNAUTHENTICATED -> Reason.NOT_ALLOWED;
      case UNIMPLEMENTED -> Reason.NO_PLUGIN;
      case UNAVAILABLE -> Reason.CONNECTION_LOST;
      case DEADLINE_EXCEEDED -> Reason.DEADLINE_EXCEEDED;
      case CANCELLED -> Reason.CANCELLED;
      case OK, UNKNOWN, INTERNAL, DATA_LOSS -> Reason.INTERNAL;
    };
  }

  private static BadRequest badRequest(String field, VaccelException error) {
    return BadRequest.newBuilder()
        .addFieldViolations(
            BadRequest.FieldViolation.newBuilder()
                .setField(field)
                .setDescription(cut(error.text())))
        .build();
  }

  private static QuotaFailure quotaFailure(VaccelException error) {
    return QuotaFailure.newBuilder()
        .addViolations(
            QuotaFailure.Violation.newBuilder()
                .setSubject(error.details().getOrDefault("quota", ""))
                .setDescription(cut(error.text())))
        .build();
  }

  private static RetryInfo retryInfo(long millis) {
    return RetryInfo.newBuilder()
        .setRetryDelay(
            Duration.newBuilder()
                .setSeconds(millis / 1000)
                .setNanos((int) (millis % 1000) * 1_000_000))
        .build();
  }

  private static String cut(String text) {
    return text.length() <= MAX_TEXT_LENGTH ? text : text.substring(0, MAX_TEXT_LENGTH) + "...";
  }
}
