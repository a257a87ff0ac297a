package io.vaccel.agent;

import io.vaccel.Reason;
import io.vaccel.VaccelException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The buffers of one session: payloads on their way in or out that are too large for a message.
 * Safe for use by several threads.
 *
 * <p>Memory is direct, so that it goes to and from the engine without a copy, and is counted before
 * it is allocated. It is left to the garbage collector rather than freed by hand, because a result
 * may share it.
 */
final class SessionBuffers {
  private final Budget memory;
  private final Budget count;
  private final Map<String, ByteBuffer> buffers = new ConcurrentHashMap<>();

  SessionBuffers(Budget memory, Budget count) {
    this.memory = memory;
    this.count = count;
  }

  /**
   * Begins to receive a buffer; nothing is allocated for bytes that have not come.
   *
   * @throws VaccelException {@link Reason#ARGUMENT_INVALID} when no buffer can have this size,
   *     {@link Reason#QUOTA_EXCEEDED}
   */
  IncomingBuffer receive(long sizeBytes) {
    return new IncomingBuffer(this, memory, count, sizeBytes);
  }

  /** What a call may take of the memory. */
  CallBudget budgetOfCall() {
    return new CallBudget(memory);
  }

  /** Keeps a call's result until it is read; the bytes are shared and must not change. */
  String add(ByteBuffer data, CallBudget call) {
    count.take(1);
    try {
      call.handOver(data.remaining());
    } catch (VaccelException e) {
      count.give(1);
      throw e;
    }
    return put(data);
  }

  /** Keeps what is counted already. */
  String put(ByteBuffer counted) {
    String id = RandomId.next();
    buffers.put(id, counted.slice().asReadOnlyBuffer());
    return id;
  }

  /**
   * Takes a buffer out; {@link #give} or {@link #restore} must follow.
   *
   * @throws VaccelException {@link Reason#BUFFER_NOT_FOUND}
   */
  TakenBuffer take(String id) {
    ByteBuffer data = buffers.remove(id);
    if (data == null) {
      throw new VaccelException(Reason.BUFFER_NOT_FOUND, "no such buffer in this session");
    }
    return new TakenBuffer(id, data);
  }

  /** Ends a taken buffer. */
  void give(TakenBuffer taken) {
    memory.give(taken.data().limit());
    count.give(1);
  }

  /** Puts a taken buffer back, because it did not reach its reader. */
  void restore(TakenBuffer taken) {
    buffers.put(taken.id(), taken.data().duplicate().rewind());
  }

  /** Bytes that count against the session's quota. */
  long usedBytes() {
    return memory.used();
  }

  /** Frees all buffers; nothing is under way any more. */
  void close() {
    for (String id : List.copyOf(buffers.keySet())) {
      give(take(id));
    }
  }
}
