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
 * followed at any step, names must be plain, no more than a bounded number of entries is looked at
 * in each directory, and new VMs, or a flood of other entries, never push out those that are served
 * already. Used by one thread.
 */
final class VmScan {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._@+-]{1,100}");
  private static final int ENTRIES_PER_VM = 16;

  /** What is looked at in the directory of one VM. */
  private static final int ENTRIES_OF_ONE_VM = 256;

  private static final int KIND = 0170000;
  private static final int DIRECTORY = 0040000;
  private static final int SOCKET = 0140000;

  private final VmDirectory vms;
  private final Set<Path> visited = new LinkedHashSet<>();
  private final Map<Path, String> skipped = new LinkedHashMap<>();
  private final Map<Path, String> listeners = new LinkedHashMap<>();
  private Set<Endpoint> served = Set.of();

  VmScan(VmDirectory vms) {
    this.vms = vms;
  }

  /**
   * Where to listen for the VMs that are there.
   *
   * @param already those that are listened for, who come first where there are too many
   */
  List<Place> places(Collection<Endpoint> already) {
    served = Set.copyOf(already);
    List<Place> found = new ArrayList<>();
    for (Endpoint endpoint : served) {
      if (endpoint instanceof Endpoint.Hybrid vm && vm.port() == vms.port()) {
        Path socket = Path.of(vm.path());
        if (isWanted(socket)) {
          place(socket, found);
        }
      }
    }
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

  /** What is named as a VM could be and counts as a listener's file, with the reason. */
  Map<Path, String> listeners() {
    return listeners;
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

  /** Whether the socket lies where one of the patterns would find it. */
  private boolean isWanted(Path socket) {
    if (!socket.startsWith(vms.directory())) {
      return false;
    }
    Path below = vms.directory().relativize(socket);
    return vms.sockets().stream()
        .map(pattern -> pattern.split("/"))
        .anyMatch(names -> leadsTo(below, names));
  }

  private boolean leadsTo(Path below, String[] names) {
    if (below.getNameCount() != names.length) {
      return false;
    }
    Path place = vms.directory();
    for (int i = 0; i < names.length; i++) {
      visited.add(place);
      place = place.resolve(below.getName(i));
      if (!matcher(names[i]).matches(below.getName(i)) || !isWanted(place, i == names.length - 1)) {
        return false;
      }
    }
    return true;
  }

  private PathMatcher matcher(String name) {
    return vms.directory().getFileSystem().getPathMatcher("glob:" + name);
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
    PathMatcher matcher = matcher(name);
    int most = folder.equals(vms.directory()) ? ENTRIES_PER_VM * vms.most() : ENTRIES_OF_ONE_VM;
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      int entries = 0;
      for (Path child : stream) {
        if (++entries > most) {
          skipped.put(folder, "it has too many entries");
          break;
        }
        if (matcher.matches(child.getFileName()) && isWanted(child, sockets)) {
          children.add(child);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // Gone again, or not for us to see; the next look finds out.
    }
    return children;
  }

  private boolean isWanted(Path child, boolean socket) {
    String name = child.getFileName().toString();
    boolean kind = kind(child) == (socket ? SOCKET : DIRECTORY);
    if (kind && !PLAIN.matcher(name).matches()) {
      skipped.put(
          child.getParent(), "a name in it has other characters than letters, digits and ._@+-");
      return false;
    }
    return kind && !(socket && isListener(child));
  }

  private boolean isListener(Path child) {
    return ListenerFile.of(child).filter(listener -> isListener(child, listener)).isPresent();
  }

  /**
   * On the agent's own port it always is one: a crash may have left it behind, without the VMM's
   * socket. On another port only beside that socket, which whoever may write here can make: so it
   * hides no VM that is served already, and what it hides is told.
   */
  private boolean isListener(Path child, ListenerFile listener) {
    if (listener.isOf(served)) {
      return true;
    }
    Path socket = listener.socket();
    boolean beside = kind(socket) == SOCKET;
    if (listener.port() == vms.port()) {
      if (!beside) {
        listeners.put(
            child,
            "its name is that of the agent's own listener for "
                + socket.getFileName()
                + "; if it is a VM's, give it another");
      }
      return true;
    }
    if (!beside || served.contains(new Endpoint.Hybrid(child.toString(), vms.port()))) {
      return false;
    }
    listeners.put(
        child,
        "it counts as another program's listener, as the socket "
            + socket.getFileName()
            + " lies beside it; if it is a VM's, give one of them another name");
    return true;
  }

  /**
   * The file type, the mode's upper bits, inode(7): the JDK tells sockets and devices not apart. 0
   * for what is gone again, or not for us to see: the next look finds out.
   */
  private static int kind(Path path) {
    try {
      return (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & KIND;
    } catch (IOException e) {
      return 0;
    }
  }
}
