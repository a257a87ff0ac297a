package io.vaccel.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.transport.Endpoint;
import io.vaccel.transport.ServerSettings;
import io.vaccel.transport.Wedge;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the checks of the watchdog do to a listener. */
class ListenersIT {
  @TempDir Path directory;

  private final Listeners listeners =
      new Listeners(
          place -> Listener.open(place, Quota.defaults(), List.of(), List.of()), Duration.ZERO);

  private Path socket() {
    return directory.resolve("a.sock");
  }

  private boolean connects() throws IOException {
    try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
      return client.isConnected();
    } catch (ConnectException e) {
      return false;
    }
  }

  @BeforeEach
  void listen() throws IOException {
    Endpoint endpoint = new Endpoint.Unix(socket().toString());
    listeners.start("test", List.of(Place.guests(endpoint, ServerSettings.defaults())));
  }

  @AfterEach
  void close() {
    listeners.close();
  }

  @Test
  void listenerThatAcceptsNobody_isOpenedAgain_afterTheSecondCheckAndNotTheFirst()
      throws Exception {
    listeners.tend();
    assertThat(connects()).isTrue();
    Wedge.listener(socket());
    listeners.tend();
    assertThat(connects()).as("left alone after one check that failed").isFalse();
    listeners.tend();
    assertThat(connects()).as("opened again after two").isTrue();
  }

  @Test
  void socketThatIsGone_isOpenedAgain_afterOneCheck() throws Exception {
    Files.delete(socket());
    listeners.tend();
    assertThat(connects()).isTrue();
  }
}
