package io.vaccel.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What SIGHUP makes of certificates that were renewed, well or badly. */
class TlsReloadIT {
  @TempDir Path directory;
  private Path config;
  private int port;

  @BeforeEach
  void configure() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    config =
        Files.writeString(
            directory.resolve("agent.yaml"),
            """
            listeners:
              - endpoint: tcp:127.0.0.1:%d
                tls: {certificate: %s, key: %s}
            """
                .formatted(port, certificate(), key()));
  }

  private Path certificate() {
    return directory.resolve("server.pem");
  }

  private Path key() {
    return directory.resolve("server.key");
  }

  private static X509Bundle issued() throws Exception {
    return new CertificateBuilder()
        .ecp256()
        .subject("CN=agent")
        .setIsCertificateAuthority(true)
        .buildSelfSigned();
  }

  private X509Bundle install(X509Bundle bundle) throws IOException {
    Files.writeString(certificate(), bundle.getCertificatePathPEM());
    Files.writeString(key(), bundle.getPrivateKeyPEM());
    return bundle;
  }

  /** Asserts that this is the certificate which a new connection is shown, and that TLS works. */
  private void assertShown(X509Bundle bundle) throws Exception {
    SSLContext trusting = SSLContext.getInstance("TLS");
    trusting.init(null, bundle.toTrustManagerFactory().getTrustManagers(), null);
    try (SSLSocket socket =
        (SSLSocket) trusting.getSocketFactory().createSocket("127.0.0.1", port)) {
      socket.startHandshake();
      assertThat(socket.getSession().getPeerCertificates()[0]).isEqualTo(bundle.getCertificate());
    }
  }

  private AgentProcess agent() throws IOException {
    AgentProcess agent =
        AgentProcess.start(
            "--config", config.toString(), "--state", directory.resolve("state").toString());
    agent.awaitLine("ready ");
    return agent;
  }

  private String checkConfig() throws Exception {
    try (AgentProcess check = AgentProcess.start("check-config", config.toString())) {
      int code = check.exitCode();
      return code + " " + String.join("\n", check.seen());
    }
  }

  @Test
  void renewedCertificate_isShownToNewConnections() throws Exception {
    X509Bundle first = install(issued());
    try (AgentProcess agent = agent()) {
      assertShown(first);
      X509Bundle second = install(issued());
      agent.hangUp();
      agent.awaitLine("configuration reloaded");
      assertShown(second);
      assertThat(checkConfig()).startsWith("0 ").contains("1 listeners");
    }
  }

  @Test
  void badRenewal_failsTheReload_andTheListenerWorksOn() throws Exception {
    X509Bundle first = install(issued());
    try (AgentProcess agent = agent()) {
      X509Bundle next = issued();
      String chain = next.getCertificatePathPEM();

      Files.writeString(certificate(), chain.substring(0, chain.length() / 2));
      assertKept(agent, first, "server.pem");

      Files.writeString(certificate(), chain);
      assertKept(agent, first, "server.key and ", "the key is not that of the certificate");

      Files.delete(key());
      assertKept(agent, first, "server.key");

      X509Bundle second = install(next);
      agent.hangUp();
      agent.awaitLine("configuration reloaded");
      assertShown(second);
    }
  }

  private void assertKept(AgentProcess agent, X509Bundle shown, String... why) throws Exception {
    agent.hangUp();
    agent.awaitLine("reload failed, the configuration stays as it was");
    assertThat(agent.seen().get(agent.seen().size() - 1))
        .contains("tcp:127.0.0.1:" + port)
        .contains(why);
    assertShown(shown);
    assertThat(checkConfig()).startsWith("1 ").contains(why);
  }
}
