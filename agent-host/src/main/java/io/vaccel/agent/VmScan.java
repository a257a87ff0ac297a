package io.vaccel.agent;

import io.vaccel.transport.Endpoint;
import io.vaccel.transport.ServerSettings;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One look into a {@link VmDirectory}: which VMMs' sockets lie there now.
 *
 * <p>VMMs write into the directory, and a guest may have taken one over. So symbolic links are not
 * followed at any step, names must be plain, no more than a bounded number of entries is looked at,
 * and new VMs never push out those that are served already. Used by one thread.
 */
final class VmScan {
  /** The socket of a listener beside a VMM's, {@code NAME_PORT}, is none of a VMM. */
  private static final Pattern LISTENER = Pattern.compile(".*_[0-9]{1,10}");

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._@+-]{1,100}");
  private static final int ENTRIES_PER_VM = 16;

  private final VmDirectory vms;
  private final Set<Path> visited = new LinkedHashSet<>();
  private final Map<Path, String> skipped = new LinkedHashMap<>();
  private int entries;

  VmScan(VmDirectory vms) {
    this.vms = vms;
  }

  /**
   * Where to listen for the VMs that are there.
   *
   * @param served those that are listened for already, who come first where there are too many
   */
  List<Place> places(Collection<Endpoint> served) {
    List<Place> found = new ArrayList<>();
    for (String pattern : vms.sockets()) {
      for (Path socket : matches(pattern)) {
        place(socket, found);
      }
    }
    found.sort(
        Comparator.comparing((Place place) -> !served.contains(place.endpoint()))
            .thenComparing(place -> place.endpoint().toString()));
    for (Place place : found.subList(Math.min(vms.most(), found.size()), found.size())) {
      skipped.put(
          Path.of(((Endpoint.Hybrid) place.endpoint()).path()),
          "there are more than " + vms.most() + " VMs");
    }
    return List.copyOf(found.subList(0, Math.min(vms.most(), found.size())));
  }

  /** The directories that were looked into: a change in one of them calls for another look. */
  Set<Path> visited() {
    return visited;
  }

  /** What looked like a VMM's socket and is not listened for, with the reason. */
  Map<Path, String> skipped() {
    return skipped;
  }

  private void place(Path socket, List<Place> found) {
    try {
      Endpoint endpoint = new Endpoint.Hybrid(socket.toString(), vms.port());
      if (found.stream().noneMatch(place -> place.endpoint().equals(endpoint))) {
        found.add(Place.guests(endpoint, settings(socket)));
      }
    } catch (IllegalArgumentException e) {
      skipped.put(socket, e.getMessage());
    } catch (IOException e) {
      skipped.put(socket, "it cannot be looked at");
    }
  }

  /** By default the VMM's user, and nobody else, may connect to the socket beside its own. */
  private ServerSettings settings(Path socket) throws IOException {
    ServerSettings.Builder settings = ServerSettings.builder().socketMode(vms.mode());
    vms.owner().ifPresent(settings::socketOwner);
    vms.group().ifPresent(settings::socketGroup);
    if (vms.owner().isEmpty() && vms.group().isEmpty() && isRoot()) {
      PosixFileAttributes vmm =
          Files.readAttributes(socket, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      settings.socketOwner(vmm.owner().getName()).socketGroup(vmm.group().getName());
    }
    return settings.build();
  }

  private static boolean isRoot() throws IOException {
    return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
  }

  private List<Path> matches(String pattern) {
    List<Path> level = List.of(vms.directory());
    String[] names = pattern.split("/");
    for (int i = 0; i < names.length; i++) {
      boolean last = i == names.length - 1;
      List<Path> next = new ArrayList<>();
      for (Path folder : level) {
        visited.add(folder);
        next.addAll(children(folder, names[i], last));
      }
      level = next;
    }
    return level;
  }

  private List<Path> children(Path folder, String name, boolean sockets) {
    PathMatcher matcher = folder.getFileSystem().getPathMatcher("glob:" + name);
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> stream =
        Files.newDirectoryStream(folder, child -> matcher.matches(child.getFileName()))) {
      for (Path child : stream) {
        if (++entries > ENTRIES_PER_VM * vms.most()) {
          skipped.put(folder, "it has too many entries");
          break;
        }
        if (isWanted(child, sockets)) {
          children.add(child);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // Gone again, or not for us to see; the next look finds out.
    }
    return children;
  }

  private boolean isWanted(Path child, boolean socket) throws IOException {
    String name = child.getFileName().toString();
    if (socket && LISTENER.matcher(name).matches()) {
      return false;
    }
    PosixFileAttributes is;
    try {
      is = Files.readAttributes(child, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      return false;
    }
    boolean kind = socket ? isSocket(child) : is.isDirectory();
    if (kind && !PLAIN.matcher(name).matches()) {
      skipped.put(
          child.getParent(), "a name in it has other characters than letters, digits and ._@+-");
      return false;
    }
    return kind;
  }

  /**
   * A file type of the mode's upper bits, inode(7): the JDK tells sockets and devices not apart.
   */
  private static boolean isSocket(Path path) throws IOException {
    int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    return (mode & 0170000) == 0140000;
  }
}
