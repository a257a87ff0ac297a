package io.vaccel.agent;

import io.vaccel.transport.Endpoint;
import io.vaccel.transport.ServerSettings;
import io.vaccel.transport.TlsSettings;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/** The options that say how listeners are made. */
final class ListenerOptions {
  @Option(
      names = "--socket-mode",
      paramLabel = "MODE",
      defaultValue = "rw-------",
      description =
          "Mode of the files of unix and hybrid sockets, rw-rw---- or 0660 (default:"
              + " ${DEFAULT-VALUE}).")
  private String socketMode;

  @Option(
      names = "--socket-owner",
      paramLabel = "USER",
      description = "Give the files of unix and hybrid sockets to this user; takes root.")
  private Optional<String> socketOwner = Optional.empty();

  @Option(
      names = "--socket-group",
      paramLabel = "GROUP",
      description = "Give them to this group, for instance the VMM's.")
  private Optional<String> socketGroup = Optional.empty();

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
   * @param guests reserved CIDs that have a name are let in
   * @throws IllegalArgumentException when the options contradict each other
   */
  ServerSettings settings(Endpoint endpoint, GuestNames guests) {
    ServerSettings.Builder settings = ServerSettings.builder().socketMode(mode(socketMode));
    socketOwner.ifPresent(settings::socketOwner);
    socketGroup.ifPresent(settings::socketGroup);
    if (endpoint instanceof Endpoint.Vsock) {
      Set<Long> allowed = new HashSet<>(allowedCids);
      allowed.addAll(guests.reservedCids());
      settings.allowedReservedCids(allowed);
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

  /** A directory of VMs, whose sockets are as these options say. */
  VmDirectory vms(Path directory, long port) {
    return new VmDirectory(
        directory,
        port,
        VmDirectory.DEFAULT_SOCKETS,
        VmDirectory.DEFAULT_MOST,
        mode(socketMode),
        socketOwner,
        socketGroup);
  }

  /**
   * A file mode, from {@code rw-rw----} or {@code 0660}.
   *
   * @throws IllegalArgumentException saying what the form is
   */
  static String mode(String text) {
    if (text.matches("0?[0-7]{3}")) {
      Set<PosixFilePermission> bits = EnumSet.noneOf(PosixFilePermission.class);
      int number = Integer.parseInt(text, 8);
      PosixFilePermission[] all = PosixFilePermission.values(); // From r-------- to --------x.
      for (int i = 0; i < all.length; i++) {
        if ((number & (1 << (all.length - 1 - i))) != 0) {
          bits.add(all[i]);
        }
      }
      return PosixFilePermissions.toString(bits);
    }
    if (!text.matches("([r-][w-][x-]){3}")) {
      throw new IllegalArgumentException("write a file mode as rw-rw---- or 0660");
    }
    return text;
  }
}
