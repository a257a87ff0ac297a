package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An agent with {@code --vms DIR}, which is never restarted: VMs come while it runs, are served
 * under names of their own, go, and come again (lane B).
 */
final class VmDirectoryIT {
  @TempDir Path directory;
  private Path vms;

  @BeforeEach
  void aLane() throws IOException {
    VmLane.UML.assumeReady(directory);
    vms = Files.createDirectory(directory.resolve("vms"));
  }

  @Test
  void vms_comeAndGoAndComeAgain_andAreToldApart() throws IOException {
    try (RunningProgram agent = agent();
        Vm alpha = new Vm("alpha");
        Vm beta = new Vm("beta")) {
      alpha.awaitServed();
      beta.awaitServed();
      assertThat(alpha.log()).contains("first (hybrid alpha)").doesNotContain("second");
      assertThat(beta.log()).contains("second (hybrid beta)").doesNotContain("first");

      int beforeTheEnd = beta.log().length();
      alpha.stop();
      agent.await("listens for alpha no more", () -> !Files.exists(alpha.listener));
      beta.awaitServed(); // Its neighbour's end is nothing to it.
      assertThat(beta.log().substring(beforeTheEnd)).doesNotContain("cannot connect");

      try (Vm again = new Vm("alpha")) {
        again.awaitServed();
        assertThat(again.log()).contains("espresso", "first (hybrid alpha)");
      }
      beta.stop();
      agent.await("listens for nobody", () -> isEmpty(vms));
      assertThat(agent.log()).doesNotContain("ERROR");
      assertThat(agent.stop()).isZero();
    }
  }

  @Test
  void listenersFile_deletedWhileTheVmIsThere_comesBack() throws IOException {
    try (RunningProgram agent = agent();
        Vm alpha = new Vm("alpha")) {
      alpha.awaitServed();
      Files.delete(alpha.listener);
      agent.await("listens again", () -> Files.exists(alpha.listener));
      alpha.awaitServed();
      assertThat(agent.log()).contains("opened again endpoint=hybrid:" + vms.resolve("alpha"));
      assertThat(agent.stop()).isZero();
      assertThat(alpha.listener).doesNotExist();
    }
  }

  private RunningProgram agent() throws IOException {
    Path names =
        Files.writeString(
            directory.resolve("names.yaml"),
            """
            guests:
              - {name: first, peer: "hybrid:%1$s/alpha"}
              - {name: second, peer: "hybrid:%1$s/beta"}
            """
                .formatted(vms));
    Stream<Object> command =
        Stream.of(
            Programs.AGENT, "--vms", vms, "--config", names, "--state", directory.resolve("state"));
    return new RunningProgram(directory, Map.of(), command.map(String::valueOf).toList());
  }

  private static boolean isEmpty(Path folder) {
    return folder.toFile().list().length == 0;
  }

  /**
   * A VM that classifies a photograph, and then asks the agent, each time in a new connection, who
   * it takes it for.
   */
  private final class Vm implements AutoCloseable {
    private static final String SERVED = "served: ";

    final Path listener;
    private final RunningProgram vm;

    Vm(String name) throws IOException {
      Path socket = vms.resolve(name);
      listener = vms.resolve(name + "_2048");
      Path out = Files.createTempDirectory(directory, name);
      Path script =
          new VmScript(out)
              .shell("echo ready")
              .shell("info() {")
              .runTo("info.txt", Programs.GUEST, "info", "--agent", "vsock:2:2048")
              .shell("}")
              // Nobody listens before the agent has seen the VM, nor while a listener comes back.
              .shell("until info; do :; done")
              .run(
                  Programs.GUEST,
                  "classify",
                  "--timeout=5m",
                  "--plugins",
                  "vsock",
                  "--agent",
                  "vsock:2:2048",
                  "--model",
                  Programs.MODEL,
                  Programs.PHOTOS.resolve("coffee.jpg"))
              .shell("while :; do")
              .shell("info || continue")
              .shell("echo \"" + SERVED + "$(grep 'seen by' info.txt)\"")
              .shell("done")
              .write("in-guest");
      vm = VmLane.UML.startAt(socket, out, "bash", script);
    }

    String log() {
      return vm.log();
    }

    /** Waits until a call has been answered that began after this; any, where none was before. */
    void awaitServed() {
      long before = served();
      // The next one may have begun already.
      long enough = before == 0 ? 1 : before + 2;
      vm.await("is served", () -> served() >= enough);
    }

    private long served() {
      return log().lines().filter(line -> line.startsWith(SERVED)).count();
    }

    void stop() {
      vm.close();
    }

    @Override
    public void close() {
      stop();
    }
  }
}
