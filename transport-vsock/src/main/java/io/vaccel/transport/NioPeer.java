package io.vaccel.transport;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.Optional;
import java.util.OptionalLong;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/**
 * Asks the JDK who connected to a Unix socket. It tells users and groups, not their numbers, and no
 * pid. A peer whose numbers cannot be learnt counts as unknown.
 */
final class NioPeer {
  private static final UserPrincipalLookupService NAMES =
      FileSystems.getDefault().getUserPrincipalLookupService();

  /** Finds the user or group of a name, or of a number that is nobody's name. */
  private interface Lookup {
    UserPrincipal find(String name) throws IOException;
  }

  private NioPeer() {}

  static Optional<Peer> of(Endpoint listener, SocketChannel child) {
    if (listener instanceof Endpoint.Hybrid hybrid) {
      return Optional.of(new Peer.Hybrid(hybrid.path()));
    }
    try {
      UnixDomainPrincipal principal = child.getOption(ExtendedSocketOptions.SO_PEERCRED);
      OptionalLong uid = uid(principal.user());
      OptionalLong gid = gid(principal.group());
      return uid.isPresent() && gid.isPresent()
          ? Optional.of(new Peer.Unix(uid.getAsLong(), gid.getAsLong(), 0))
          : Optional.empty();
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }

  /** The number of a user. */
  static OptionalLong uid(UserPrincipal user) {
    return number(user, NAMES::lookupPrincipalByName);
  }

  /** The number of a group. */
  static OptionalLong gid(UserPrincipal group) {
    return number(group, NAMES::lookupPrincipalByGroupName);
  }

  /**
   * The JDK's users and groups are equal when their numbers are, and their hash is the number. The
   * latter is written nowhere, so it is taken for a guess: it counts only if the JDK finds that the
   * one of that number is the same. No name is looked at: they may come from LDAP as well as from
   * {@code /etc/passwd}.
   */
  private static OptionalLong number(UserPrincipal principal, Lookup lookup) {
    int guess = principal.hashCode();
    try {
      return lookup.find(Integer.toString(guess)).equals(principal)
          ? OptionalLong.of(Integer.toUnsignedLong(guess))
          : OptionalLong.empty();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}
