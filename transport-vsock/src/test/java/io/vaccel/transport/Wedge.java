package io.vaccel.transport;

import io.netty.channel.epoll.LinuxSocket;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Does to a listening Unix socket of this process what a kernel with a fault does: everybody is
 * refused, while the file is there and the process still has the socket open.
 */
public final class Wedge {
  private static final Path SELF = Path.of("/proc/self");

  private Wedge() {}

  /** The socket that listens at this path. */
  public static void listener(Path path) throws IOException {
    LinuxSocket.newSocket(descriptor("socket:[" + inode(path) + "]")).shutdown();
  }

  /** The last but one field of its line in /proc/net/unix; see proc(5). */
  private static String inode(Path path) throws IOException {
    return Files.readAllLines(SELF.resolve("net/unix")).stream()
        .map(line -> line.trim().split(" +"))
        .filter(fields -> fields.length == 8 && fields[7].equals(path.toString()))
        .filter(fields -> fields[3].equals("00010000")) // It listens.
        .findFirst()
        .orElseThrow(() -> new AssertionError("nobody listens at " + path))[6];
  }

  private static int descriptor(String target) throws IOException {
    try (DirectoryStream<Path> open = Files.newDirectoryStream(SELF.resolve("fd"))) {
      for (Path descriptor : open) {
        if (Files.isSymbolicLink(descriptor)
            && Files.readSymbolicLink(descriptor).toString().equals(target)) {
          return Integer.parseInt(descriptor.getFileName().toString());
        }
      }
    }
    throw new AssertionError("this process does not have " + target);
  }
}
