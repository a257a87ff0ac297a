package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.transport.Certificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both programs over TCP with mutual TLS, as docs/TLS.md says. */
final class MutualTlsIT {
  @TempDir static Path directory;

  private static RunningAgent agent;
  private static Path keys;
  private static String endpoint;

  @BeforeAll
  static void startAgent() throws Exception {
    keys = Files.createDirectory(directory.resolve("keys"));
    Certificates.in(keys);
    Path config =
        Files.writeString(
            directory.resolve("agent.yaml"),
            """
            listeners:
              - endpoint: tcp:127.0.0.1:0
                handshake-timeout: 2m
                tls: {certificate: %1$s/server.pem, key: %1$s/server.key, authorities: %1$s/ca.pem}
            """
                .formatted(keys));
    agent =
        RunningAgent.start(
            directory, "unix:" + directory.resolve("agent.sock"), "--config", config.toString());
    endpoint = agent.log().replaceAll("(?s).*endpoint=(tcp:127.0.0.1:\\d+).*", "$1");
    warmUp();
  }

  /** The first handshake loads the JDK's TLS, for which a busy machine may need its 10 seconds. */
  private static void warmUp() {
    for (int tries = 0; tries < 5; tries++) {
      if (guest(identified(), "info").status() == 0) {
        return;
      }
    }
  }

  @AfterAll
  static void stopAgent() {
    assertThat(agent.stop()).isZero();
  }

  private static Map<String, String> trusting(Path authorities) {
    return new HashMap<>(
        Map.of(
            "VACCEL_RPC_ADDRESS",
            endpoint,
            "VACCEL_PLUGINS",
            "vsock",
            "VACCEL_RPC_TLS_CA",
            authorities.toString()));
  }

  private static Map<String, String> identified() {
    Map<String, String> environment = trusting(keys.resolve("ca.pem"));
    environment.put("VACCEL_RPC_TLS_CERT", keys.resolve("client.pem").toString());
    environment.put("VACCEL_RPC_TLS_KEY", keys.resolve("client.key").toString());
    return environment;
  }

  private static Programs.Finished guest(Map<String, String> environment, Object... arguments) {
    Object[] command = new Object[arguments.length + 1];
    command[0] = Programs.GUEST;
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    return Programs.run(directory, environment, command);
  }

  private static Programs.Finished classifying(Map<String, String> environment) {
    Path photo = Programs.PHOTOS.resolve("coffee.jpg");
    return guest(environment, "classify", "--model", Programs.MODEL, photo);
  }

  @Test
  void guestWithACertificate_classifies_andIsKnownByItsSubject() {
    Programs.Finished classified = classifying(identified());
    assertThat(classified.status()).as(classified.err()).isZero();
    assertThat(classified.out()).contains("espresso");

    Programs.Finished info = guest(identified(), "info");
    assertThat(info.status()).as(info.err()).isZero();
    assertThat(info.out()).contains("CN=guest-7,O=Tests", "mutual, trusting " + keys);

    assertThat(guest(identified(), "doctor").status()).isZero();
  }

  @Test
  void guestWithoutACertificate_isRefused() {
    assertRefused(trusting(keys.resolve("ca.pem")), endpoint);
  }

  @Test
  void guestThatIsRefused_doesItItself_whereItHasTheBackends() {
    Map<String, String> environment = trusting(keys.resolve("ca.pem"));
    environment.put("VACCEL_PLUGINS", "vsock:image:onnx");
    Programs.Finished done = classifying(environment);
    assertThat(done.status()).as(done.err()).isZero();
    assertThat(done.out()).contains("espresso", "here, plugin onnx, CPU");
  }

  @Test
  void agentOfAnotherAuthority_isNotTrusted() throws Exception {
    Path others = Files.createDirectories(directory.resolve("others"));
    Certificates.in(others);
    assertRefused(trusting(others.resolve("ca.pem")), "TLS with " + endpoint + " failed: ");
  }

  @Test
  void guestWithoutTls_isRefused() {
    Map<String, String> plain = trusting(keys);
    plain.remove("VACCEL_RPC_TLS_CA");
    assertRefused(plain, endpoint);
  }

  @Test
  void filesThatCannotBeUsed_orAnEndpointWithoutTls_areNamed() {
    assertRefused(trusting(keys.resolve("none.pem")), "none.pem");
    Map<String, String> unix = identified();
    unix.put("VACCEL_RPC_ADDRESS", "unix:" + directory.resolve("a.sock"));
    assertRefused(unix, "TLS is for tcp endpoints");
  }

  private static void assertRefused(Map<String, String> environment, String why) {
    Programs.Finished ended = classifying(environment);
    assertThat(ended.status()).as(ended.err()).isEqualTo(1);
    assertThat(ended.err()).contains(why).doesNotContain("\tat ");
  }
}
