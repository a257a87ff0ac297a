package io.vaccel.plugin.vsock;

import static io.vaccel.plugin.vsock.Guests.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.Reason;
import io.vaccel.Settings;
import io.vaccel.VaccelException;
import io.vaccel.transport.Endpoint;
import io.vaccel.transport.TlsSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the environment may say, and what is said of what it may not. */
final class SettingsTest {
  @ParameterizedTest
  @CsvSource({
    "vsock:2:2048, vsock:2:2048",
    "vsock://2:2048, vsock:2:2048",
    "unix:/run/a.sock, unix:/run/a.sock",
    "unix:///run/a.sock, unix:/run/a.sock",
    "tcp://host:80, tcp:host:80",
    "tcp:[::1]:80, tcp:[::1]:80",
    "hybrid:/run/v.sock:2048, hybrid:/run/v.sock:2048"
  })
  void address_isAnEndpoint_orVaccelsUrl(String text, String endpoint) {
    assertThat(AgentAddress.of(of(Settings.RPC_ADDRESS, text))).contains(Endpoint.parse(endpoint));
  }

  @ParameterizedTest
  @ValueSource(strings = {"vsock", "http://host:80", "unix://", "vsock://x:1", "tcp://host"})
  void badAddress_isNamed(String text) {
    VaccelException failure = failureOf(() -> AgentAddress.of(of(Settings.RPC_ADDRESS, text)));
    assertThat(failure.reason()).isEqualTo(Reason.ARGUMENT_INVALID);
    assertThat(failure).hasMessageStartingWith("VACCEL_RPC_ADDRESS is not an agent's endpoint: ");
  }

  @Test
  void numbers_areTakenInTheirRange() {
    ClientSettings settings = ClientSettings.of(of(ClientSettings.LEASE, "1500"));
    assertThat(settings.lease()).contains(Duration.ofMillis(1500));
    assertThat(settings.retries()).isEqualTo(2);
    assertThat(ClientSettings.of(of(ClientSettings.RETRIES, " 0 ")).retries()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    ClientSettings.RETRIES + ", -1",
    ClientSettings.RETRIES + ", many",
    ClientSettings.CONNECT_TIMEOUT + ", 0",
    ClientSettings.KEEP_ALIVE + ", 9999",
    ClientSettings.PROBE_INTERVAL + ", 10",
    ClientSettings.LEASE + ", 1e3",
    ClientSettings.MAX_RESULT + ", 9223372036854775808"
  })
  void badNumbers_areNamedWithTheirRange(String name, String value) {
    VaccelException failure = failureOf(() -> ClientSettings.of(of(name, value)));
    assertThat(failure.reason()).isEqualTo(Reason.ARGUMENT_INVALID);
    assertThat(failure)
        .hasMessageStartingWith(name + " must be a whole number from ")
        .hasMessageEndingWith(", not " + value);
  }

  @Test
  void tls_isOnWhenSet_andOffOtherwise() {
    assertThat(ClientSettings.of(new Settings(Map.of())).tls()).isEmpty();
    assertThat(ClientSettings.of(of(TlsVariables.AUTHORITIES, "/ca.pem")).tls())
        .contains(TlsSettings.trusting(Path.of("/ca.pem")));
    assertThat(
            ClientSettings.of(
                    new Settings(
                        Map.of(
                            TlsVariables.AUTHORITIES, "/ca.pem",
                            TlsVariables.CERTIFICATE, "/g.pem",
                            TlsVariables.KEY, "/g.key",
                            TlsVariables.SERVER_NAME, "agent")))
                .tls())
        .contains(
            TlsSettings.mutual(Path.of("/g.pem"), Path.of("/g.key"), Path.of("/ca.pem"))
                .withServerName("agent"));
  }

  @ParameterizedTest
  @ValueSource(strings = {TlsVariables.CERTIFICATE, TlsVariables.KEY})
  void certificateWithoutItsKey_isRefused(String name) {
    VaccelException failure = failureOf(() -> ClientSettings.of(of(name, "/file")));
    assertThat(failure.reason()).isEqualTo(Reason.ARGUMENT_INVALID);
    assertThat(failure).hasMessageContaining("go together");
  }

  private static Settings of(String name, String value) {
    return new Settings(Map.of(name, value));
  }
}
