package io.vaccel.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLHandshakeException;
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
  void pipelineOfNetty_isLeftOut() {
    assertLost(
        Status.UNAVAILABLE
            .withDescription("io exception\nChannel Pipeline: [Handler#0]")
            .withCause(new IOException("Broken pipe")),
        "Broken pipe");
  }

  @Test
  void failureOfTls_isToldByItsRoot() {
    Exception failure = new SSLHandshakeException("a.b.C: outer");
    failure.initCause(new IllegalStateException("no certification path"));
    Status told =
        report.translate(
            Status.UNAVAILABLE
                .withDescription("io exception\nChannel Pipeline: [Handler#0]")
                .withCause(failure));
    assertThat(told.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(told.getDescription())
        .startsWith("TLS with ")
        .endsWith(" failed: no certification path");
  }

  @Test
  void endOfStream_isALoss() {
    assertLost(
        Status.UNAVAILABLE.withDescription("Network closed for unknown reason"), "it was closed");
  }

  @Test
  void endBeforeHttp2Began_isALoss_withoutTheNamesOfHandlers() {
    for (String ended : new String[] {"closed", "closing"}) {
      assertLost(
          Status.UNAVAILABLE.withDescription(
              "Connection "
                  + ended
                  + " while performing protocol negotiation for [NettyClientHandler#0]"),
          "it was closed");
    }
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
