package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.Settings;
import io.vaccel.Vaccel;
import io.vaccel.agent.ExecPolicy;
import io.vaccel.contract.ExecLibraries;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** A host that has all plugins and allows everything that the tests need, profiling on. */
final class EveryPlugin {
  private static final String NAMES =
      "image:onnx:tflite:tensorflow:torch:blas:opencl:exec:reference";

  private EveryPlugin() {}

  /** Its runtime, in this process; the caller closes it. */
  static Vaccel load() {
    Vaccel.Builder builder = Vaccel.builder().set(Settings.PLUGINS, NAMES);
    environment().forEach(builder::set);
    if (ExecLibraries.canCompile()) {
      builder.set("VACCEL_EXEC_LIBRARIES", ExecLibraries.compiled().setting());
    }
    Vaccel vaccel = builder.load();
    // They find out now what they can do, not while a guest waits for its first answer: drivers are
    // tried, and whether libraries can be isolated, which takes a busy machine many seconds.
    assertThat(vaccel.plugins()).isNotEmpty();
    return vaccel;
  }

  /** What the environment of an agent has to say. */
  static Map<String, String> environment() {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put(Settings.PROFILING, "1");
    environment.put("VACCEL_OPENCL_ALLOW", "1");
    return environment;
  }

  /** Which guests of its agent may call functions: all of them. */
  static ExecPolicy exec() {
    return ExecLibraries.canCompile()
        ? ExecPolicy.everybody(ExecLibraries.compiled().digests())
        : ExecPolicy.OFF;
  }

  /** The same as options of {@code vaccel-agent}. */
  static Stream<String> execOptions() {
    if (!ExecLibraries.canCompile()) {
      return Stream.of();
    }
    ExecLibraries libraries = ExecLibraries.compiled();
    return Stream.concat(
        libraries.allowed().stream().map(library -> "--exec-library=" + library),
        Stream.of("--exec-allow=*=" + String.join(",", libraries.digests().keySet())));
  }
}
