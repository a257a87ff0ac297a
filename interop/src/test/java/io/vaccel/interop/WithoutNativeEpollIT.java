package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both programs where Netty's native epoll does not load: everything but vsock works. */
final class WithoutNativeEpollIT {
  private static final String FLAG = "-Dio.netty.transport.noNative=true";
  private static final Map<String, String> NO_NATIVE = Map.of("VACCEL_JAVA_OPTS", FLAG);

  /** A guest that does nothing itself. */
  private static final Map<String, String> REMOTE_ONLY =
      Map.of("VACCEL_JAVA_OPTS", FLAG, "VACCEL_PLUGINS", "vsock");

  @TempDir static Path directory;

  private static RunningAgent agent;

  @BeforeAll
  static void startAgent() {
    agent =
        RunningAgent.start(
            directory,
            NO_NATIVE,
            unix(),
            "--listen",
            "tcp:127.0.0.1:0",
            "--listen",
            "hybrid:" + directory.resolve("v.sock") + ":2048");
  }

  @AfterAll
  static void stopAgent() {
    assertThat(agent.stop()).isZero();
    assertThat(directory.resolve("a.sock")).doesNotExist();
  }

  private static String unix() {
    return "unix:" + directory.resolve("a.sock");
  }

  private static String endpoint(String kind) {
    return switch (kind) {
      case "unix" -> unix();
      // Where the VMM would bring what a guest sends.
      case "hybrid" -> "unix:" + directory.resolve("v.sock_2048");
      default -> agent.log().replaceAll("(?s).*endpoint=(tcp:127.0.0.1:\\d+).*", "$1");
    };
  }

  private static Programs.Finished guest(Object... arguments) {
    Object[] command = new Object[arguments.length + 1];
    command[0] = Programs.GUEST;
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    return Programs.run(directory, REMOTE_ONLY, command);
  }

  @Test
  void agent_saysWhatWasChosen_andWhy() {
    assertThat(agent.log().lines().filter(line -> line.contains("transport: ")))
        .singleElement()
        .asString()
        .contains("NIO for hybrid, unix and tcp; no vsock, because epoll does not load: ")
        .contains(FLAG);
  }

  @ParameterizedTest
  @ValueSource(strings = {"unix", "tcp", "hybrid"})
  void photograph_isClassified(String kind) {
    Programs.Finished guest =
        guest(
            "classify",
            "--agent",
            endpoint(kind),
            "--model",
            Programs.MODEL,
            Programs.PHOTOS.resolve("coffee.jpg"));

    assertThat(guest.status()).as(guest.err()).isZero();
    assertThat(guest.out()).contains("espresso");
  }

  @Test
  void guest_isKnownByItsUser() {
    assertThat(guest("info", "--agent", unix()).out()).containsPattern("unix uid \\d+");
  }

  @Test
  void vsock_saysWhyItIsNotThere_onBothSides() {
    Programs.Finished guest = guest("info", "--agent", "vsock:1:2048");
    assertThat(guest.out() + guest.err())
        .contains("vsock:1:2048 needs native epoll; in use is: NIO for hybrid, unix and tcp");

    Programs.Finished other =
        Programs.run(
            directory,
            NO_NATIVE,
            Programs.AGENT,
            "--listen",
            "vsock:any:2048",
            "--state",
            directory.resolve("other"));
    assertThat(other.status()).isEqualTo(1);
    assertThat(other.errorLines())
        .filteredOn(line -> line.startsWith("vaccel-agent: "))
        .singleElement()
        .asString()
        .startsWith(
            "vaccel-agent: cannot listen on vsock:any:2048: vsock:any:2048 needs native epoll");
  }

  @Test
  void forwardToVsock_saysWhyItCannot_inOneLine() {
    Programs.Finished forward =
        guest(
            "forward",
            "--listen",
            "unix:" + directory.resolve("forward.sock"),
            "--agent",
            "vsock:2:2048");
    assertThat(forward.status()).isEqualTo(1);
    assertThat(forward.errorLines())
        .filteredOn(line -> line.startsWith("vaccel-guest: "))
        .singleElement()
        .asString()
        .startsWith("vaccel-guest: forward: vsock:2:2048 needs native epoll; in use is: NIO");
    assertThat(forward.err()).doesNotContain("Exception");
    assertThat(directory.resolve("forward.sock")).doesNotExist();
  }

  @Test
  void doctor_saysWhatWouldHelp() {
    Programs.Finished doctor = guest("doctor", "--agent", "vsock:1:2048");
    assertThat(doctor.out()).contains("epoll does not load", "use a JDK for glibc");
    assertThat(doctor.status()).isEqualTo(1);
  }
}
