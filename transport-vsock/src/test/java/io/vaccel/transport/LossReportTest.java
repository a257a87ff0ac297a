package io.vaccel.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Test;

class LossReportTest {
  private final LossReport report = new LossReport(Endpoint.Vsock.host(2048));

  private void assertLost(Status status, String reason) {
    Status translated = report.translate(status);
    assertThat(translated.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(translated.getDescription()).isEqualTo("connection to vsock:2:2048 lost: " + reason);
  }

  @Test
  void channelClosedUnderACall_isUnavailable() {
    assertLost(
        Status.UNKNOWN.withDescription("channel closed").withCause(new ClosedChannelException()),
        "it was closed");
  }

  @Test
  void ioException_saysWhich() {
    assertLost(
        Status.UNAVAILABLE
            .withDescription("io exception")
            .withCause(new IOException("Broken pipe")),
        "Broken pipe");
  }

  @Test
  void endOfStream_isALoss() {
    assertLost(
        Status.UNAVAILABLE.withDescription("Network closed for unknown reason"), "it was closed");
  }

  @Test
  void whatTheServerSaid_isLeftAlone() {
    Status draining = Status.UNAVAILABLE.withDescription("the agent is going down");
    Status unknown = Status.UNKNOWN.withDescription("channel closed");
    assertThat(report.translate(draining)).isSameAs(draining);
    assertThat(report.translate(unknown)).isSameAs(unknown);
    assertThat(report.translate(Status.OK)).isSameAs(Status.OK);
  }
}
