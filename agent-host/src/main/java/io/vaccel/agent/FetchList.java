package io.vaccel.agent;

import io.vaccel.Reason;
import io.vaccel.VaccelException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where the agent fetches content from when a guest names a URL: below these addresses and nowhere
 * else; immutable. Public because the configuration of an agent holds one.
 *
 * @param prefixes http or https URLs that end with a slash
 */
public record FetchList(List<URI> prefixes) {
  /** Nowhere. */
  public static final FetchList NOWHERE = new FetchList(List.of());

  private static final int MAX_URL_LENGTH = 2048;
  private static final Set<String> SCHEMES = Set.of("http", "https");

  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException for what is no http or https URL that ends with a slash
   */
  public FetchList {
    prefixes = List.copyOf(prefixes);
    prefixes.forEach(FetchList::requirePrefix);
  }

  /**
   * The URL of a directory.
   *
   * @throws IllegalArgumentException saying what it should be
   */
  static URI prefix(String text) {
    return requirePrefix(URI.create(text));
  }

  /** These places and more. */
  FetchList and(List<URI> more) {
    return new FetchList(Stream.concat(prefixes.stream(), more.stream()).toList());
  }

  private static URI requirePrefix(URI prefix) {
    String path = String.valueOf(prefix.getRawPath());
    if (!isPlain(prefix) || !path.endsWith("/") || prefix.getRawQuery() != null) {
      throw new IllegalArgumentException(
          "'" + prefix + "' is no http or https URL of a directory, which ends with a slash");
    }
    return prefix;
  }

  /**
   * The address, when it is below one of the prefixes and leads to no machine that only this host
   * can reach.
   *
   * @throws VaccelException {@link Reason#ARGUMENT_INVALID} when it is no plain URL, {@link
   *     Reason#NOT_ALLOWED} when the operator does not allow it
   */
  URI check(String url) {
    URI address = parse(url);
    URI prefix =
        prefixes.stream()
            .filter(candidate -> isBelow(address, candidate))
            .findFirst()
            .orElseThrow(
                () ->
                    refused(
                        prefixes.isEmpty()
                            ? "this agent fetches nothing"
                            : "this agent does not fetch from there"));
    requireReachableByAll(prefix);
    return address;
  }

  private static URI parse(String url) {
    try {
      URI address = new URI(url);
      if (url.length() <= MAX_URL_LENGTH && isPlain(address)) {
        return address;
      }
    } catch (URISyntaxException e) {
      // Answered below, like a URL of another kind.
    }
    throw VaccelException.ofField(
        "url",
        "is no http or https URL of at most "
            + MAX_URL_LENGTH
            + " characters without user, fragment, dot segments and escaped separators");
  }

  /** Nothing in it that one program may read otherwise than another. */
  private static boolean isPlain(URI address) {
    String path = String.valueOf(address.getRawPath()).toLowerCase(Locale.ROOT);
    return address.getScheme() != null
        && SCHEMES.contains(address.getScheme().toLowerCase(Locale.ROOT))
        && address.getHost() != null
        && address.getRawUserInfo() == null
        && address.getRawFragment() == null
        && address.normalize().equals(address)
        && !path.contains("%2e")
        && !path.contains("%2f")
        && !path.contains("%5c")
        && !path.contains("..");
  }

  private static boolean isBelow(URI address, URI prefix) {
    return address.getScheme().equalsIgnoreCase(prefix.getScheme())
        && address.getHost().equalsIgnoreCase(prefix.getHost())
        && address.getPort() == prefix.getPort()
        && address.getRawPath().startsWith(prefix.getRawPath());
  }

  /**
   * A name that leads to a private address was given that address by somebody else than the
   * operator; an address that the operator wrote down is meant.
   */
  private static void requireReachableByAll(URI prefix) {
    String host = prefix.getHost();
    if (host.matches("[0-9.]+") || host.startsWith("[")) {
      return;
    }
    try {
      for (InetAddress found : InetAddress.getAllByName(host)) {
        byte[] bytes = found.getAddress();
        boolean uniqueLocal = bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc;
        boolean shared = bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xc0) == 64;
        if (found.isLoopbackAddress()
            || found.isAnyLocalAddress()
            || found.isLinkLocalAddress()
            || found.isSiteLocalAddress()
            || found.isMulticastAddress()
            || uniqueLocal
            || shared) {
          throw refused("the server's name leads to a private address");
        }
      }
    } catch (UnknownHostException e) {
      throw new VaccelException(Reason.CONTENT_MISSING, "the server's name is not known", e);
    }
  }

  private static VaccelException refused(String why) {
    return new VaccelException(Reason.NOT_ALLOWED, why);
  }
}
