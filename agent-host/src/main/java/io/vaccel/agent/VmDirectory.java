package io.vaccel.agent;

import io.vaccel.transport.Endpoint;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A directory in which hybrid-vsock VMs come and go, and how to listen for each of them; immutable.
 *
 * @param directory where the VMs are; need not exist yet
 * @param port the vsock port that guests call
 * @param sockets where the VMMs' own sockets lie in it, see {@link #requirePattern}
 * @param most how many VMs are listened for
 * @param mode of the sockets that the agent makes, as in {@code rw-------}
 * @param owner whom they are given to; when empty, if the agent is root, whoever owns the VMM's
 *     socket
 * @param group their group, as {@code owner}
 */
record VmDirectory(
    Path directory,
    long port,
    List<String> sockets,
    int most,
    String mode,
    Optional<String> owner,
    Optional<String> group) {
  static final long DEFAULT_PORT = 2048;
  static final int DEFAULT_MOST = 256;
  private static final int MAX_DEPTH = 5;

  /** Firecracker and Cloud Hypervisor with a socket each, and Kata's layout. */
  static final List<String> DEFAULT_SOCKETS = List.of("*", "*/root/kata.hvsock");

  VmDirectory {
    directory = directory.toAbsolutePath().normalize();
    sockets = List.copyOf(sockets);
  }

  /** A directory with the default settings. */
  static VmDirectory of(Path directory) {
    return new VmDirectory(
        directory,
        DEFAULT_PORT,
        DEFAULT_SOCKETS,
        DEFAULT_MOST,
        "rw-------",
        Optional.empty(),
        Optional.empty());
  }

  /**
   * The text if it is a path below the directory, in which {@code *} stands for any part of a name.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  static String requirePattern(String pattern) {
    String[] segments = pattern.split("/", -1);
    for (String segment : segments) {
      if (segment.equals(".") || segment.equals("..") || !segment.matches("[A-Za-z0-9._@+*-]+")) {
        throw new IllegalArgumentException(
            "a pattern is names below the directory with * for any part, such as */v.sock");
      }
    }
    if (segments.length > MAX_DEPTH) {
      throw new IllegalArgumentException("a pattern has at most " + MAX_DEPTH + " names");
    }
    return pattern;
  }

  /** A vsock port. */
  static long port(String text) {
    return ((Endpoint.Vsock) Endpoint.parse("vsock:any:" + text)).port();
  }
}
