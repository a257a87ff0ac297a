package io.vaccel.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vaccel.Settings;
import io.vaccel.transport.Endpoint;
import io.vaccel.transport.Peer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest {
  @TempDir Path directory;

  private AgentConfig read(String text) throws IOException {
    return ConfigFile.read(Files.writeString(directory.resolve("agent.yaml"), text));
  }

  @Test
  void exampleOfTheDocumentation_isRead() throws IOException {
    String example =
        Files.readString(Path.of("../docs/AGENT-CONFIG.md"))
            .lines()
            .dropWhile(line -> !line.contains("A ready example"))
            .takeWhile(line -> !line.startsWith("## "))
            .map(line -> line.isEmpty() ? line : line.substring(4))
            .collect(Collectors.joining("\n"));

    AgentConfig config = read(example);

    assertThat(config.places().stream().map(place -> place.endpoint().toString()))
        .containsExactly(
            "vsock:any:2048",
            "hybrid:/run/vm1/v.sock:2048",
            "unix:/run/vaccel/agent.sock",
            "tcp:127.0.0.1:4433",
            "unix:/run/vaccel/admin.sock");
    assertThat(config.places().get(0).settings().socketBufferBytes()).isEqualTo(1 << 20);
    assertThat(config.places().get(1).settings().socketMode()).isEqualTo("rw-rw----");
    assertThat(config.places().get(1).settings().socketGroup()).contains("kvm");
    assertThat(config.places().get(2).settings().limits().maxConnectionsPerOwner()).isEqualTo(10);
    assertThat(config.places().get(2).settings().limits().handshakeTimeout())
        .isEqualTo(Duration.ofSeconds(20));
    assertThat(config.places().get(3).settings().tls()).isPresent();
    assertThat(config.places().get(4).audience()).isEqualTo(Place.Audience.OPERATOR);
    assertThat(config.vms()).hasSize(2);
    assertThat(config.vms().get(0).most()).isEqualTo(100);
    assertThat(config.guests().shown(new Peer.Vsock(3, 1))).isEqualTo("web-1 (vsock cid 3)");
    assertThat(config.limits())
        .containsEntry(Limit.SESSIONS_PER_PEER, 8L)
        .containsEntry(Limit.BUFFER_BYTES, 4L << 30)
        .containsEntry(Limit.LEASE, 90_000L);
    assertThat(config.plugins()).contains(List.of("image", "onnx", "reference"));
    assertThat(config.state()).contains(Path.of("/var/lib/vaccel"));
    assertThat(config.watchdog()).isEqualTo(Duration.ofSeconds(5));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "listeners:\\n  - endpoint: unix:/a\\n    modes: x|:3: 'modes' is unknown in an entry of 'listeners'",
        "a: 1|:1: 'a' is unknown in the file; known: admin, exec, fetch-from, guests",
        "state: /a\\nstate: /b|:2: 'state' stands twice in the file",
        "listeners: unix:/a|:1: 'listeners' must be a list",
        "listeners:\\n  - unix:/a|:2: an entry of 'listeners' must be keys with values",
        "listeners:\\n  - mode: rw-------|:2: an entry of 'listeners' needs 'endpoint'",
        "listeners:\\n  - endpoint: vsock:x:1|:2: 'endpoint': endpoint \"vsock:x:1\": CID",
        "listeners:\\n  - endpoint: unix:/a\\n  - endpoint: unix:/a|:3: two listeners are at unix:/a",
        "listeners:\\n  - endpoint: unix:/a\\n    mode: 0999|:3: 'mode': write a file mode",
        "listeners:\\n  - endpoint: unix:/a\\n    tls: {key: a, certificate: b}|TLS is for tcp endpoints",
        "listeners:\\n  - endpoint: tcp:a:1\\n    tls: {key: a}|:3: 'tls' needs 'certificate'",
        "listeners:\\n  - endpoint: vsock:any:1\\n    allow-cids: [3]|:3: 'allow-cids': only the reserved",
        "listeners:\\n  - endpoint: unix:/a\\n    backlog: 3000000000|:3: 'backlog': the value is too large",
        "admin: vsock:any:1|:1: 'admin': the admin endpoint is for this host",
        "limits: {nothing: 1}|:1: 'nothing': no limit is named 'nothing'",
        "limits: {lease: soon}|:1: 'lease': lease is 'soon', but must be a time",
        "guests: [{name: a b, peer: 'vsock:3'}]|:1: 'name': a guest's name",
        "guests: [{name: a, peer: vsock}]|:1: 'peer': a peer is vsock:CID",
        "guests: [{name: a, peer: 'vsock:3'}, {name: a, peer: 'vsock:4'}]|two guests are called a",
        "guests: [{name: a, peer: 'vsock:3'}, {name: b, peer: 'vsock:3'}]|two guests are vsock:3",
        "vms: [{directory: /a, sockets: ['../*']}]|:1: 'sockets': a pattern is names",
        "vms: [{directory: /a, port: 4294967296}]|:1: 'port':",
        "fetch-from: [ftp://a/]|:1: 'fetch-from': 'ftp://a/' is no http or https URL",
        "fetch-from: [https://a/b]|which ends with a slash",
        "fetch-from: ['https://a b/']|:1: 'fetch-from':",
        "exec: {libraries: [{name: a b, sha256: x}]}|:1: 'name': a library's name has",
        "exec: {libraries: [{name: a, sha256: x}]}|:1: 'sha256':",
        "exec: {libraries: [{name: a}]}|needs 'sha256'",
        "exec: {allow: [{guest: '*', libraries: [a]}]}|:1: 'libraries': no library is named 'a'",
        "exec: {allow: [{guest: web-1}]}|:1: 'guest': there is no guest 'web-1'",
        "watchdog: 0s|:1: 'watchdog': the value must be positive",
        "exec: {on: yes}|'on' is unknown in 'exec'; known: allow, libraries",
        "state: [a]|:1: 'state' must be one value",
        "state:|:1: 'state' must be one value",
        "a: &x 1\\nb: *x|known:",
        "state: \"open|agent.yaml:",
        "{}\\n---\\n{}|holds 2 documents",
      })
  void mistake_isNamedWithItsLine(String text, String message) {
    assertThatThrownBy(() -> read(text.replace("\\n", "\n")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message)
        .hasMessageStartingWith(directory.resolve("agent.yaml").toString())
        .message()
        .doesNotContain("\n");
  }

  @Test
  void emptyFile_isNoConfiguration() {
    assertThatThrownBy(() -> read("")).hasMessageContaining("holds 0 documents");
  }

  @Test
  void manyAliases_areRefused() {
    assertThatThrownBy(() -> read("guests: &a [{name: x, peer: 'unix:0'}]\nvms: *a"))
        .isInstanceOf(ConfigException.class);
  }

  @Test
  void missingFile_isNamed() {
    assertThatThrownBy(() -> ConfigFile.read(directory.resolve("none.yaml")))
        .hasMessage(directory.resolve("none.yaml") + ": there is no such file");
  }

  @Test
  void exec_isAllowedByName() throws IOException {
    String digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    AgentConfig config =
        read(
            """
            exec:
              libraries:
                - {name: vadd, sha256: %s, path: /usr/lib/vadd.so}
                - {name: brought, sha256: %s}
              allow:
                - {guest: web-1, libraries: [vadd]}
                - {guest: "vsock:3", libraries: [brought]}
                - {guest: "*", libraries: [brought]}
            guests: [{name: web-1, peer: "vsock:3"}]
            """
                .formatted(digest, digest));
    assertThat(config.exec().policy(config.guests()).guests())
        .isEqualTo(Map.of("vsock:3", Set.of("vadd", "brought"), "*", Set.of("brought")));
    assertThat(config.exec().settings(new Settings(Map.of())).get("VACCEL_EXEC_LIBRARIES"))
        .contains("brought=" + digest + " vadd=" + digest + ":/usr/lib/vadd.so");
    assertThat(AgentConfig.none().needsRestart(config)).containsExactly("libraries of exec");
  }

  @Test
  void optionsAndFile_addUp() throws IOException {
    AgentConfig config =
        read("fetch-from: ['https://models.example.org/']")
            .allowing(ExecRules.none(), List.of(URI.create("http://127.0.0.1:1/a/")));
    assertThat(config.fetch().prefixes())
        .containsExactly(
            URI.create("https://models.example.org/"), URI.create("http://127.0.0.1:1/a/"));
  }

  @Test
  void reservedCidWithAName_isLetInOnVsockListeners() throws IOException {
    AgentConfig config =
        read(
            "listeners: [{endpoint: 'vsock:any:1'}, {endpoint: 'unix:/a'}]\n"
                + "guests: [{name: self, peer: 'vsock:1'}, {name: web, peer: 'vsock:7'}]");
    assertThat(config.places().get(0).settings().allowedReservedCids())
        .isEqualTo(Set.of(Endpoint.CID_LOCAL));
    assertThat(config.places().get(1).settings().allowedReservedCids()).isEmpty();
  }
}
