package io.vaccel.plugin.vsock;

import io.vaccel.Reason;
import io.vaccel.Settings;
import io.vaccel.VaccelException;
import io.vaccel.transport.TlsSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The variables of TLS, for an agent over TCP; one that is set switches it on. */
final class TlsVariables {
  static final String AUTHORITIES = "VACCEL_RPC_TLS_CA";
  static final String CERTIFICATE = "VACCEL_RPC_TLS_CERT";
  static final String KEY = "VACCEL_RPC_TLS_KEY";
  static final String SERVER_NAME = "VACCEL_RPC_TLS_SERVER_NAME";

  private TlsVariables() {}

  /**
   * What the environment says; empty for a connection without TLS.
   *
   * @throws VaccelException {@link Reason#ARGUMENT_INVALID} for a certificate without its key, or
   *     the other way round
   */
  static Optional<TlsSettings> read(Settings settings) {
    if (List.of(AUTHORITIES, CERTIFICATE, KEY, SERVER_NAME).stream()
        .allMatch(name -> settings.get(name).isEmpty())) {
      return Optional.empty();
    }
    Optional<Path> certificate = settings.get(CERTIFICATE).map(Path::of);
    Optional<Path> key = settings.get(KEY).map(Path::of);
    if (certificate.isPresent() != key.isPresent()) {
      throw new VaccelException(
          Reason.ARGUMENT_INVALID, CERTIFICATE + " and " + KEY + " go together: set both or none");
    }
    return Optional.of(
        new TlsSettings(
            certificate.map(file -> new TlsSettings.Identity(file, key.orElseThrow())),
            settings.get(AUTHORITIES).map(Path::of),
            settings.get(SERVER_NAME)));
  }

  /** Who shows a certificate to whom, for people. */
  static String describe(TlsSettings tls) {
    return (tls.identity().isPresent() ? "mutual" : "the agent shows a certificate")
        + tls.trustedAuthorities().map(file -> ", trusting " + file).orElse("")
        + tls.serverName().map(name -> ", as " + name).orElse("");
  }
}
