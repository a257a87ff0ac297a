package io.vaccel.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process in which Netty's native epoll does not load; in this one it may have, and stays. */
@Timeout(120)
class WithoutNativeIT {
  private static final String NATIVE_JAR = "netty-transport-native-epoll";
  private static final String VSOCK = "vsock:1:2048";

  @TempDir private Path folder;

  private List<String> echo(String classPath, String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", classPath, TargetEcho.class.getName()));
    command.addAll(List.of("unix:" + folder.resolve("s.sock"), "tcp:127.0.0.1:0", VSOCK));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      return out.lines().toList();
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private void assertWorks(List<String> lines, String why) {
    String unix = "unix:" + folder.resolve("s.sock");
    assertThat(lines)
        .as("what was chosen, and why, is logged once")
        .filteredOn(line -> line.contains("transport: "))
        .singleElement()
        .asString()
        .contains("NIO for hybrid, unix and tcp; no vsock, because epoll does not load: " + why);
    assertThat(lines)
        .contains(unix + " answers", unix + " answers by its target")
        .anyMatch(line -> line.matches("tcp:127\\.0\\.0\\.1:\\d+ answers"))
        .anyMatch(line -> line.startsWith(VSOCK + " needs native epoll; in use is: NIO for"));
  }

  @Test
  void nativeTransportSwitchedOff() throws Exception {
    assertWorks(
        echo(System.getProperty("java.class.path"), "-Dio.netty.transport.noNative=true"),
        "Native transport was explicit disabled with -Dio.netty.transport.noNative=true");
  }

  @Test
  void nativeLibraryNotThere() throws Exception {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.contains(NATIVE_JAR))
            .collect(Collectors.joining(File.pathSeparator));
    assertWorks(echo(classPath), "there is no META-INF/native/libnetty_transport_native_epoll_");
  }
}
