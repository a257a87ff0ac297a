package io.vaccel.plugin.vsock;

import com.google.protobuf.Message;
import io.vaccel.ErrorCode;
import io.vaccel.Reason;
import io.vaccel.Result;
import io.vaccel.VaccelException;
import io.vaccel.spi.Call;
import io.vaccel.wire.WireOperation;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiFunction;

/**
 * One try of one operation in a session at the agent: encode, send, decode; bulk goes beside the
 * messages both ways. Used once.
 */
final class Exchange<I, O extends Result, Q extends Message, R extends Message> {
  private final long startNanos = System.nanoTime();
  private final Agent agent;
  private final WireOperation<I, O, Q, R> wire;
  private final RemoteSession session;
  private final I input;
  private final Call call;

  Exchange(Agent agent, WireOperation<I, O, Q, R> wire, RemoteSession session, I input, Call call) {
    this.agent = agent;
    this.wire = wire;
    this.session = session;
    this.input = input;
    this.call = call;
  }

  /** Does it on this thread. */
  O perform() {
    AgentFacts facts = agent.view().facts();
    SessionOutbound outbound =
        new SessionOutbound(
            session,
            facts.inlineBytes(),
            data -> agent.buffers().write(session, data, facts.chunkBytes(), call));
    R response;
    try {
      response = agent.rpc().call(wire.method(), wire.encodeInput(input, outbound), call);
    } catch (RuntimeException e) {
      agent.buffers().release(session, outbound.bufferIds());
      throw e;
    }
    session.used();
    return decode(response);
  }

  /** Does it without blocking; nothing when the input is too large for that. */
  Optional<CompletableFuture<O>> submit() {
    SessionOutbound outbound =
        new SessionOutbound(session, agent.view().facts().inlineBytes(), Exchange::noWriting);
    Q request;
    try {
      request = wire.encodeInput(input, outbound);
    } catch (BulkNeeded e) {
      return Optional.empty();
    }
    return Optional.of(
        agent
            .rpc()
            .send(wire.method(), request, call)
            .thenCompose(
                response -> {
                  session.used();
                  try {
                    return CompletableFuture.completedFuture(decode(response, Exchange::noReading));
                  } catch (BulkNeeded e) {
                    return decodeOn(call.executor(), response);
                  }
                }));
  }

  private CompletableFuture<O> decodeOn(Executor executor, R response) {
    try {
      return CompletableFuture.supplyAsync(() -> decode(response), executor);
    } catch (RejectedExecutionException e) {
      agent.buffers().release(session, BufferIds.in(response));
      return CompletableFuture.failedFuture(Call.tooManyWaiting(e));
    }
  }

  private O decode(R response) {
    try {
      return decode(
          response, (bufferId, limit) -> agent.buffers().read(session, bufferId, limit, call));
    } catch (RuntimeException e) {
      agent.buffers().release(session, BufferIds.in(response));
      throw e;
    }
  }

  private O decode(R response, BiFunction<String, Long, ByteBuffer> reader) {
    SessionInbound inbound =
        new SessionInbound(
            agent.endpoint().toString(), startNanos, agent.settings().maxResultBytes(), reader);
    try {
      return wire.operation().checked(input, wire.decodeResult(response, inbound));
    } catch (VaccelException e) {
      // What the codec says of a malformed message would read as if the caller had sent it.
      throw e.code() == ErrorCode.INVALID_ARGUMENT ? invalid(e.text(), e) : e;
    } catch (ArithmeticException | IllegalArgumentException e) {
      throw invalid("a value is out of range", e);
    }
  }

  private static VaccelException invalid(String what, Throwable cause) {
    return new VaccelException(Reason.INTERNAL, "the agent's answer is invalid: " + what, cause);
  }

  private static String noWriting(ByteBuffer data) {
    throw new BulkNeeded();
  }

  private static ByteBuffer noReading(String bufferId, long limitBytes) {
    throw new BulkNeeded();
  }
}
