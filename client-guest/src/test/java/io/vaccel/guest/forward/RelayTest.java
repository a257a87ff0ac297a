package io.vaccel.guest.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/** What becomes of the buffers that a socket filled. */
final class RelayTest {
  private final LongAdder up = new LongAdder();
  private final EmbeddedChannel client = new EmbeddedChannel();
  private final EmbeddedChannel agent = new EmbeddedChannel();

  RelayTest() {
    Link link = new Link(client, agent, true, 1_000);
    client.pipeline().addLast(new Relay(link, up));
    agent.pipeline().addLast(new Relay(link, new LongAdder()));
  }

  @Test
  void buffersThatWereRead_areTheOnesThatAreWritten_inTheirOrder() {
    ByteBuf first = client.alloc().directBuffer().writeZero(100_000);
    ByteBuf second = client.alloc().directBuffer().writeZero(1);
    client.writeInbound(first, second);
    ByteBuf written = agent.readOutbound();
    assertThat(written).isSameAs(first);
    assertThat(written.readableBytes()).as("nothing of it was taken").isEqualTo(100_000);
    assertThat(agent.<ByteBuf>readOutbound()).isSameAs(second);
    assertThat(agent.<ByteBuf>readOutbound()).isNull();
    assertThat(up.sum()).isEqualTo(100_001);
    assertThat(first.refCnt() == 1 && second.refCnt() == 1).as("owned once").isTrue();
    first.release();
    second.release();
  }
}
