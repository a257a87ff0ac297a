package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs classes of tests within a guest VM, where the JDK and the compiled classes are at hand. */
final class VmTests {
  private static final Pattern ABORTED = Pattern.compile("\\[ *([0-9]+) tests aborted");
  private static final Pattern OF_A_FORMAT =
      Pattern.compile(
          "Assumption failed: (the engine of )?[A-Z_]+ (models tell|cannot|models takes)");

  private VmTests() {}

  /** The command that runs them. */
  static List<String> command(String... classes) {
    return command(List.of(), classes);
  }

  /**
   * The command that runs the transport's contract, whose servers are in a {@link #contractServer}
   * on another machine.
   *
   * @param control where that is told what to do, as seen from here
   * @param dial where its servers are, as seen from here
   * @param owner what they must take this machine for
   * @param slowness how many times longer than on a real machine everything may take
   */
  static List<String> contract(String control, String dial, String owner, int slowness) {
    List<String> properties =
        List.of(
            "-Dvaccel.contract.slowness=" + slowness,
            "-Dvaccel.contract.control=" + control,
            "-Dvaccel.contract.dial=" + dial,
            "-Dvaccel.contract.owner=" + owner);
    return command(properties, "io.vaccel.transport.AcrossMachinesIT");
  }

  /** The command that runs the other side of {@link #contract}, until it is ended. */
  static List<String> contractServer(String control, String endpoint) {
    List<String> command = new ArrayList<>(java(List.of()));
    command.addAll(List.of("io.vaccel.transport.ContractServer", control, endpoint));
    return command;
  }

  /** The command that ends it, from a machine that sees it at {@code control}. */
  static List<String> endContractServer(String control) {
    List<String> command = new ArrayList<>(java(List.of()));
    command.addAll(List.of("io.vaccel.transport.ContractServer", control));
    return command;
  }

  private static List<String> command(List<String> properties, String... classes) {
    List<String> command = new ArrayList<>(java(properties));
    command.addAll(
        List.of(
            "org.junit.platform.console.ConsoleLauncher",
            "execute",
            "--disable-banner",
            "--disable-ansi-colors",
            "--details=testfeed"));
    Arrays.stream(classes).map(name -> "--select-class=" + name).forEach(command::add);
    return command;
  }

  private static List<String> java(List<String> properties) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx512m");
    command.addAll(properties);
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    return command;
  }

  /** Asserts that every one of them ran: none was skipped or gave up on an assumption. */
  static void assertPassed(Programs.Finished vm) {
    assertRan(vm);
    assertThat(vm.out()).containsPattern("\\[ *0 tests aborted");
  }

  /** The same, but for what a format of models does not have: its contract says so. */
  static void assertPassedAsFarAsFormatsGo(Programs.Finished vm) {
    assertRan(vm);
    Matcher aborted = ABORTED.matcher(vm.out());
    assertThat(aborted.find()).isTrue();
    assertThat(OF_A_FORMAT.matcher(vm.out()).results())
        .as("aborted tests in %s", vm.out())
        .hasSize(Integer.parseInt(aborted.group(1)));
  }

  private static void assertRan(Programs.Finished vm) {
    assertThat(vm.status()).as("%s%n%s", vm.out(), vm.err()).isZero();
    assertThat(vm.out())
        .containsPattern("\\[ *[1-9][0-9]* tests successful")
        .containsPattern("\\[ *0 tests failed")
        .containsPattern("\\[ *0 tests skipped");
  }
}
