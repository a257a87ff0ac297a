package io.vaccel.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.vaccel.Operation;
import io.vaccel.Result;

/** The way of inputs and results through the bytes of their messages. */
final class Trip {
  private Trip() {}

  static <I, O extends Result> I input(Operation<I, O> operation, I input, WireSide side)
      throws InvalidProtocolBufferException {
    return input(WireOperations.of(operation), input, side);
  }

  static <I, O extends Result, Q extends Message> I input(
      WireOperation<I, O, Q, ?> wire, I input, WireSide side)
      throws InvalidProtocolBufferException {
    Q request = throughBytes(wire.encodeInput(input, side));
    assertThat(wire.sessionId(request)).isEqualTo("session-1");
    return wire.decodeInput(request, side);
  }

  static <I, O extends Result> O result(Operation<I, O> operation, O result, WireSide side)
      throws InvalidProtocolBufferException {
    return result(WireOperations.of(operation), result, side);
  }

  static <I, O extends Result, R extends Message> O result(
      WireOperation<I, O, ?, R> wire, O result, WireSide side)
      throws InvalidProtocolBufferException {
    return wire.decodeResult(throughBytes(wire.encodeResult(result, side)), side);
  }

  // A message's parser makes messages of its own type.
  @SuppressWarnings("unchecked")
  static <M extends Message> M throughBytes(M message) throws InvalidProtocolBufferException {
    return ((Parser<M>) message.getParserForType()).parseFrom(message.toByteArray());
  }

  /** What the caller makes of an agent's response, whatever it holds. */
  static <O extends Result> O decode(Operation<?, O> operation, Message response, WireSide side) {
    return decode(WireOperations.of(operation), response, side);
  }

  // The test hands each table entry a response of its own type.
  @SuppressWarnings("unchecked")
  private static <O extends Result> O decode(
      WireOperation<?, O, ?, ?> wire, Message response, WireSide side) {
    return ((WireOperation<?, O, ?, Message>) wire).decodeResult(response, side);
  }
}
