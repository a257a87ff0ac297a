package io.vaccel.agent;

import io.vaccel.transport.Endpoint;
import io.vaccel.transport.ServerSettings;
import io.vaccel.transport.TlsSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Where the agent listens, how, and for whom. Equal places need one listener, so the files of TLS
 * count as well: a renewed certificate makes another place.
 *
 * @param endpoint where
 * @param settings how
 * @param audience for whom
 * @param secrets a digest of what the files named in {@code settings} held when this was made
 */
record Place(Endpoint endpoint, ServerSettings settings, Audience audience, int secrets) {
  private static final List<String> LOOPBACK = List.of("127.0.0.1", "::1", "localhost");

  /** Who may call. */
  enum Audience {
    /** Guests, which are not trusted. */
    GUESTS,
    /** The operator, with reflection and channelz beside everything else. */
    OPERATOR
  }

  Place {
    Objects.requireNonNull(endpoint, "endpoint");
    Objects.requireNonNull(settings, "settings");
    Objects.requireNonNull(audience, "audience");
  }

  /** A place where guests call. */
  static Place guests(Endpoint endpoint, ServerSettings settings) {
    return new Place(endpoint, settings, Audience.GUESTS, secrets(settings));
  }

  /**
   * The place where the operator calls; never one that guests can reach.
   *
   * @throws IllegalArgumentException for an endpoint that others can reach
   */
  static Place operator(Endpoint endpoint) {
    boolean local =
        endpoint instanceof Endpoint.Unix
            || (endpoint instanceof Endpoint.Tcp tcp && LOOPBACK.contains(tcp.host()));
    if (!local) {
      throw new IllegalArgumentException(
          "the admin endpoint is for this host: unix, or tcp on " + LOOPBACK + ", not " + endpoint);
    }
    return new Place(endpoint, ServerSettings.defaults(), Audience.OPERATOR, 0);
  }

  private static int secrets(ServerSettings settings) {
    List<Path> files = new ArrayList<>();
    settings.tls().flatMap(TlsSettings::trustedAuthorities).ifPresent(files::add);
    settings
        .tls()
        .flatMap(TlsSettings::identity)
        .ifPresent(
            identity -> files.addAll(List.of(identity.certificates(), identity.privateKey())));
    return files.stream().map(Place::content).toList().hashCode();
  }

  /** What cannot be read is reported when a listener is made. */
  private static String content(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }
}
