package io.vaccel.transport;

import io.grpc.Status;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.unix.Errors.NativeIoException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A connect that failed, as gRPC passes it on to the calls that waited for it: UNAVAILABLE, with
 * one line that names the endpoint and the cause.
 */
final class ConnectFailure extends IOException {
  private static final long serialVersionUID = 1L;

  // Netty puts the errno of a failed connect(2) nowhere but into the text.
  private static final Pattern ERRNO = Pattern.compile("failed with error\\(-(\\d+)\\)");
  private static final int ENOENT = 2;
  private static final int EAGAIN = 11;
  private static final int EACCES = 13;
  private static final int ENODEV = 19;
  private static final int EAFNOSUPPORT = 97;
  private static final int ECONNRESET = 104;
  private static final int ETIMEDOUT = 110;
  private static final int ECONNREFUSED = 111;

  private ConnectFailure(String message, Throwable cause) {
    // gRPC looks for a status among the causes, and would otherwise say no more than "io
    // exception".
    super(
        message, Status.UNAVAILABLE.withDescription(message).withCause(cause).asRuntimeException());
  }

  /** A failure of which the cause is known in words. */
  static ConnectFailure of(Endpoint endpoint, String reason, Throwable cause) {
    return new ConnectFailure("cannot connect to " + endpoint + ": " + reason, cause);
  }

  /** A failure of a system call. */
  static ConnectFailure of(Endpoint endpoint, Throwable cause) {
    return cause instanceof ConnectFailure known
        ? known
        : of(endpoint, reason(endpoint, cause), cause);
  }

  private static String reason(Endpoint endpoint, Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      OptionalInt errno = errno(cause);
      if (errno.isPresent()) {
        return reason(endpoint, errno.getAsInt(), cause);
      }
      if (cause instanceof ConnectTimeoutException) {
        return "no answer in time";
      }
      if (cause instanceof FileNotFoundException) {
        return "there is no such socket";
      }
      if (cause instanceof NoRouteToHostException) {
        return "no route to it";
      }
      // Without a number, the JDK's: on Unix and TCP sockets nothing but a refusal makes it.
      if (cause.getClass() == ConnectException.class) {
        return "connection refused, nobody listens there";
      }
    }
    return EndpointText.printable(String.valueOf(failure.getMessage()));
  }

  private static OptionalInt errno(Throwable cause) {
    if (cause instanceof NativeIoException io) {
      return OptionalInt.of(-io.expectedErr());
    }
    Matcher matcher = ERRNO.matcher(String.valueOf(cause.getMessage()));
    return matcher.find()
        ? OptionalInt.of(Integer.parseInt(matcher.group(1)))
        : OptionalInt.empty();
  }

  private static String reason(Endpoint endpoint, int errno, Throwable cause) {
    boolean vsock = endpoint instanceof Endpoint.Vsock;
    return switch (errno) {
      case ENOENT -> "there is no such socket";
      case EAGAIN -> "its queue of waiting connections is full";
      case EACCES -> "permission denied";
      case ECONNREFUSED -> "connection refused, nobody listens there";
      // What AF_VSOCK answers for a closed port, where TCP would refuse.
      case ECONNRESET ->
          vsock ? "connection reset, nobody listens on that port" : "connection reset";
      case ENODEV -> vsock ? "this machine has no vsock transport to that CID" : "no such device";
      case EAFNOSUPPORT ->
          vsock ? "the kernel has no AF_VSOCK (module vsock)" : "address family not supported";
      case ETIMEDOUT -> "no answer in time";
      default -> EndpointText.printable(String.valueOf(cause.getMessage()));
    };
  }
}
