package io.vaccel.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vaccel.Reason;
import io.vaccel.VaccelException;
import java.nio.ByteBuffer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class SessionBuffersTest {
  private static final int MIB = 1 << 20;

  private final Quota quota =
      Quota.defaults()
          .with(Limit.BUFFER_BYTES, 3L << 30)
          .with(Limit.BUFFER_BYTES_PER_SESSION, 2L << 30)
          .with(Limit.BUFFERS_PER_SESSION, 2);
  private final Budget memory =
      Budget.of(Limit.BUFFER_BYTES, quota).inner(Limit.BUFFER_BYTES_PER_SESSION, quota);
  private final SessionBuffers buffers =
      new SessionBuffers(memory, Budget.of(Limit.BUFFERS_PER_SESSION, quota));
  private final CallBudget call = buffers.budgetOfCall();

  @Test
  void announcedSize_takesNoMemoryBeforeItArrives() {
    try (IncomingBuffer incoming = buffers.receive((2L << 30) - 100)) {
      assertThat(memory.used()).isZero();
      incoming.write(ByteBuffer.allocate(1_000));
      assertThat(memory.used()).isEqualTo(MIB);
    }
    assertThat(memory.used()).isZero();
  }

  @Test
  void arrivedBytes_areWhatWasSent() {
    IncomingBuffer incoming = buffers.receive(3 * MIB);
    for (int i = 0; i < 3; i++) {
      byte[] chunk = new byte[MIB];
      chunk[0] = (byte) (i + 1);
      incoming.write(ByteBuffer.wrap(chunk));
    }
    TakenBuffer taken = buffers.take(incoming.finish());

    assertThat(taken.data().remaining()).isEqualTo(3 * MIB);
    assertThat(taken.data().isDirect()).isTrue();
    assertThat(taken.data().get(2 * MIB)).isEqualTo((byte) 3);
    assertThat(memory.used()).isEqualTo(3 * MIB);
    buffers.give(taken);
    assertThat(memory.used()).isZero();
  }

  @Test
  void impossibleSizes_areRefused() {
    assertThat(error(() -> buffers.receive(-1)).reason()).isEqualTo(Reason.ARGUMENT_INVALID);
    assertThat(error(() -> buffers.receive(2L << 30)).reason()).isEqualTo(Reason.ARGUMENT_INVALID);
    assertThat(error(() -> buffers.receive(Long.MAX_VALUE)).reason())
        .isEqualTo(Reason.ARGUMENT_INVALID);
  }

  @Test
  void moreOrFewerBytesThanAnnounced_areRefused() {
    IncomingBuffer more = buffers.receive(10);
    assertThat(error(() -> more.write(ByteBuffer.allocate(11))).reason())
        .isEqualTo(Reason.ARGUMENT_INVALID);
    more.close();
    IncomingBuffer fewer = buffers.receive(10);
    fewer.write(ByteBuffer.allocate(9));
    assertThat(error(fewer::finish).reason()).isEqualTo(Reason.ARGUMENT_INVALID);
    fewer.close();
    assertThat(memory.used()).isZero();
  }

  @Test
  void takenBuffer_isGoneUnlessRestored() {
    String id = buffers.add(ByteBuffer.allocateDirect(10), call);
    TakenBuffer taken = buffers.take(id);
    assertThat(error(() -> buffers.take(id)).reason()).isEqualTo(Reason.BUFFER_NOT_FOUND);
    buffers.restore(taken);
    assertThat(buffers.take(id).data().remaining()).isEqualTo(10);
  }

  @Test
  void tooManyBuffers_areRefusedWhateverTheirSize() {
    buffers.add(ByteBuffer.allocate(0), call);
    buffers.receive(0);
    assertThat(error(() -> buffers.add(ByteBuffer.allocate(0), call)).details())
        .containsEntry("quota", "buffers-per-session");
  }

  @Test
  void closedSession_givesEverythingBack() {
    buffers.add(ByteBuffer.allocateDirect(MIB), call);
    buffers.add(ByteBuffer.allocateDirect(MIB), call);
    buffers.close();
    assertThat(memory.used()).isZero();
    buffers.add(ByteBuffer.allocateDirect(1), call);
  }

  @Test
  void whatACallHasTaken_isCountedOnce_whenItBecomesABuffer() {
    call.take(3 * MIB);
    assertThat(memory.used()).isEqualTo(3 * MIB);
    String id = buffers.add(ByteBuffer.allocateDirect(2 * MIB), call);
    assertThat(memory.used()).isEqualTo(3 * MIB);
    call.close();
    assertThat(memory.used()).as("that of the buffer").isEqualTo(2 * MIB);
    buffers.give(buffers.take(id));
    assertThat(memory.used()).isZero();
  }

  @Test
  void resultThatTheCallDidNotTake_isTakenWhenItBecomesABuffer() {
    call.take(MIB);
    buffers.add(ByteBuffer.allocateDirect(2 * MIB), call);
    assertThat(memory.used()).isEqualTo(2 * MIB);
    call.close();
    assertThat(memory.used()).isEqualTo(2 * MIB);
  }

  @Test
  void callThatTakesTooMuch_orHasEnded_isRefused_andHasTakenNothing() {
    VaccelException tooMuch = error(() -> call.take((2L << 30) + 1));
    assertThat(tooMuch.reason()).isEqualTo(Reason.QUOTA_EXCEEDED);
    assertThat(tooMuch).hasMessageContaining("buffer-bytes-per-session");
    assertThat(memory.used()).isZero();
    call.close();
    assertThat(error(() -> call.take(1)).reason()).isEqualTo(Reason.CANCELLED);
    assertThat(memory.used()).isZero();
  }

  private static VaccelException error(ThrowingCallable call) {
    return catchThrowableOfType(VaccelException.class, call);
  }
}
