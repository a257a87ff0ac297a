package io.vaccel.program.doctor;

import io.vaccel.transport.Availability;
import io.vaccel.transport.Endpoint;
import io.vaccel.transport.EventLoops;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/**
 * What a machine shows of its devices and modules, and which sockets a process can have on it.
 *
 * @param root {@code /}, or the directory that stands for it in a test
 * @param mayOpen whether this user may open a device
 * @param connects whether a client here can have a socket for an endpoint
 * @param listens whether a server here can
 */
public record Machine(
    Path root, Predicate<Path> mayOpen, Predicate<Endpoint> connects, Predicate<Endpoint> listens) {
  /** The machine that this is. */
  public static final Machine THIS =
      new Machine(
          Path.of("/"),
          path -> Files.isReadable(path) && Files.isWritable(path),
          endpoint -> isAvailable(Availability.toConnect(endpoint, EventLoops.shared())),
          endpoint -> isAvailable(Availability.toListen(endpoint, EventLoops.shared())));

  private static boolean isAvailable(Availability availability) {
    return availability instanceof Availability.Available;
  }

  Path device(String name) {
    return root.resolve("dev").resolve(name);
  }

  /** Whether a kernel module is there, loaded or built in. */
  boolean hasModule(String name) {
    // A built-in module has a directory in sysfs only if it has parameters.
    return Files.isDirectory(root.resolve("sys/module").resolve(name))
        || lines("proc/modules").stream().anyMatch(line -> line.startsWith(name + " "));
  }

  private List<String> lines(String file) {
    try {
      return Files.readAllLines(root.resolve(file));
    } catch (IOException e) {
      return List.of();
    }
  }
}
