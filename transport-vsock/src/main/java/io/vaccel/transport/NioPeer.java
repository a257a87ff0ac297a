package io.vaccel.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/**
 * Asks the JDK who connected to a Unix socket. It tells names of users and groups, not their
 * numbers, and no pid; the numbers come from {@code /etc/passwd} and {@code /etc/group}. A peer
 * whose number cannot be learnt counts as unknown.
 */
final class NioPeer {
  private NioPeer() {}

  static Optional<Peer> of(Endpoint listener, SocketChannel child) {
    if (listener instanceof Endpoint.Hybrid hybrid) {
      return Optional.of(new Peer.Hybrid(hybrid.path()));
    }
    try {
      UnixDomainPrincipal principal = child.getOption(ExtendedSocketOptions.SO_PEERCRED);
      OptionalLong uid = number("/etc/passwd", principal.user().getName());
      OptionalLong gid = number("/etc/group", principal.group().getName());
      return uid.isPresent() && gid.isPresent()
          ? Optional.of(new Peer.Unix(uid.getAsLong(), gid.getAsLong(), 0))
          : Optional.empty();
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }

  /**
   * The third field of the line of {@code name}; the JDK itself writes an id without a name as a
   * number.
   */
  static OptionalLong number(String table, String name) throws IOException {
    if (name.matches("\\d{1,10}")) {
      return OptionalLong.of(Long.parseLong(name));
    }
    try (Stream<String> lines = Files.lines(Path.of(table), UTF_8)) {
      return lines
          .map(line -> line.split(":", 4))
          .filter(
              fields ->
                  fields.length > 3 && fields[0].equals(name) && fields[2].matches("\\d{1,10}"))
          .mapToLong(fields -> Long.parseLong(fields[2]))
          .findFirst();
    }
  }
}
