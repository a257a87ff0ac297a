package io.vaccel.guest.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.vaccel.transport.Endpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Much of everything: bytes, connections, stalled peers, and what that may cost. */
@Timeout(300)
final class ForwarderLoadIT {
  private static final int MIB = 1 << 20;
  private static final int READ = SelectionKey.OP_READ;
  private static final int WRITE = SelectionKey.OP_WRITE;

  /** A socket that took nothing for this long is full. */
  private static final long FULL_MILLIS = 300;

  private static final long STUCK_MILLIS = 60_000;

  private static final ForwarderSettings MANY =
      new ForwarderSettings(
          "rw-------", false, 4_096, Duration.ofSeconds(60), Duration.ofMinutes(5));

  @TempDir Path directory;

  private Endpoint.Unix unix(String name) {
    return new Endpoint.Unix(directory.resolve(name).toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"unix", "tcp"})
  void bulk_bothWays_whenTheReaderIsSlow(String kind) throws Exception {
    Endpoint listen = kind.equals("unix") ? unix("f") : Endpoint.parse("tcp:127.0.0.1:0");
    byte[] content = new byte[64 * MIB];
    new Random(7).nextBytes(content);
    try (ByteAgent agent = ByteAgent.echo(unix("a"));
        Forwarder forwarder = Forwarder.open(List.of(listen), agent.endpoint(), MANY);
        Selector ready = Selector.open();
        SocketChannel client = Sockets.connect(forwarder.endpoints().get(0))) {
      ByteBuffer out = ByteBuffer.wrap(content);
      int heldOnTheWay = writeUntilFull(client, out);
      assertThat(heldOnTheWay).as("all sockets and buffers on the way").isLessThan(32 * MIB);
      SelectionKey key = client.register(ready, READ | WRITE);
      MessageDigest got = MessageDigest.getInstance("SHA-256");
      ByteBuffer in = ByteBuffer.allocate(MIB);
      for (int received = 0; received < content.length; ) {
        assertThat(ready.select(STUCK_MILLIS)).as("something moves").isPositive();
        ready.selectedKeys().clear();
        client.write(out);
        key.interestOps(out.hasRemaining() ? READ | WRITE : READ);
        int count = client.read(in.clear());
        assertThat(count).isNotNegative();
        got.update(in.array(), 0, count);
        received += count;
      }
      assertThat(got.digest()).isEqualTo(MessageDigest.getInstance("SHA-256").digest(content));
      assertThat(forwarder.traffic().bytesToClients()).isEqualTo(content.length);
    }
  }

  @Test
  void thousandsOfConnections_areForwardedAtOnce() throws IOException {
    int count = 2_500;
    List<SocketChannel> clients = new ArrayList<>();
    try (ByteAgent agent = ByteAgent.echo(unix("a"));
        Forwarder forwarder = Forwarder.open(List.of(unix("f")), agent.endpoint(), MANY)) {
      for (int i = 0; i < count; i++) {
        clients.add(Sockets.connect(unix("f")));
      }
      for (int round = 0; round < 2; round++) {
        for (int i = 0; i < count; i++) {
          Sockets.send(clients.get(i), text(i));
        }
        for (int i = 0; i < count; i++) {
          assertThat(Sockets.receive(clients.get(i), text(i).length())).isEqualTo(text(i));
        }
      }
      assertThat(forwarder.traffic().open()).isEqualTo(count);
      assertThat(agent.connections()).isEqualTo(count);
    } finally {
      for (SocketChannel client : clients) {
        client.close();
      }
    }
  }

  private static String text(int number) {
    return "connection %08d".formatted(number);
  }

  @Test
  void memory_isBounded_whenTheAgentTakesNothing() throws IOException {
    int count = 300;
    List<SocketChannel> clients = new ArrayList<>();
    long before = directMemory();
    try (ByteAgent agent = ByteAgent.deaf(unix("a"));
        Forwarder forwarder = Forwarder.open(List.of(unix("f")), agent.endpoint(), MANY)) {
      byte[] much = new byte[4 * MIB];
      for (int i = 0; i < count; i++) {
        SocketChannel client = Sockets.connect(unix("f"));
        clients.add(client);
        client.configureBlocking(false);
        client.write(ByteBuffer.wrap(much));
      }
      int sent = 0;
      for (SocketChannel client : clients) {
        sent += writeUntilFull(client, ByteBuffer.wrap(much), 50);
      }
      assertThat(sent).as("what is on the way of one connection is little").isLessThan(count * MIB);
      long held = directMemory() - before;
      // Room for the allocator's own way of dividing memory, which is not per connection.
      assertThat(held).isLessThan((long) count * ForwarderSettings.MAX_BUFFERED_BYTES + 32L * MIB);
      assertThat(forwarder.traffic().open()).isEqualTo(count);
    } finally {
      for (SocketChannel client : clients) {
        client.close();
      }
    }
  }

  @Test
  void connectionsThatComeAndGo_leaveNoDescriptorBehind() throws Exception {
    try (ByteAgent agent = ByteAgent.echo(unix("a"));
        Forwarder forwarder = Forwarder.open(List.of(unix("f")), agent.endpoint(), MANY)) {
      comeAndGo(forwarder, 100);
      long before = descriptors();
      comeAndGo(forwarder, 2_000);
      Eventually.isTrue("no descriptor is left", () -> descriptors() <= before);
    }
  }

  private void comeAndGo(Forwarder forwarder, int times) throws IOException {
    for (int i = 0; i < times; i++) {
      try (SocketChannel client = Sockets.connect(unix("f"))) {
        Sockets.send(client, "x");
        if (i % 2 == 0) {
          assertThat(Sockets.receive(client, 1)).isEqualTo("x");
        }
      }
    }
    Eventually.isTrue("all ended", () -> forwarder.traffic().open() == 0);
  }

  private static int writeUntilFull(SocketChannel socket, ByteBuffer from) throws IOException {
    return writeUntilFull(socket, from, FULL_MILLIS);
  }

  /** Returns how many bytes the socket took before it took no more. */
  private static int writeUntilFull(SocketChannel socket, ByteBuffer from, long fullMillis)
      throws IOException {
    socket.configureBlocking(false);
    int start = from.position();
    try (Selector selector = Selector.open()) {
      socket.register(selector, SelectionKey.OP_WRITE);
      while (from.hasRemaining() && selector.select(fullMillis) > 0) {
        selector.selectedKeys().clear();
        socket.write(from);
      }
    }
    return from.position() - start;
  }

  private static long directMemory() {
    return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory();
  }

  private static long descriptors() {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
