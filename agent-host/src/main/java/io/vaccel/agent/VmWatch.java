package io.vaccel.agent;

import io.vaccel.transport.Endpoint;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Looks into the {@link VmDirectory directories} whenever something changes there, and now and then
 * in case a change was not told, and lets {@link Listeners} listen for the VMs that are there.
 */
final class VmWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(VmWatch.class);
  private static final String SOURCE = "vms";
  private static final int MAX_TOLD = 1_000;

  /** VMMs write into the directories: whoever does so all the time is looked at no more often. */
  static final Duration PAUSE = Duration.ofMillis(50);

  private final Listeners listeners;
  private final Duration rescan;
  private Optional<WatchService> changes = Optional.empty();
  private Optional<Thread> thread = Optional.empty();
  private final Map<Path, WatchKey> watched = new LinkedHashMap<>();
  private final Set<String> told = new HashSet<>();
  private List<VmDirectory> directories = List.of();

  /** With {@code rescan} between looks when nothing is told. */
  VmWatch(Listeners listeners, Duration rescan) {
    this.listeners = listeners;
    this.rescan = rescan;
  }

  /** Looks into these directories from now on, and at once. */
  synchronized void watch(List<VmDirectory> newDirectories) {
    directories = newDirectories;
    for (VmDirectory vms : directories) {
      if (!Files.isDirectory(vms.directory())) {
        LOG.warn("vms directory={} is not there yet; it is looked for", vms.directory());
      }
    }
    if (thread.isEmpty() && !directories.isEmpty()) {
      start();
    }
    if (thread.isPresent()) {
      look();
    }
  }

  private void start() {
    try {
      changes = Optional.of(FileSystems.getDefault().newWatchService());
    } catch (IOException e) {
      LOG.warn(
          "changes are not told, so directories are looked at every {} s", rescan.toSeconds(), e);
    }
    Thread looking = new Thread(this::run, "vaccel-vms");
    looking.setDaemon(true);
    looking.start();
    thread = Optional.of(looking);
  }

  private void run() {
    Optional<WatchService> told;
    synchronized (this) {
      told = changes;
    }
    try {
      while (true) {
        if (told.isPresent()) {
          TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
          await(told.get());
        } else {
          TimeUnit.MILLISECONDS.sleep(rescan.toMillis());
        }
        lookOn();
      }
    } catch (InterruptedException | ClosedWatchServiceException e) {
      // The agent closes.
    }
  }

  /** A failure of one look, of whatever kind, must not end the next ones. */
  private void lookOn() {
    try {
      look();
    } catch (ClosedWatchServiceException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.error("a look at the directories of VMs failed; there will be another one", e);
    }
  }

  private void await(WatchService told) throws InterruptedException {
    WatchKey changed = told.poll(rescan.toMillis(), TimeUnit.MILLISECONDS);
    while (changed != null) {
      changed.pollEvents();
      changed.reset();
      changed = told.poll();
    }
  }

  private synchronized void look() {
    if (lookOnce()) {
      // A folder may have got its socket before it was watched. Once is enough: what comes now is
      // told.
      lookOnce();
    }
  }

  /** Whether there are folders that were not watched before. */
  private boolean lookOnce() {
    Set<Endpoint> served = new HashSet<>(listeners.wanted(SOURCE));
    List<Place> places = new ArrayList<>();
    Set<Path> visited = new HashSet<>();
    for (VmDirectory vms : directories) {
      VmScan scan = new VmScan(vms);
      // First the watch, then the look: what comes between is told again.
      register(vms.directory());
      places.addAll(scan.places(served));
      visited.addAll(scan.visited());
      scan.skipped().forEach((path, reason) -> tell(Level.WARN, path, reason));
      scan.listeners().forEach((path, reason) -> tell(Level.INFO, path, reason));
    }
    boolean news = false;
    for (Path folder : visited) {
      news |= register(folder);
    }
    watched.keySet().removeIf(folder -> !visited.contains(folder) && forget(folder));
    listeners.want(SOURCE, places);
    return news;
  }

  /** Whether the folder was not watched before. */
  private boolean register(Path folder) {
    WatchKey key = watched.get(folder);
    if (changes.isEmpty() || (key != null && key.isValid())) {
      return false;
    }
    try {
      watched.put(
          folder,
          folder.register(
              changes.get(),
              StandardWatchEventKinds.ENTRY_CREATE,
              StandardWatchEventKinds.ENTRY_DELETE));
      return true;
    } catch (IOException e) {
      watched.remove(folder); // Not there, or not for us: the periodic look finds what changes.
      return false;
    }
  }

  private boolean forget(Path folder) {
    watched.get(folder).cancel();
    return true;
  }

  private void tell(Level level, Path path, String reason) {
    if (told.size() < MAX_TOLD && told.add(path + " " + reason)) {
      LOG.atLevel(level).log("no listener for {}: {}", path, reason);
    }
  }

  @Override
  public synchronized void close() {
    try {
      if (changes.isPresent()) {
        changes.get().close();
      }
    } catch (IOException e) {
      LOG.debug("closing the watch failed", e);
    }
    thread.ifPresent(Thread::interrupt);
  }
}
