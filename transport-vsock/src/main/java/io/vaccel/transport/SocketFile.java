package io.vaccel.transport;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Optional;
import java.util.Set;

/**
 * The file of a listening Unix socket: makes way for it, sets its mode, and removes it at the end
 * if it is still ours.
 *
 * <p>A file left behind by a server that is gone is removed only when it is a socket of our own
 * user, or of the one whom it is to be given to, and nobody accepts on it; anything else is left
 * alone and reported. Used by one thread.
 */
final class SocketFile {
  /** Belongs to the user of this process, on Linux; elsewhere nobody's sockets are told apart. */
  private static final Path SELF = Path.of("/proc/self");

  private final Path path;
  private Optional<Object> inode = Optional.empty();

  private SocketFile(Path path) {
    this.path = path;
  }

  /**
   * Makes sure that a socket can be bound to {@code path}.
   *
   * @throws BindException if somebody listens there, or something that is no socket is in the way
   */
  static SocketFile claim(String path, ServerSettings settings) throws IOException {
    SocketFile file = new SocketFile(Path.of(path));
    Path folder = file.path.toAbsolutePath().getParent();
    if (!Files.isDirectory(folder)) {
      throw new BindException("there is no folder " + folder);
    }
    Optional<BasicFileAttributes> present = file.attributes();
    if (present.isPresent()) {
      if (!present.get().isOther()) {
        throw new BindException(path + " exists and is no socket; it is left alone");
      }
      if (somebodyAccepts(path)) {
        throw new BindException("address in use: a server already listens on " + path);
      }
      if (!file.isOurs(settings)) {
        throw new BindException(path + " is a socket of another user; it is left alone");
      }
      Files.deleteIfExists(file.path);
    }
    return file;
  }

  private boolean isOurs(ServerSettings settings) throws IOException {
    UserPrincipal owner = Files.getOwner(path, LinkOption.NOFOLLOW_LINKS);
    if (!Files.exists(SELF) || owner.equals(Files.getOwner(SELF))) {
      return true;
    }
    return settings.socketOwner().isPresent() && owner.equals(user(settings.socketOwner().get()));
  }

  private UserPrincipal user(String name) throws IOException {
    try {
      return path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(name);
    } catch (UserPrincipalNotFoundException e) {
      throw nobody(name);
    }
  }

  private GroupPrincipal group(String name) throws IOException {
    try {
      return path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(name);
    } catch (UserPrincipalNotFoundException e) {
      throw nobody(name);
    }
  }

  /** Java 25's exception does not say who was not found. */
  private static BindException nobody(String name) {
    return new BindException("there is no user or group " + EndpointText.printable(name));
  }

  /**
   * Only a refused connect proves that nobody is there: a full queue or missing permission does
   * not.
   */
  private static boolean somebodyAccepts(String path) {
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      // Non-blocking: with a full queue a blocking connect would wait for the other server to
      // accept.
      probe.configureBlocking(false);
      probe.connect(UnixDomainSocketAddress.of(path));
      return true;
    } catch (IOException e) {
      return !(e instanceof ConnectException);
    }
  }

  /**
   * Gives a socket that is not bound yet its file's mode, unix(7): the file has it from the
   * beginning then, but for what this process's umask takes away, and no path is followed.
   */
  static void setModeOf(int descriptor, ServerSettings settings) {
    try {
      Files.setPosixFilePermissions(
          Path.of("/proc/self/fd/" + descriptor),
          PosixFilePermissions.fromString(settings.socketMode()));
    } catch (IOException e) {
      // There is no /proc; bound() finds what the mode is.
    }
  }

  /**
   * Notes the file just bound, and sets whose it is and, where it is another one, its mode.
   *
   * @throws BindException if it was replaced by something that is no socket, which is left alone:
   *     whoever may write into the folder could lead us to any file
   */
  void bound(ServerSettings settings) throws IOException {
    BasicFileAttributes bound =
        attributes()
            .filter(BasicFileAttributes::isOther)
            .orElseThrow(() -> new BindException(path + " was replaced while it was made"));
    inode = Optional.ofNullable(bound.fileKey());
    PosixFileAttributeView view =
        Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    try {
      if (settings.socketGroup().isPresent()) {
        view.setGroup(group(settings.socketGroup().get()));
      }
      if (settings.socketOwner().isPresent()) {
        view.setOwner(user(settings.socketOwner().get()));
      }
    } catch (FileSystemException e) {
      throw new BindException(
          "cannot give %s to %s:%s: %s"
              .formatted(
                  path,
                  settings.socketOwner().orElse(""),
                  settings.socketGroup().orElse(""),
                  e.getReason()));
    }
    Set<PosixFilePermission> mode = PosixFilePermissions.fromString(settings.socketMode());
    if (!view.readAttributes().permissions().equals(mode)) {
      // The JDK has no chmod that follows no link; the check leaves an instant for another file.
      requireOwn();
      Files.setPosixFilePermissions(path, mode);
    }
  }

  /**
   * Called when the socket listens. Two servers that start in the same instant may both find the
   * path free, since nobody accepts before the listen; the one whose file was replaced learns it
   * here.
   */
  void requireOwn() throws IOException {
    if (!isOwn()) {
      throw new BindException("address in use: another server has just taken " + path);
    }
  }

  /** What became of the file, in words, if clients do not find this socket by it any more. */
  Optional<String> displaced() {
    try {
      return attributes().isEmpty()
          ? Optional.of(path + " was deleted")
          : isOwn() ? Optional.empty() : Optional.of(path + " was replaced by something else");
    } catch (IOException e) {
      return Optional.of(path + " cannot be looked at: " + e.getMessage());
    }
  }

  private boolean isOwn() throws IOException {
    return inode.isPresent() && attributes().map(BasicFileAttributes::fileKey).equals(inode);
  }

  /**
   * Removes the file if it is the one that was bound; another server may have put its own there
   * since.
   */
  void release() {
    try {
      if (isOwn()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      // It stays behind; the next server finds that nobody accepts there and takes the path over.
    }
  }

  private Optional<BasicFileAttributes> attributes() throws IOException {
    try {
      return Optional.of(
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }
}
