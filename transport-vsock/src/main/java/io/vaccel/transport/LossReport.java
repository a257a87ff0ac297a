package io.vaccel.transport;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/**
 * Gives the end of a call by a lost connection, or by TLS, one code, UNAVAILABLE, and one line that
 * names the endpoint.
 *
 * <p>gRPC says "io exception", "ssl exception" or "Network closed for unknown reason", and UNKNOWN
 * for a call that was on its way to the connection when that closed.
 */
final class LossReport implements ClientInterceptor {
  /** Between connect and HTTP/2's first frames; what follows are names of Netty's handlers. */
  private static final Pattern EARLY_END =
      Pattern.compile("Connection clos(ed|ing) while performing protocol negotiation ");

  private final Endpoint endpoint;

  LossReport(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<A> listener, Metadata headers) {
        super.start(
            new SimpleForwardingClientCallListener<>(listener) {
              @Override
              public void onClose(Status status, Metadata trailers) {
                super.onClose(translate(status), trailers);
              }
            },
            headers);
      }
    };
  }

  Status translate(Status status) {
    Throwable cause = status.getCause();
    if (status.getCode() == Status.Code.UNAVAILABLE && isOfTls(cause)) {
      return Status.UNAVAILABLE
          .withDescription(
              "TLS with " + endpoint + " failed: " + EndpointText.printable(rootMessage(cause)))
          .withCause(cause);
    }
    // What follows in further lines is Netty's pipeline.
    String said = String.valueOf(status.getDescription()).lines().findFirst().orElse("");
    boolean lost =
        switch (status.getCode()) {
          case UNKNOWN -> cause instanceof ClosedChannelException;
          case UNAVAILABLE ->
              (said.equals("io exception") && cause instanceof IOException)
                  || said.equals("Network closed for unknown reason")
                  || EARLY_END.matcher(said).lookingAt();
          default -> false;
        };
    if (!lost) {
      return status;
    }
    String reason =
        cause == null || cause.getMessage() == null ? "it was closed" : cause.getMessage();
    return Status.UNAVAILABLE
        .withDescription("connection to " + endpoint + " lost: " + EndpointText.printable(reason))
        .withCause(cause);
  }

  private static boolean isOfTls(Throwable failure) {
    Throwable cause = failure;
    while (cause != null && !(cause instanceof SSLException)) {
      cause = cause.getCause();
    }
    return cause != null;
  }

  /** The JDK's outer messages are made of class names. */
  private static String rootMessage(Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }
}
