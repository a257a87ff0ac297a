package io.vaccel.contract;

import io.vaccel.Settings;
import io.vaccel.Vaccel;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A process in which something is missing that a plugin needs; it prints what the plugin says. */
public final class PluginProcess {
  private PluginProcess() {}

  /**
   * Whether the plugin is usable, and why not.
   *
   * @param plugin its name
   * @param without a pattern of the jars to leave out; fails when there is none of them
   */
  public static String availability(String plugin, String without) {
    String all =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    String rest =
        Stream.of(all.split(File.pathSeparator))
            .filter(jar -> !jar.matches(".*/" + without))
            .collect(Collectors.joining(File.pathSeparator));
    if (rest.equals(all)) {
      throw new AssertionError("no jar is like " + without);
    }
    return availability(plugin, rest, Map.of());
  }

  /** The same with all jars and this environment. */
  public static String availability(String plugin, Map<String, String> environment) {
    return availability(
        plugin,
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
        environment);
  }

  private static String availability(
      String plugin, String classPath, Map<String, String> environment) {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath,
                PluginProcess.class.getName(),
                plugin)
            .redirectErrorStream(true);
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new AssertionError(output);
      }
      return output;
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** The process. */
  public static void main(String[] arguments) {
    try (Vaccel vaccel =
        Vaccel.builder()
            .settings(Settings.ofEnvironment().with(Settings.PLUGINS, arguments[0]))
            .load()) {
      System.out.println(vaccel.plugins().get(0).capabilities().availability());
    }
  }
}
