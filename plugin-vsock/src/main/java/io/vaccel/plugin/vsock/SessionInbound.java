package io.vaccel.plugin.vsock;

import io.vaccel.ExecutedOn;
import io.vaccel.Model;
import io.vaccel.Reason;
import io.vaccel.Stage;
import io.vaccel.VaccelException;
import io.vaccel.v1.Payload;
import io.vaccel.wire.Inbound;
import io.vaccel.wire.Payloads;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.BiFunction;

/**
 * Gets the payloads of a response from the message or from buffers, and adds what this side knows
 * of where the time went; used by one thread, for one response.
 */
final class SessionInbound implements Inbound {
  /** The stage that is neither the agent's nor an engine's: encoding, the way, and waiting. */
  static final String TRANSPORT = "transport";

  private final String endpoint;
  private final long startNanos;
  private final BiFunction<String, Long, ByteBuffer> reader;
  private long roomBytes;

  /**
   * For the response to a call.
   *
   * @param startNanos when the call began, by {@link System#nanoTime}
   * @param roomBytes the most payload bytes to fetch from buffers
   * @param reader fetches a buffer of at most so many bytes
   */
  SessionInbound(
      String endpoint,
      long startNanos,
      long roomBytes,
      BiFunction<String, Long, ByteBuffer> reader) {
    this.endpoint = endpoint;
    this.startNanos = startNanos;
    this.roomBytes = roomBytes;
    this.reader = reader;
  }

  @Override
  public Model model(String modelId) {
    throw new VaccelException(Reason.MODEL_NOT_FOUND, "a result names no model");
  }

  @Override
  public ByteBuffer payload(Payload payload) {
    return switch (payload.getSourceCase()) {
      case INLINE -> Payloads.inline(payload);
      case BUFFER_ID -> {
        ByteBuffer data = reader.apply(payload.getBufferId(), roomBytes);
        roomBytes -= data.remaining();
        yield data;
      }
      case SOURCE_NOT_SET -> throw Payloads.missing();
    };
  }

  @Override
  public ExecutedOn seen(ExecutedOn byAgent) {
    return byAgent
        .via(endpoint)
        .then(TRANSPORT, elsewhere(byAgent, Duration.ofNanos(System.nanoTime() - startNanos)));
  }

  /** The part of {@code total} that the agent does not account for; all of it if it claims more. */
  static Duration elsewhere(ExecutedOn byAgent, Duration total) {
    Duration rest = total;
    for (Stage stage : byAgent.stages()) {
      if (stage.elapsed().isNegative() || stage.elapsed().compareTo(rest) > 0) {
        return total;
      }
      rest = rest.minus(stage.elapsed());
    }
    return rest;
  }
}
