package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.CallOptions;
import io.vaccel.Model;
import io.vaccel.Session;
import io.vaccel.Vaccel;
import io.vaccel.backend.tensorflow.GraphKit;
import io.vaccel.backend.torch.TorchKit;
import io.vaccel.contract.ModelKit;
import io.vaccel.interop.Programs.Finished;
import io.vaccel.transport.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An agent unpacks native code, of whatever library, only where {@code VACCEL_NATIVE_DIR} says, and
 * none of it stays: not when it is stopped, and not when it is killed and started again. Nor does
 * any library write reports or caches into the home directory.
 */
final class NativeDirectoryIT {
  @TempDir private Path directory;
  private Path unpacked;
  private Path temporary;
  private Path home;

  @BeforeEach
  void makePlaces() throws IOException {
    unpacked = directory.resolve("native");
    temporary = Files.createDirectory(directory.resolve("tmp"));
    home = Files.createDirectory(directory.resolve("home"));
  }

  static List<Path> agents() {
    return List.of(Programs.AGENT, Programs.FULL_AGENT);
  }

  @ParameterizedTest
  @MethodSource("agents")
  void nativeCode_liesWhereItIsWanted_andGoesWithTheProcess(Path program) throws IOException {
    boolean full = program.equals(Programs.FULL_AGENT);
    try (RunningAgent agent = start(program, "a.sock")) {
      startEngines("a.sock");
      if (full) {
        startLargeEngines("a.sock");
        assertThat(files(unpacked))
            .as("what TensorFlow and LibTorch need")
            .anyMatch(file -> file.contains("libtensorflow_cc.so"))
            .anyMatch(file -> file.contains("libtorch_cpu.so"));
      }
      assertThat(files(unpacked))
          .as("what ONNX Runtime, TensorFlow Lite and exec need")
          .anyMatch(file -> file.endsWith("onnx/libonnxruntime.so"))
          .anyMatch(file -> file.endsWith("libjnitensorflowlite.so"))
          .anyMatch(file -> file.contains("/exec/"));
      assertNothingElsewhere();
      agent.kill();
    }
    List<Path> left = directories();
    assertThat(left).as("what the killed agent left").hasSize(1);

    try (RunningAgent agent = start(program, "b.sock")) {
      startEngines("b.sock");
      assertThat(directories()).hasSize(1).doesNotContainAnyElementsOf(left);
      assertNothingElsewhere();
      assertThat(agent.stop()).isZero();
    }
    assertThat(files(unpacked)).isEmpty();
    assertNothingElsewhere();
  }

  private RunningAgent start(Path program, String socket) {
    Map<String, String> environment =
        Map.of(
            "VACCEL_NATIVE_DIR",
            unpacked.toString(),
            "VACCEL_OPENCL_ALLOW",
            "1",
            "HOME",
            home.toString(),
            "XDG_CACHE_HOME",
            home.resolve(".cache").toString(),
            // The driver's own files while it compiles, which are not ours to place.
            "POCL_CACHE_DIR",
            directory.resolve("pocl").toString(),
            "VACCEL_JAVA_OPTS",
            "-Djava.io.tmpdir=" + temporary + " -Duser.home=" + home);
    return RunningAgent.start(
        program, directory, environment, endpoint(socket), "--exec-library=none=" + "0".repeat(64));
  }

  /** Every plugin is asked what it can do, for which it loads its native code. */
  private void startEngines(String socket) {
    for (String[] command :
        new String[][] {{"info"}, {"sgemm", "--m", "8", "--n", "8", "--k", "8"}}) {
      Finished guest =
          Programs.guest(
              directory,
              Stream.concat(
                      Stream.of(command), Stream.of("--plugins=vsock", "--agent", endpoint(socket)))
                  .toArray());
      assertThat(guest.status()).as(guest.err()).isZero();
    }
  }

  /** They load theirs with the first model. */
  private void startLargeEngines(String socket) {
    try (Vaccel guest = RemoteContract.at(Endpoint.parse(endpoint(socket)));
        Session session = guest.openSession()) {
      for (ModelKit kit : List.of(new GraphKit(), new TorchKit())) {
        CallOptions patient = CallOptions.within(Duration.ofMinutes(2));
        try (Model model = session.load(kit.sumAndDifference(), patient)) {
          assertThat(model.loaded().executedOn().plugin()).isEqualTo(kit.plugin());
        }
      }
    }
  }

  private void assertNothingElsewhere() throws IOException {
    assertThat(files(temporary)).as("the directory for temporary files").isEmpty();
    assertThat(files(home)).as("the home directory").isEmpty();
  }

  private String endpoint(String socket) {
    return "unix:" + directory.resolve(socket);
  }

  private List<Path> directories() throws IOException {
    try (Stream<Path> entries = Files.list(unpacked)) {
      return entries.toList();
    }
  }

  /** Everything below a place, directories too. */
  private static List<String> files(Path place) throws IOException {
    try (Stream<Path> all = Files.walk(place)) {
      return all.filter(path -> !path.equals(place)).map(Path::toString).sorted().toList();
    }
  }
}
