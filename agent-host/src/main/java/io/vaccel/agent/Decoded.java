package io.vaccel.agent;

import io.grpc.MethodDescriptor;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import java.io.InputStream;
import java.util.Optional;

/**
 * A request message, or the fact that its bytes are none.
 *
 * <p>gRPC itself answers an unreadable message with UNKNOWN and a stack trace in the log, which a
 * guest could fill the disk with; here it is a bad argument like any other.
 *
 * @param message the message; empty when it could not be read
 * @param <T> the message's type
 */
record Decoded<T>(Optional<T> message) {

  /**
   * The message.
   *
   * @throws VaccelException {@link Reason#ARGUMENT_INVALID}
   */
  T get() {
    return message.orElseThrow(
        () ->
            new VaccelException(
                Reason.ARGUMENT_INVALID, "the request is no message of this method"));
  }

  /** Reads messages as {@code plain} does, without ever failing. */
  static <T> MethodDescriptor.Marshaller<Decoded<T>> marshaller(
      MethodDescriptor.Marshaller<T> plain) {
    return new MethodDescriptor.Marshaller<>() {
      @Override
      public InputStream stream(Decoded<T> value) {
        return plain.stream(value.get());
      }

      @Override
      public Decoded<T> parse(InputStream stream) {
        try {
          return new Decoded<>(Optional.of(plain.parse(stream)));
        } catch (RuntimeException | StackOverflowError e) {
          return new Decoded<>(Optional.empty());
        }
      }
    };
  }
}
