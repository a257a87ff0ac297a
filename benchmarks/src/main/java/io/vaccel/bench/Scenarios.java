package io.vaccel.bench;

import io.vaccel.Classification;
import io.vaccel.ElementType;
import io.vaccel.Image;
import io.vaccel.Model;
import io.vaccel.Session;
import io.vaccel.Sgemm;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * Makes what is measured: each operation on each session, and the same bytes on raw sockets.
 *
 * <p>Every call checks its result, so that nothing fast and wrong is ever reported.
 */
final class Scenarios implements AutoCloseable {
  /** About what the messages of a no-op take with their framing. */
  static final int NOOP_BYTES = 64;

  /** About what five labels take. */
  static final int LABELS_BYTES = 256;

  private final Map<Way, Session> sessions;
  private final RawServerProcess rawServer;
  private final Deque<Closeable> open = new ArrayDeque<>();

  Scenarios(Map<Way, Session> sessions, RawServerProcess rawServer) {
    this.sessions = sessions;
    this.rawServer = rawServer;
  }

  /** An operation that does nothing. */
  Scenario noop() throws IOException {
    List<Contender> contenders = raw(NOOP_BYTES, NOOP_BYTES);
    sessions.forEach(
        (way, session) ->
            contenders.add(
                new Contender(way, () -> checkPlace(way, session.noop().executedOn().isLocal()))));
    return scenario("noop", "noop: round trip", NOOP_BYTES, NOOP_BYTES, contenders);
  }

  /** One tensor of this many bytes in, the same tensor out. */
  Scenario bulk(int bytes) throws IOException {
    List<Contender> contenders = raw(bytes, bytes);
    Tensor tensor = Tensor.of("data", ElementType.UINT8, Shape.of(bytes), pattern(bytes));
    sessions.forEach(
        (way, session) -> {
          compare(tensor, echo(way, session, tensor));
          contenders.add(new Contender(way, () -> echo(way, session, tensor)));
        });
    String size = bytes >= 1 << 20 ? (bytes >> 20) + "MiB" : (bytes >> 10) + "KiB";
    return scenario("bulk-" + size, "bulk: echo of " + size, bytes, bytes, contenders);
  }

  /** Multiplies two square matrices of binary32 numbers. */
  Scenario sgemm(int side) throws IOException {
    int bytes = side * side * Float.BYTES;
    List<Contender> contenders = raw(2 * bytes, bytes);
    float[] ones = new float[side * side];
    Arrays.fill(ones, 1);
    Sgemm input = Sgemm.product(side, side, side, ones, ones);
    sessions.forEach(
        (way, session) -> contenders.add(new Contender(way, () -> sgemm(way, session, input))));
    String name = "sgemm-" + side;
    return scenario(name, "sgemm: " + side + " x " + side, 2 * bytes, bytes, contenders);
  }

  /**
   * Names what a photograph shows. The model is loaded here, before anything is measured.
   *
   * @param label that must come first
   */
  Scenario classify(Path modelFile, Path photo, String label) throws IOException {
    Image image = Image.read(photo);
    int bytes = image.data().remaining();
    List<Contender> contenders = raw(bytes, LABELS_BYTES);
    for (Map.Entry<Way, Session> entry : sessions.entrySet()) {
      Session session = entry.getValue();
      Model model = session.load(modelFile);
      open.push(model::close);
      contenders.add(
          new Contender(
              entry.getKey(), () -> classify(entry.getKey(), session, model, image, label)));
    }
    return scenario(
        "classify", "classify: " + photo.getFileName(), bytes, LABELS_BYTES, contenders);
  }

  private static Tensor echo(Way way, Session session, Tensor tensor) {
    var reply = session.echo(List.of(tensor));
    checkPlace(way, reply.executedOn().isLocal());
    Tensor back = reply.tensors().get(0);
    if (back.sizeBytes() != tensor.sizeBytes()) {
      throw new IllegalStateException(
          way.title() + " echoed " + back.sizeBytes() + " bytes of " + tensor.sizeBytes());
    }
    return back;
  }

  private static void sgemm(Way way, Session session, Sgemm input) {
    Sgemm.Product product = session.sgemm(input);
    checkPlace(way, product.executedOn().isLocal());
    // Of ones, each element is the sum of k ones.
    if (product.c().data().getFloat(0) != input.k()) {
      throw new IllegalStateException(way.title() + " multiplied wrongly");
    }
  }

  private static void classify(Way way, Session session, Model model, Image image, String label) {
    Classification result = session.classify(model, image);
    checkPlace(way, result.executedOn().isLocal());
    if (!result.best().name().equals(label)) {
      throw new IllegalStateException(
          way.title() + " classified " + label + " as " + result.best());
    }
  }

  /** A plugin that falls back to local work would look very fast. */
  private static void checkPlace(Way way, boolean isLocal) {
    if (isLocal != (way == Way.LOCAL)) {
      throw new IllegalStateException(
          way.title() + " was performed " + (isLocal ? "here" : "at an agent"));
    }
  }

  private static void compare(Tensor sent, Tensor received) {
    if (!sent.data().equals(received.data())) {
      throw new IllegalStateException("an echo came back changed");
    }
  }

  private static ByteBuffer pattern(int bytes) {
    ByteBuffer data = ByteBuffer.allocateDirect(bytes);
    for (int i = 0; i < bytes; i++) {
      data.put((byte) (i * 31 + (i >> 12)));
    }
    return data.flip();
  }

  private List<Contender> raw(int inBytes, int outBytes) throws IOException {
    List<Contender> contenders = new ArrayList<>();
    contenders.add(raw(Way.RAW_UNIX, rawServer.unix(), inBytes, outBytes));
    contenders.add(raw(Way.RAW_TCP, rawServer.tcp(), inBytes, outBytes));
    return contenders;
  }

  private Contender raw(Way way, SocketAddress server, int inBytes, int outBytes)
      throws IOException {
    RawSocket socket = RawSocket.connect(server, inBytes, outBytes);
    open.push(socket);
    return new Contender(way, socket::exchange);
  }

  private static Scenario scenario(
      String name, String title, int inBytes, int outBytes, List<Contender> contenders) {
    contenders.sort(Comparator.comparing(Contender::way));
    return new Scenario(name, title, inBytes, outBytes, contenders);
  }

  /** Frees models and raw connections of the scenarios made so far. */
  @Override
  public void close() throws IOException {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }
}
