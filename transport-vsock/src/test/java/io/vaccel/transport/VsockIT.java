package io.vaccel.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.unix.UnixChannel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is special about AF_VSOCK, in a guest with the loopback transport and no vsock device. */
class VsockIT {
  private static final ServerSettings LOCAL =
      ServerSettings.builder().allowedReservedCids(Set.of(Endpoint.CID_LOCAL)).build();

  @BeforeEach
  void onlyInAGuest() {
    VsockGuest.assumeLoopback();
  }

  private static Server start(Endpoint endpoint, ServerSettings settings) throws Exception {
    return Servers.builder(endpoint, settings).addService(new TestService()).build().start();
  }

  private static StatusRuntimeException failure(long port) {
    ManagedChannel channel = Channels.open(new Endpoint.Vsock(Endpoint.CID_LOCAL, port));
    CallOptions soon = CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS);
    try {
      return catchThrowableOfType(
          StatusRuntimeException.class,
          () -> ClientCalls.blockingUnaryCall(channel, TestService.ECHO, soon, new byte[0]));
    } finally {
      channel.shutdownNow();
    }
  }

  @Test
  void processOfThisMachine_isRefusedByDefault() throws Exception {
    Server server = start(Endpoint.Vsock.any(2100), ServerSettings.defaults());
    assertThat(failure(2100)).hasMessageStartingWith("UNAVAILABLE");
    server.shutdownNow().awaitTermination();
  }

  @Test
  void closedPort_saysThatNobodyListens() {
    assertThat(failure(2101))
        .hasMessage(
            "UNAVAILABLE: cannot connect to vsock:1:2101: connection reset, nobody listens on"
                + " that port");
  }

  @Test
  void portOfTheKernelsChoice_isTold() throws Exception {
    Server server = start(new Endpoint.Vsock(Endpoint.CID_ANY, Endpoint.PORT_ANY), LOCAL);
    Endpoint.Vsock chosen = (Endpoint.Vsock) Servers.endpoints(server).get(0);
    assertThat(chosen.cid()).isEqualTo(Endpoint.CID_ANY);
    assertThat(chosen.port()).isBetween(1L, Endpoint.PORT_ANY - 1);
    assertThat(failure(chosen.port())).as("it answers").isNull();
    server.shutdownNow().awaitTermination();
  }

  @Test
  void portAbove2To31_works() throws Exception {
    Server server = start(Endpoint.Vsock.any(4_000_000_000L), LOCAL);
    assertThat(Servers.endpoints(server)).hasToString("[vsock:any:4000000000]");
    assertThat(failure(4_000_000_000L)).as("it answers").isNull();
    server.shutdownNow().awaitTermination();
  }

  @Test
  void failedBind_saysWhy() throws Exception {
    Server server = start(Endpoint.Vsock.any(2102), LOCAL);
    assertThatThrownBy(() -> start(Endpoint.Vsock.any(2102), LOCAL))
        .hasStackTraceContaining("address in use: a server already listens on vsock:any:2102");
    assertThatThrownBy(() -> start(new Endpoint.Vsock(7, 2103), LOCAL))
        .hasStackTraceContaining("CID 7 is none of this machine's: listen on vsock:any:2103");
    server.shutdownNow().awaitTermination();
  }

  @Test
  void watch_probesTheLoopback_alsoWhereCid1IsRefused() throws Exception {
    ListenerWatch watch = new ListenerWatch();
    Server server = start(Endpoint.Vsock.any(2104), ServerSettings.builder().watch(watch).build());
    assertThat(watch.check(Duration.ofSeconds(20))).isEmpty();
    server.shutdownNow().awaitTermination();
    assertThat(watch.check(Duration.ofSeconds(20))).contains("its socket was closed");
  }

  @Test
  void bufferSize_isTheKernels_onBothSides() throws Exception {
    Accepted accepted = new Accepted();
    Server server =
        accepted
            .server(Endpoint.Vsock.any(2105), LOCAL.toBuilder().socketBufferBytes(3 << 20).build())
            .addService(new TestService())
            .build()
            .start();
    Endpoint where = new Endpoint.Vsock(Endpoint.CID_LOCAL, 2105);
    Channel client =
        RawClient.begin(where, ChannelSettings.builder().socketBufferBytes(2 << 20).build())
            .sync()
            .channel();
    assertThat(bufferBytes(accepted.next())).isEqualTo(3 << 20);
    assertThat(bufferBytes(client)).isEqualTo(2 << 20);
    client.close().sync();
    server.shutdownNow().awaitTermination();
  }

  /** SO_VM_SOCKETS_BUFFER_SIZE. */
  private static long bufferBytes(Channel channel) throws Exception {
    return option(channel, 0, 1).get(0);
  }

  @Test
  void connectTimeout_isTheKernels() throws Exception {
    Server server = start(Endpoint.Vsock.any(2111), LOCAL);
    Endpoint where = new Endpoint.Vsock(Endpoint.CID_LOCAL, 2111);
    ChannelSettings settings =
        ChannelSettings.builder().connectTimeout(Duration.ofMillis(7_500)).build();
    Channel client =
        Bootstraps.client(where, settings)
            .handler(new ChannelInboundHandlerAdapter())
            .connect()
            .sync()
            .channel();
    // SO_VM_SOCKETS_CONNECT_TIMEOUT, a timeval; the kernel counts in ticks of up to 10 ms.
    LongBuffer timeout = option(client, 6, 2);
    assertThat(timeout.get(0)).as("seconds").isEqualTo(7);
    assertThat(timeout.get(1)).as("microseconds").isBetween(490_000L, 510_000L);
    client.close().sync();
    server.shutdownNow().awaitTermination();
  }

  /** An option of the level AF_VSOCK, so many numbers of 64 bits. */
  private static LongBuffer option(Channel channel, int name, int numbers) throws Exception {
    ByteBuffer value =
        ByteBuffer.allocateDirect(numbers * Long.BYTES).order(ByteOrder.nativeOrder());
    LinuxSocket.newSocket(((UnixChannel) channel).fd().intValue()).getRawOpt(40, name, value);
    return value.clear().asLongBuffer();
  }

  @Test
  void target_connects() throws Exception {
    Server server = start(Endpoint.Vsock.any(2106), LOCAL);
    TargetsIT.assertAnswers("vsock:1:2106");
    server.shutdownNow().awaitTermination();
  }

  /** Linux lets in one more than the number says, and resets the next. */
  @Test
  void queueOfConnects_isAsLongAsTheLimitSays() throws Exception {
    CountDownLatch accept = new CountDownLatch(1);
    try (EventLoops loops = EventLoops.open(EventLoops.Kind.EPOLL, 1)) {
      Server server =
          start(
              Endpoint.Vsock.any(2107),
              LOCAL.toBuilder()
                  .eventLoops(loops)
                  .limits(ServerLimits.builder().backlog(512).build())
                  .build());
      Accepted.hold(loops, accept);
      Endpoint where = new Endpoint.Vsock(Endpoint.CID_LOCAL, 2107);
      for (int i = 0; i <= 512; i++) {
        ChannelFuture client = RawClient.begin(where, ChannelSettings.defaults());
        assertThat(client.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(client.cause()).as("connection %d", i).isNull();
      }
      ChannelFuture next = RawClient.begin(where, ChannelSettings.defaults());
      assertThat(next.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(next.cause()).hasMessageContaining("connection reset");
      accept.countDown();
      server.shutdownNow().awaitTermination();
    } finally {
      accept.countDown();
    }
  }

  /** A kernel that refuses for a listener that is there: what watches it says so. */
  @Test
  void listenerThatTheKernelRefusesFor_isNoticed_andItsPortCanBeBoundAnew() throws Exception {
    Endpoint.Vsock where = Endpoint.Vsock.any(2108);
    Endpoint local = new Endpoint.Vsock(Endpoint.CID_LOCAL, 2108);
    CountDownLatch accept = new CountDownLatch(1);
    ListenerWatch watch = new ListenerWatch();
    try (EventLoops loops = EventLoops.open(EventLoops.Kind.EPOLL, 1)) {
      Server wedged =
          start(
              where,
              LOCAL.toBuilder()
                  .eventLoops(loops)
                  .watch(watch)
                  .limits(ServerLimits.builder().backlog(4).build())
                  .build());
      assertThat(watch.check(Duration.ofSeconds(20))).isEmpty();
      Accepted.hold(loops, accept);
      for (int i = 0; i <= 4; i++) {
        ChannelFuture client = RawClient.begin(local, ChannelSettings.defaults());
        assertThat(client.await(20, TimeUnit.SECONDS) && client.isSuccess()).isTrue();
      }
      assertThat(watch.check(Duration.ofSeconds(2)))
          .get(InstanceOfAssertFactories.STRING)
          .startsWith("cannot connect to vsock:1:2108: connection reset");
      accept.countDown();
      wedged.shutdownNow().awaitTermination();
      assertThat(watch.awaitClosed(Duration.ofSeconds(20))).isTrue();
    } finally {
      accept.countDown();
    }
    Server anew = start(where, LOCAL);
    assertThat(failure(2108)).as("it answers").isNull();
    anew.shutdownNow().awaitTermination();
  }

  /** As an agent opens a listener anew: connections to the old one live on. */
  @Test
  void portOfAServerThatShutsDown_canBeBoundAnew_andItsCallsGoOn() throws Exception {
    Endpoint.Vsock where = Endpoint.Vsock.any(2110);
    ListenerWatch watch = new ListenerWatch();
    Server old = start(where, LOCAL.toBuilder().watch(watch).build());
    ManagedChannel channel = Channels.open(new Endpoint.Vsock(Endpoint.CID_LOCAL, 2110));
    CallOptions soon = CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS);
    try {
      BlockingClientCall<byte[], byte[]> call =
          ClientCalls.blockingBidiStreamingCall(channel, TestService.CHAT, soon);
      assertThat(call.write(new byte[1])).isTrue();
      assertThat(call.read()).hasSize(1);

      old.shutdown();
      assertThat(watch.awaitClosed(Duration.ofSeconds(20))).isTrue();
      Server anew = start(where, LOCAL);

      assertThat(failure(2110)).as("it answers").isNull();
      assertThat(call.write(new byte[2])).isTrue();
      assertThat(call.read()).hasSize(2);
      call.halfClose();
      assertThat(call.read()).as("end of stream").isNull();
      assertThat(old.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
      anew.shutdownNow().awaitTermination();
    } finally {
      channel.shutdownNow();
    }
  }

  @Test
  void endOfOneDirection_leavesTheOtherOpen() throws Exception {
    BlockingQueue<String> ends = new LinkedBlockingQueue<>();
    Channel listener =
        Bootstraps.server(Endpoint.Vsock.any(2109), LOCAL)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childHandler(new AnswersTheEnd(ends, "server"))
            .bind()
            .sync()
            .channel();
    Channel client =
        Bootstraps.client(new Endpoint.Vsock(Endpoint.CID_LOCAL, 2109), ChannelSettings.defaults())
            .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .handler(new AnswersTheEnd(ends, "client"))
            .connect()
            .sync()
            .channel();
    client.writeAndFlush(Unpooled.copiedBuffer("hello", StandardCharsets.US_ASCII)).sync();
    ((DuplexChannel) client).shutdownOutput().sync();
    assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo("server got hello, and its end");
    assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo("client got answer, and its end");
    assertThat(client.closeFuture().await(20, TimeUnit.SECONDS)).isTrue();
    listener.close().sync();
  }

  /** Says what came when that ends, and only then answers and ends the other direction. */
  @ChannelHandler.Sharable
  private static final class AnswersTheEnd extends ChannelInboundHandlerAdapter {
    private final BlockingQueue<String> ends;
    private final String name;
    private final StringBuilder received = new StringBuilder();

    AnswersTheEnd(BlockingQueue<String> ends, String name) {
      this.ends = ends;
      this.name = name;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      received.append(bytes.toString(StandardCharsets.US_ASCII));
      bytes.release();
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // What is lost does not come.
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof ChannelInputShutdownEvent) {
        ends.add(name + " got " + received + ", and its end");
        context
            .writeAndFlush(Unpooled.copiedBuffer("answer", StandardCharsets.US_ASCII))
            .addListener(ChannelFutureListener.CLOSE);
      }
    }
  }

  @Test
  void availability_isWhatIsLoaded() {
    EventLoops loops = EventLoops.shared();
    assertThat(Availability.toConnect(Endpoint.parse("vsock:1:1"), loops))
        .isEqualTo(new Availability.Available("vsock_loopback"));
    assertThat(Availability.toConnect(Endpoint.parse("vsock:2:1"), loops))
        .isInstanceOfSatisfying(
            Availability.Unavailable.class,
            no -> assertThat(no.reason()).contains("no vsock device"));
    assertThat(Availability.toConnect(Endpoint.parse("vsock:3:1"), loops))
        .isInstanceOfSatisfying(
            Availability.Unavailable.class, no -> assertThat(no.reason()).contains("vhost_vsock"));
    assertThat(Availability.toListen(Endpoint.parse("vsock:any:1"), loops))
        .isEqualTo(new Availability.Available("vsock_loopback"));
    assertThat(Availability.toListen(Endpoint.parse("vsock:7:1"), loops))
        .isInstanceOf(Availability.Unavailable.class);
  }
}
