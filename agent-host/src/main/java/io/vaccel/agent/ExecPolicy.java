package io.vaccel.agent;

import io.vaccel.Digest;
import io.vaccel.Exec;
import io.vaccel.ExecWithResource;
import io.vaccel.Policy;
import io.vaccel.Reason;
import io.vaccel.ResourceFile;
import io.vaccel.VaccelException;
import io.vaccel.transport.Peer;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which peers may have functions of which libraries called; immutable. Nobody may anything that is
 * not said here.
 *
 * @param libraries the allowed libraries by the operator's names
 * @param guests names of libraries by {@link Peer#owner}, or by {@link #EVERYBODY}
 */
public record ExecPolicy(Map<String, Digest> libraries, Map<String, Set<String>> guests) {
  /** Stands for all peers. */
  public static final String EVERYBODY = "*";

  /** Nobody may anything. */
  public static final ExecPolicy OFF = new ExecPolicy(Map.of(), Map.of());

  /**
   * Copies the maps.
   *
   * @throws IllegalArgumentException when a guest may use a library that is none
   */
  public ExecPolicy {
    libraries = Map.copyOf(libraries);
    guests = Map.copyOf(guests);
    for (Map.Entry<String, Set<String>> guest : guests.entrySet()) {
      for (String name : guest.getValue()) {
        if (!libraries.containsKey(name)) {
          throw new IllegalArgumentException(
              "guest " + guest.getKey() + " may use '" + name + "', but no library has this name");
        }
      }
    }
  }

  /** All peers may use all of these libraries; for tests and hosts with one owner. */
  public static ExecPolicy everybody(Map<String, Digest> libraries) {
    return new ExecPolicy(libraries, Map.of(EVERYBODY, libraries.keySet()));
  }

  /** What this peer may do. */
  Policy of(Peer peer) {
    Set<String> names =
        Stream.of(EVERYBODY, peer.owner())
            .flatMap(key -> guests.getOrDefault(key, Set.of()).stream())
            .collect(Collectors.toSet());
    Set<Digest> digests = names.stream().map(libraries::get).collect(Collectors.toSet());
    return (operation, input) -> {
      if (input instanceof Exec exec && !names.contains(exec.name())) {
        throw refused("library '" + exec.name() + "'");
      }
      if (input instanceof ExecWithResource exec) {
        for (ResourceFile file : exec.resource().content().files()) {
          if (!digests.contains(file.digest())) {
            throw refused("library '" + file.name() + "' with SHA-256 " + file.digest());
          }
        }
      }
    };
  }

  private static VaccelException refused(String library) {
    return new VaccelException(
        Reason.NOT_ALLOWED, library + " is not among those that this guest may use");
  }
}
