package io.vaccel.transport;

import java.io.IOException;
import java.nio.file.attribute.UserPrincipal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The numbers of the JDK's users, or of its groups, of which it shows the names only. Thread-safe.
 *
 * <p>They are equal when their numbers are, and their hash is the number. The latter is written
 * nowhere, so it is taken for a guess: it counts only if the JDK finds that the one of that number
 * is the same. To find out, the JDK asks whatever {@code nsswitch.conf} names, LDAP perhaps,
 * whether a user is called so; so what is found is kept.
 */
final class PrincipalNumbers {
  /** As many different users at a listener are more than there will be. */
  private static final int MAX_KEPT = 1_024;

  /** Finds the user or group of a name, or of a number that is nobody's name. */
  interface Lookup {
    UserPrincipal find(String name) throws IOException;
  }

  private final Lookup lookup;
  private final Map<UserPrincipal, Long> kept =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UserPrincipal, Long> eldest) {
          return size() > MAX_KEPT;
        }
      };

  PrincipalNumbers(Lookup lookup) {
    this.lookup = lookup;
  }

  /** The number; empty if it cannot be learnt now. May wait for what the JDK asks. */
  synchronized OptionalLong of(UserPrincipal principal) {
    Long known = kept.get(principal);
    if (known != null) {
      return OptionalLong.of(known);
    }
    int guess = principal.hashCode();
    try {
      if (!lookup.find(Integer.toString(guess)).equals(principal)) {
        return OptionalLong.empty();
      }
    } catch (IOException e) {
      return OptionalLong.empty();
    }
    kept.put(principal, Integer.toUnsignedLong(guess));
    return OptionalLong.of(Integer.toUnsignedLong(guess));
  }
}
