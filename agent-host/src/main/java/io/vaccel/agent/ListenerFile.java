package io.vaccel.agent;

import io.vaccel.transport.Endpoint;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A path that has the form of a listener's, {@code SOCKET_PORT} beside a VMM's socket; a VMM's own
 * socket may be called so as well.
 *
 * @param socket the VMM's socket, if it is a listener's
 * @param port the vsock port that the listener is for, if it is one
 */
record ListenerFile(Path socket, long port) {
  /** As agents and others write a port: without zeros in front. */
  private static final Pattern FORM = Pattern.compile("(.+)_(0|[1-9][0-9]{0,9})");

  private static final long MAX_PORT = 0xffff_ffffL;

  /** The path read as a listener's; empty if it cannot be one. */
  static Optional<ListenerFile> of(Path path) {
    Matcher name = FORM.matcher(path.getFileName().toString());
    if (!name.matches() || Long.parseLong(name.group(2)) > MAX_PORT) {
      return Optional.empty();
    }
    return Optional.of(
        new ListenerFile(path.resolveSibling(name.group(1)), Long.parseLong(name.group(2))));
  }

  /** Whether one of these endpoints makes this very file. */
  boolean isOf(Collection<Endpoint> served) {
    return served.stream()
        .anyMatch(
            endpoint ->
                endpoint instanceof Endpoint.Hybrid vm
                    && vm.port() == port
                    && Path.of(vm.path()).equals(socket));
  }
}
