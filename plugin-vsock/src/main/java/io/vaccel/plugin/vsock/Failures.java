package io.vaccel.plugin.vsock;

import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.spi.Call;
import io.vaccel.transport.Endpoint;
import io.vaccel.wire.WireErrors;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Turns the gRPC status of a failed call into the error that the caller sees: what the agent says
 * is passed on; what gRPC says of the connection is put into words.
 */
final class Failures {
  private static final Pattern PIPELINE = Pattern.compile("(,? for)? *\\[[^]]*#[^]]*]");

  /** How gRPC reports that the other side broke a call off, as a server does that ends at once. */
  private static final String RESET = "RST_STREAM";

  private final Endpoint endpoint;

  Failures(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  /**
   * The error.
   *
   * @param failure a {@code StatusException} or {@code StatusRuntimeException}
   * @param departed whether the call got as far as a connection
   */
  VaccelException of(
      Throwable failure, boolean departed, MethodDescriptor<?, ?> method, Call call) {
    Status status = Status.fromThrowable(failure);
    boolean byAgent =
        Optional.ofNullable(StatusProto.fromThrowable(failure))
            .filter(details -> details.getDetailsCount() > 0)
            .isPresent();
    if (byAgent) {
      return WireErrors.fromStatus(failure);
    }
    boolean endedHere =
        status.getCode() == Status.Code.CANCELLED
            || status.getCode() == Status.Code.DEADLINE_EXCEEDED;
    if (!departed && !endedHere) {
      return unreachable(status, failure);
    }
    return switch (status.getCode()) {
      case UNAVAILABLE -> lost(status, failure);
      case UNIMPLEMENTED -> unknown(method, failure);
      case CANCELLED, DEADLINE_EXCEEDED -> ended(status, failure, call);
      case RESOURCE_EXHAUSTED -> tooLarge(status, failure);
      default -> WireErrors.fromStatus(failure);
    };
  }

  private VaccelException unreachable(Status status, Throwable failure) {
    String cause =
        status.getCode() == Status.Code.UNAVAILABLE
            ? line(status)
            : "something there does not speak gRPC: " + line(status);
    String at = cause.contains(endpoint.toString()) ? "" : "cannot reach " + endpoint + ": ";
    return new VaccelException(
        Reason.AGENT_UNREACHABLE, at + cause + " (" + AgentAddress.hint(endpoint) + ")", failure);
  }

  private VaccelException lost(Status status, Throwable failure) {
    String cause = line(status);
    String at = cause.contains(endpoint.toString()) ? "" : "connection to " + endpoint + " lost: ";
    return new VaccelException(Reason.CONNECTION_LOST, at + cause, failure);
  }

  private VaccelException unknown(MethodDescriptor<?, ?> method, Throwable failure) {
    return new VaccelException(
        Reason.NO_PLUGIN,
        "what listens on "
            + endpoint
            + " does not know "
            + method.getFullMethodName()
            + ": it is no vAccel agent, or one of another version than this side ("
            + Version.OWN
            + ")",
        failure);
  }

  /** Ended from this side, or by an agent that had seen the deadline pass or the call go. */
  private VaccelException ended(Status status, Throwable failure, Call call) {
    if (Thread.currentThread().isInterrupted()) {
      return Waiting.interrupted(failure);
    }
    try {
      call.check();
    } catch (VaccelException e) {
      return e;
    }
    return line(status).startsWith(RESET) ? lost(status, failure) : WireErrors.fromStatus(failure);
  }

  private VaccelException tooLarge(Status status, Throwable failure) {
    String text = line(status);
    Reason reason =
        text.startsWith("gRPC message exceeds maximum size")
            ? Reason.MESSAGE_TOO_LARGE
            : Reason.QUOTA_EXCEEDED;
    return new VaccelException(reason, text, failure);
  }

  /** One line without the names of classes that gRPC appends. */
  private static String line(Status status) {
    String text = status.getDescription();
    return text == null || text.isBlank()
        ? status.getCode().name()
        : PIPELINE.matcher(text.lines().findFirst().orElseThrow()).replaceAll("");
  }
}
