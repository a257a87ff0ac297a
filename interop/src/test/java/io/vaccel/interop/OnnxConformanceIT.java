package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vaccel.Reason;
import io.vaccel.Session;
import io.vaccel.Settings;
import io.vaccel.Vaccel;
import io.vaccel.agent.Agent;
import io.vaccel.plugin.vsock.VsockPluginProvider;
import io.vaccel.transport.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * ONNX's own cases, one an operator and more, run by the engine here and at an agent: the same bits
 * come back, or the same error with the same text and details. Prints how many of them the engine
 * passes.
 */
final class OnnxConformanceIT {
  private static final Path SUITE =
      Path.of(System.getProperty("vaccel.onnx.testdata", "/usr/share/libonnx-testdata/data"));

  @TempDir static Path directory;

  private final Map<String, Integer> counts = new TreeMap<>();
  private final List<String> differing = new ArrayList<>();

  @Test
  void everyCase_isTheSameRemotely() throws IOException {
    assumeTrue(
        Files.isDirectory(SUITE),
        "ONNX's test data is not there; install Debian's package libonnx-testdata");
    List<Path> cases = OnnxCase.directories(SUITE);
    assertThat(cases).hasSizeGreaterThan(900);
    try (Vaccel host =
            Vaccel.builder().set(Settings.PLUGINS, "onnx").set("VACCEL_ONNX_THREADS", "1").load();
        Agent agent =
            Agent.builder(host, directory.resolve("state"))
                .listen(new Endpoint.Unix(directory.resolve("a.sock").toString()))
                .start();
        Vaccel guest =
            Vaccel.builder()
                .set(Settings.PLUGINS, VsockPluginProvider.NAME)
                .set(Settings.RPC_ADDRESS, agent.endpoints().get(0).toString())
                .load();
        Session local = host.openSession();
        Session remote = guest.openSession()) {
      for (Path each : cases) {
        String outcome =
            OnnxCase.read(each)
                .map(found -> compare(found, local, remote))
                .orElse("data is a sequence, an optional or of a type that is not ours");
        counts.merge(outcome, 1, Integer::sum);
      }
    }
    System.out.println("ONNX conformance, " + cases.size() + " cases:");
    counts.forEach((outcome, count) -> System.out.printf("  %4d  %s%n", count, outcome));
    assertThat(differing).as("cases that differ remotely").isEmpty();
    // 959 of the 1,072 cases of version 1.12.0.
    assertThat(counts.getOrDefault("passed here and remotely, the same bits", 0))
        .isGreaterThan(cases.size() * 89 / 100);
  }

  private String compare(OnnxCase found, Session local, Session remote) {
    OnnxCase.Outcome here = found.run(local);
    OnnxCase.Outcome there = found.run(remote);
    boolean same = here.equals(there);
    if (!same && here.failure().isEmpty() && !found.run(local).outputs().equals(here.outputs())) {
      return "random: differs here from run to run";
    }
    if (!same) {
      differing.add(found.name() + ": " + here + " / " + there);
      return "DIFFERS remotely";
    }
    Optional<Reason> failure = here.failure();
    if (failure.isPresent()) {
      return "refused here and remotely: " + failure.get();
    }
    return found.isExpected(here.outputs())
        ? "passed here and remotely, the same bits"
        : "the engine's result is not the expected one, here and remotely the same bits";
  }
}
