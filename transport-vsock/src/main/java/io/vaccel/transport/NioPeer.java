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
 *
 * <p>The JDK looks the names of user and group up for each connection (getpwuid_r and getgrgid_r in
 * SO_PEERCRED), in the thread that accepts: it waits for whatever {@code nsswitch.conf} names, LDAP
 * perhaps, and there is no way to get the numbers alone.
 */
final class NioPeer {
  private static final UserPrincipalLookupService NAMES =
      FileSystems.getDefault().getUserPrincipalLookupService();

  private static final PrincipalNumbers USERS = new PrincipalNumbers(NAMES::lookupPrincipalByName);
  private static final PrincipalNumbers GROUPS =
      new PrincipalNumbers(NAMES::lookupPrincipalByGroupName);

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
    return USERS.of(user);
  }

  /** The number of a group. */
  static OptionalLong gid(UserPrincipal group) {
    return GROUPS.of(group);
  }
}
