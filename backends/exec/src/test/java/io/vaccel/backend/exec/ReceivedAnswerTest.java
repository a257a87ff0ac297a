package io.vaccel.backend.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vaccel.Argument;
import io.vaccel.ArgumentType;
import io.vaccel.CallOptions;
import io.vaccel.FunctionCall;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.backend.exec.child.Outcome;
import io.vaccel.spi.Call;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ReceivedAnswerTest {
  private static final long NONCE = 42;
  private static final FunctionCall CALL =
      FunctionCall.of("f", List.of(), List.of(Argument.room(ArgumentType.INT32, 4)));

  @Property
  void anyBytes_areAnAnswerOrAnError(@ForAll byte[] bytes) {
    ByteBuffer hostile = ByteBuffer.allocate(8 + bytes.length).putLong(NONCE).put(bytes);
    try {
      assertThat(read(hostile)).allMatch(argument -> argument.sizeBytes() == 4);
    } catch (VaccelException e) {
      assertThat(e.text()).doesNotContain("\n");
    } catch (IOException e) {
      assertThat(e).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void otherNonce_isNoAnswer() {
    assertFails(ByteBuffer.allocate(100).position(100), "something else than an answer");
  }

  @Test
  void moreThanTheRoom_isNoAnswer_andIsNotAllocated() {
    for (int size : new int[] {5, -1, Integer.MAX_VALUE}) {
      assertFails(answer(Outcome.WRITTEN, size), "something else than an answer");
    }
  }

  @Test
  void lessThanItsTypeNeeds_isAFailureOfTheLibrary() {
    assertFails(answer(Outcome.WRITTEN, 3).put(new byte[3]), "no valid write[0]");
  }

  @Test
  void longText_isNoAnswer() {
    assertFails(answer(Outcome.RETURNED, 1 << 20), "something else than an answer");
  }

  @Test
  void text_losesPathsAndControlCharacters() {
    byte[] text =
        "/tmp/secret/libx.so: bad\n\u001b[1m".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    assertThatThrownBy(() -> read(answer(Outcome.UNLOADABLE, text.length).put(text)))
        .hasMessage("cannot be loaded: libx.so: bad??[1m")
        .extracting("reason")
        .isEqualTo(Reason.LIBRARY_UNREADABLE);
  }

  private static ByteBuffer answer(Outcome outcome, int number) {
    return ByteBuffer.allocate(200).putLong(NONCE).put((byte) outcome.code()).putInt(number);
  }

  private static void assertFails(ByteBuffer bytes, String text) {
    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(VaccelException.class)
        .hasMessageContaining(text)
        .extracting("reason")
        .isEqualTo(Reason.ENGINE_FAILED);
  }

  private static List<Argument> read(ByteBuffer bytes) throws IOException {
    byte[] sent = new byte[bytes.position()];
    bytes.get(0, sent);
    return new ReceivedAnswer(
            new ByteArrayInputStream(sent),
            NONCE,
            Call.start(CallOptions.defaults(), Runnable::run))
        .read(CALL);
  }
}
