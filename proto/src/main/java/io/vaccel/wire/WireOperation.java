package io.vaccel.wire;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.vaccel.Operation;
import io.vaccel.Result;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * How one operation travels: its unary method, and the four ways between records and messages.
 *
 * @param operation the operation
 * @param method the method that carries it
 * @param session reads the session id from a request
 * @param inputEncoder at the caller: record to request
 * @param inputDecoder at the agent: request to record; throws {@link io.vaccel.VaccelException} for
 *     what is malformed
 * @param resultEncoder at the agent: record to response
 * @param resultDecoder at the caller: response to record
 * @param <I> input record
 * @param <O> result record
 * @param <Q> request message
 * @param <R> response message
 */
public record WireOperation<I, O extends Result, Q extends Message, R extends Message>(
    Operation<I, O> operation,
    MethodDescriptor<Q, R> method,
    Function<Q, String> session,
    BiFunction<I, Outbound, Q> inputEncoder,
    BiFunction<Q, Inbound, I> inputDecoder,
    BiFunction<O, Outbound, R> resultEncoder,
    BiFunction<R, Inbound, O> resultDecoder) {

  /** The session that a request names; any text. */
  public String sessionId(Q request) {
    return session.apply(request);
  }

  /** Record to request, at the caller. */
  public Q encodeInput(I input, Outbound out) {
    return inputEncoder.apply(input, out);
  }

  /** Request to record, at the agent. */
  public I decodeInput(Q request, Inbound in) {
    return inputDecoder.apply(request, in);
  }

  /** Record to response, at the agent. */
  public R encodeResult(O result, Outbound out) {
    return resultEncoder.apply(result, out);
  }

  /** Response to record, at the caller. */
  public O decodeResult(R response, Inbound in) {
    return resultDecoder.apply(response, in);
  }
}
