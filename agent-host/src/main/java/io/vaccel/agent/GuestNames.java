package io.vaccel.agent;

import io.vaccel.transport.Endpoint;
import io.vaccel.transport.Peer;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * What the operator calls the guests: a name for each {@link Peer#owner()}, for logs and for the
 * guest itself. It only names what the kernel vouches for; immutable.
 *
 * @param byOwner name by owner, such as {@code web-1} by {@code vsock:3}
 */
record GuestNames(Map<String, String> byOwner) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Pattern OWNER =
      Pattern.compile("vsock:(0|[1-9]\\d{0,9})|hybrid:/.+|unix:(0|[1-9]\\d{0,9})|tls:.+|tcp:.+");

  GuestNames {
    byOwner = Map.copyOf(byOwner);
  }

  static GuestNames none() {
    return new GuestNames(Map.of());
  }

  /**
   * The name if it can stand in a log line.
   *
   * @throws IllegalArgumentException saying what it may consist of
   */
  static String requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a guest's name has at most 64 letters, digits and . _ -, and begins with a letter or digit");
    }
    return name;
  }

  /**
   * The text if an owner can look like that.
   *
   * @throws IllegalArgumentException saying what an owner looks like
   */
  static String requireOwner(String owner) {
    if (!OWNER.matcher(owner).matches() || owner.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "a peer is vsock:CID, hybrid:PATH, unix:UID, tls:SUBJECT or tcp:ADDRESS");
    }
    return owner;
  }

  /** The owner that has this name. */
  Optional<String> owner(String name) {
    return byOwner.entrySet().stream()
        .filter(entry -> entry.getValue().equals(name))
        .map(Map.Entry::getKey)
        .findAny();
  }

  /** The peer with its name, in one line. */
  String shown(Peer peer) {
    return shown(peer.owner(), peer.toString());
  }

  /** The peer with its name, where it is to be called {@code text}. */
  String shown(String owner, String text) {
    return Optional.ofNullable(byOwner.get(owner))
        .map(name -> name + " (" + text + ")")
        .orElse(text);
  }

  /** Which of the CIDs that are no guests the operator has named all the same. */
  Set<Long> reservedCids() {
    return LongStream.rangeClosed(Endpoint.CID_HYPERVISOR, Endpoint.CID_HOST)
        .filter(cid -> byOwner.containsKey("vsock:" + cid))
        .boxed()
        .collect(Collectors.toSet());
  }
}
