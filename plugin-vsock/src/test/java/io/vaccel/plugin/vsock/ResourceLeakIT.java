package io.vaccel.plugin.vsock;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.Session;
import io.vaccel.Vaccel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A closed plugin leaves nothing behind: no descriptor, no thread, no session. */
final class ResourceLeakIT {
  @TempDir private Path directory;

  @Test
  @EnabledOnOs(OS.LINUX)
  void closedPlugins_leaveNoDescriptorsAndNoThreads() throws IOException {
    try (FakeAgent agent = FakeAgent.start(directory.resolve("agent.sock"))) {
      use(agent);
      long before = sockets();
      for (int i = 0; i < 20; i++) {
        use(agent);
      }
      // The agent notices the end of a connection a moment after the guest, and a thread ends a
      // moment after it was told to.
      Guests.await(
          CompletableFuture.runAsync(
              () -> {
                while (sockets() > before || leases()) {
                  Thread.onSpinWait();
                }
              }));
      assertThat(agent.sessions().all()).isEmpty();
      assertThat(agent.sessions().endedCount()).isEqualTo(21);
    }
  }

  private static void use(FakeAgent agent) {
    try (Vaccel vaccel = Guests.at(agent.endpoint(), ClientSettings.FAREWELL, "60000");
        Session session = vaccel.openSession()) {
      session.noop();
      Guests.await(session.async().noop());
    }
  }

  private static long sockets() {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.filter(ResourceLeakIT::isSocket).count();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static boolean isSocket(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
    } catch (IOException e) {
      // It was the listing's own, or was closed meanwhile.
      return false;
    }
  }

  private static boolean leases() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.isAlive() && thread.getName().startsWith("vaccel-lease"));
  }
}
