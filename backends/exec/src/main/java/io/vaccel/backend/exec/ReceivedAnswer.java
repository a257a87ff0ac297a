package io.vaccel.backend.exec;

import io.vaccel.Argument;
import io.vaccel.FunctionCall;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.backend.exec.child.Outcome;
import io.vaccel.spi.Call;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a process sends back, which a hostile library may have written: nothing in it makes the
 * reader allocate more than the caller gave room for, and has memory for.
 */
final class ReceivedAnswer {
  private final DataInputStream in;
  private final long nonce;
  private final Call call;

  ReceivedAnswer(InputStream in, long nonce, Call call) {
    this.in = new DataInputStream(in);
    this.nonce = nonce;
    this.call = call;
  }

  /**
   * The written arguments.
   *
   * @throws VaccelException for what the process says of its failure, and for what is no answer
   * @throws IOException when it ends before it has said all
   */
  List<Argument> read(FunctionCall function) throws IOException {
    if (in.readLong() != nonce) {
      throw noAnswer();
    }
    Outcome outcome = Outcome.coded(in.readUnsignedByte()).orElseThrow(ReceivedAnswer::noAnswer);
    return switch (outcome) {
      case WRITTEN -> written(function.write());
      case RETURNED ->
          throw failed(Reason.ENGINE_FAILED, function.symbol() + " returned " + text());
      case OVERRUN ->
          throw failed(
              Reason.ENGINE_FAILED, function.symbol() + " wrote beside its argument " + text());
      case UNLOADABLE -> throw failed(Reason.LIBRARY_UNREADABLE, "cannot be loaded: " + text());
      case NO_FUNCTION ->
          throw failed(
              Reason.FUNCTION_NOT_FOUND, "the library has no function " + function.symbol());
      case NOT_ISOLATED ->
          throw failed(Reason.ENGINE_FAILED, "libraries cannot be isolated: " + text());
    };
  }

  private List<Argument> written(List<Argument> room) throws IOException {
    ReadableByteChannel channel = Channels.newChannel(in);
    List<Argument> written = new ArrayList<>(room.size());
    for (int i = 0; i < room.size(); i++) {
      int bytes = in.readInt();
      if (bytes < 0 || bytes > room.get(i).sizeBytes()) {
        throw noAnswer();
      }
      call.takeMemory(bytes);
      ByteBuffer data = ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
      while (data.hasRemaining()) {
        if (channel.read(data) < 0) {
          throw new EOFException("it ended within its answer");
        }
      }
      try {
        written.add(room.get(i).withData(data.flip()));
      } catch (VaccelException e) {
        throw failed(
            Reason.ENGINE_FAILED, "the library wrote no valid write[" + i + "]: " + e.text());
      }
    }
    return written;
  }

  private String text() throws IOException {
    int bytes = in.readInt();
    if (bytes < 0 || bytes > Outcome.MAX_TEXT) {
      throw noAnswer();
    }
    return new String(in.readNBytes(bytes), StandardCharsets.UTF_8)
        .replaceAll("[^\\x20-\\x7E]", "?")
        .replaceAll("/\\S*/", "");
  }

  private static VaccelException noAnswer() {
    return failed(
        Reason.ENGINE_FAILED, "the library's process wrote something else than an answer");
  }

  private static VaccelException failed(Reason reason, String text) {
    return new VaccelException(reason, text);
  }
}
