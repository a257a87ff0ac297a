package io.vaccel.agent;

import static java.nio.file.attribute.PosixFilePermission.OWNER_READ;
import static java.nio.file.attribute.PosixFilePermission.OWNER_WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the agent does of itself in a directory of VMs. */
@Timeout(120)
class VmWatchIT {
  private static final int LOOKS = 12;

  @TempDir Path directory;

  /** The file of a VMM's socket; nobody needs to accept there. */
  private Path vmm(String name) throws IOException {
    Path path = directory.resolve(name);
    try (ServerSocketChannel vmm = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      vmm.bind(UnixDomainSocketAddress.of(path));
    }
    return path;
  }

  /** Whom such a file lets in, UnixPeerIT of the transport shows with processes. */
  @Test
  void listenerOfAVm_isGivenToTheUserOfItsVmm() throws Exception {
    assumeTrue(
        Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0),
        "needs root, to give files to another user");
    Path vms = Files.createDirectory(directory.resolve("vms"));
    Path socket = vmm("vms/v.sock");
    Files.setAttribute(socket, "unix:uid", 65534);
    Files.setAttribute(socket, "unix:gid", 12345);
    Path file =
        Files.writeString(directory.resolve("agent.yaml"), "vms: [{directory: " + vms + "}]");
    AgentConfig config = ConfigFile.read(file);
    try (RunningAgent running = RunningAgent.start(directory, agent -> agent.config(config))) {
      Path listener = vms.resolve("v.sock_2048");
      Eventually.isTrue("it is listened for", () -> running.agent.endpoints().size() == 3);
      assertThat(Files.readAttributes(listener, "unix:uid,gid"))
          .containsOnly(entry("uid", 65534), entry("gid", 12345));
      assertThat(Files.getPosixFilePermissions(listener)).containsOnly(OWNER_READ, OWNER_WRITE);
    }
  }

  @Test
  void directoryThatChangesAllTheTime_isLookedAtNowAndThen() throws Exception {
    vmm("v.sock");
    // What cannot be opened is tried again at each look.
    AtomicInteger looks = new AtomicInteger();
    Listeners listeners =
        new Listeners(
            place -> {
              looks.incrementAndGet();
              throw new IOException("counted");
            },
            Duration.ZERO);
    try (VmWatch watch = new VmWatch(listeners, Duration.ofSeconds(5))) {
      watch.watch(List.of(VmDirectory.of(directory)));
      int before = looks.get();
      assertThat(before).isPositive();
      long start = System.nanoTime();
      while (looks.get() < before + LOOKS) {
        Files.delete(Files.createFile(directory.resolve("busy")));
      }
      // The first one may come at once.
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isGreaterThanOrEqualTo(VmWatch.PAUSE.multipliedBy(LOOKS - 1));
    }
  }
}
