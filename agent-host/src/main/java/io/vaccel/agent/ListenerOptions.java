package io.vaccel.agent;

import io.vaccel.transport.Endpoint;
import io.vaccel.transport.ServerSettings;
import io.vaccel.transport.TlsSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say how listeners are made. */
final class ListenerOptions {
  @Option(
      names = "--socket-mode",
      paramLabel = "MODE",
      defaultValue = "rw-------",
      description = "Mode of the files of unix and hybrid sockets (default: ${DEFAULT-VALUE}).")
  private String socketMode;

  @Option(
      names = "--allow-cid",
      paramLabel = "CID",
      description =
          "Let the reserved CID 0, 1 or 2 in on vsock listeners; 1 is any process of this host.")
  private List<Long> allowedCids = new ArrayList<>();

  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description = "Certificate chain (PEM) of tcp listeners; needs --tls-key.")
  private Optional<Path> certificate = Optional.empty();

  @Option(names = "--tls-key", paramLabel = "FILE", description = "Its private key (PEM, PKCS#8).")
  private Optional<Path> key = Optional.empty();

  @Option(
      names = "--tls-ca",
      paramLabel = "FILE",
      description = "Ask tcp clients for a certificate that one of these authorities signed (PEM).")
  private Optional<Path> authorities = Optional.empty();

  /**
   * The settings for one listener.
   *
   * @throws IllegalArgumentException when the options contradict each other
   */
  ServerSettings settings(Endpoint endpoint) {
    ServerSettings.Builder settings = ServerSettings.builder().socketMode(socketMode);
    if (!allowedCids.isEmpty()) {
      settings.allowedReservedCids(java.util.Set.copyOf(allowedCids));
    }
    if (certificate.isPresent() != key.isPresent()
        || (authorities.isPresent() && certificate.isEmpty())) {
      throw new IllegalArgumentException(
          "--tls-cert and --tls-key go together, and --tls-ca needs both");
    }
    if (certificate.isPresent() && endpoint instanceof Endpoint.Tcp) {
      settings.tls(
          authorities
              .map(trusted -> TlsSettings.mutual(certificate.get(), key.get(), trusted))
              .orElseGet(() -> TlsSettings.identity(certificate.get(), key.get())));
    }
    return settings.build();
  }
}
