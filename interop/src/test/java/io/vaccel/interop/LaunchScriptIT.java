package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The scripts in the distributions find a Java, refuse an old one, and start the right class with
 * the right flags.
 */
final class LaunchScriptIT {

  private static final Path DIST = Path.of(System.getProperty("vaccel.dist"));

  /** The programs a script may use: those of any small guest image, and no java. */
  private static final List<String> TOOLS = List.of("dirname", "readlink", "sed");

  @TempDir Path temp;
  private Path tools;

  @BeforeEach
  void aPathWithoutJava() throws IOException {
    tools = Files.createDirectory(temp.resolve("tools"));
    for (String tool : TOOLS) {
      program(tools.resolve(tool), "exec " + programOnThePath(tool) + " \"$@\"");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "agent/bin/vaccel-agent, io.vaccel.agent.AgentMain",
    "guest/bin/vaccel-guest, io.vaccel.guest.GuestMain"
  })
  void script_startsItsMainClassWithItsLibrariesAndArguments(String script, String mainClass)
      throws Exception {
    Path jdk = jdkThatPrintsItsArguments("17.0.15");

    Outcome outcome = run(installed(script), Map.of("JAVA_HOME", jdk.toString()), "a b", "*");

    String lib = temp.resolve("dist/lib").toRealPath() + "/*";
    assertThat(outcome.lines).containsExactly("-cp", lib, mainClass, "a b", "*");
    assertThat(outcome.status).isZero();
  }

  @Test
  void script_isFoundThroughLinks() throws Exception {
    Path script = installed("agent/bin/vaccel-agent");
    Path link = Files.createSymbolicLink(temp.resolve("first"), script);
    Path linkToLink = Files.createSymbolicLink(temp.resolve("second"), link.getFileName());
    Path jdk = jdkThatPrintsItsArguments("17.0.15");

    Outcome outcome = run(linkToLink, Map.of("JAVA_HOME", jdk.toString()));

    assertThat(outcome.lines).contains(temp.toRealPath().resolve("dist/lib") + "/*");
  }

  @Test
  void java_isTakenFromThePathWhenJavaHomeIsNotSet() throws Exception {
    Path jdk = jdkThatPrintsItsArguments("21");
    Files.createSymbolicLink(tools.resolve("java"), jdk.resolve("bin/java"));

    Outcome outcome = run(installed("agent/bin/vaccel-agent"), Map.of());

    assertThat(outcome.lines).contains("io.vaccel.agent.AgentMain");
  }

  @Test
  void flagsFromTheEnvironment_areWords() throws Exception {
    Path jdk = jdkThatPrintsItsArguments("17.0.15");

    Outcome outcome =
        run(
            installed("agent/bin/vaccel-agent"),
            Map.of("JAVA_HOME", jdk.toString(), "VACCEL_JAVA_OPTS", "-Xmx64m -Xss1m"));

    assertThat(outcome.lines).startsWith("-Xmx64m", "-Xss1m", "-cp");
  }

  @Test
  void newerJava_isToldThatNativeCodeIsWanted() throws Exception {
    Path jdk = jdkThatPrintsItsArguments("24.0.1");

    Outcome outcome = run(installed("agent/bin/vaccel-agent"), Map.of("JAVA_HOME", jdk.toString()));

    assertThat(outcome.lines)
        .startsWith(
            "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-cp");
  }

  @ParameterizedTest
  @CsvSource({"11.0.20, 11", "1.8.0_402, 1"})
  void olderJava_isRefused(String version, String shown) throws Exception {
    Path jdk = jdkThatPrintsItsArguments(version);

    Outcome outcome = run(installed("guest/bin/vaccel-guest"), Map.of("JAVA_HOME", jdk.toString()));

    assertThat(outcome.status).isEqualTo(1);
    assertThat(outcome.lines)
        .containsExactly(
            "vaccel-guest: %s/bin/java is Java %s: Java 17 or newer is needed"
                .formatted(jdk, shown));
  }

  @Test
  void javaHomeWithoutJava_isSaid() throws Exception {
    Outcome outcome = run(installed("guest/bin/vaccel-guest"), Map.of("JAVA_HOME", "/no/such/jdk"));

    assertThat(outcome.status).isEqualTo(1);
    assertThat(outcome.lines)
        .containsExactly(
            "vaccel-guest: JAVA_HOME is /no/such/jdk,"
                + " but there is no program /no/such/jdk/bin/java");
  }

  @Test
  void noJavaAtAll_isSaidWithWhatToInstall() throws Exception {
    Outcome outcome = run(installed("guest/bin/vaccel-guest"), Map.of());

    assertThat(outcome.status).isEqualTo(1);
    assertThat(outcome.lines)
        .singleElement()
        .asString()
        .startsWith("vaccel-guest: no java on the PATH")
        .contains("apt-get install openjdk-17-jre-headless");
  }

  @Test
  void jdkWithoutReleaseFile_isAskedForItsVersion() throws Exception {
    Path jdk = jdkThatPrintsItsArguments("11.0.20");
    Files.delete(jdk.resolve("release"));
    program(
        jdk.resolve("bin/java"), "[ \"$1\" = -version ] && echo 'openjdk version \"16.0.2\"' >&2");

    Outcome outcome = run(installed("agent/bin/vaccel-agent"), Map.of("JAVA_HOME", jdk.toString()));

    assertThat(outcome.lines)
        .containsExactly(
            "vaccel-agent: %s/bin/java is Java 16: Java 17 or newer is needed".formatted(jdk));
  }

  @Test
  void archiveOfClasses_isUsedWithItsOwnVersionOfJavaOnly() throws Exception {
    Path script = installed("agent/bin/vaccel-agent");
    Path archive = Files.createFile(temp.resolve("dist/lib/classes-21.jsa"));

    Outcome same = run(script, Map.of("JAVA_HOME", jdkThatPrintsItsArguments("21.0.2").toString()));
    Outcome other = run(script, Map.of("JAVA_HOME", jdkThatPrintsItsArguments("17").toString()));

    assertThat(same.lines).startsWith("-XX:SharedArchiveFile=" + archive.toRealPath());
    assertThat(other.lines).startsWith("-cp");
  }

  @Test
  void archiveOfClasses_isWrittenWhenAskedFor() throws Exception {
    Path jdk = jdkThatPrintsItsArguments("21.0.2");

    Outcome outcome =
        run(
            installed("guest/bin/vaccel-guest"),
            Map.of("JAVA_HOME", jdk.toString(), "VACCEL_CLASS_ARCHIVE", "write"));

    Path archive = temp.resolve("dist/lib").toRealPath().resolve("classes-21.jsa");
    assertThat(outcome.lines).startsWith("-XX:ArchiveClassesAtExit=" + archive, "-cp");
  }

  @Test
  void archiveOfClassesThatIsNone_isPassedOverInSilence() throws Exception {
    Path jdk = Path.of(System.getProperty("java.home"));
    int version = Runtime.version().feature();
    Path script = installed("guest/bin/vaccel-guest");
    Path lib = temp.resolve("dist/lib");
    try (DirectoryStream<Path> jars =
        Files.newDirectoryStream(DIST.resolve("guest/lib"), "*.jar")) {
      for (Path jar : jars) {
        Files.createSymbolicLink(lib.resolve(jar.getFileName()), jar);
      }
    }
    Files.writeString(lib.resolve("classes-" + version + ".jsa"), "no archive");

    Outcome outcome = run(script, Map.of("JAVA_HOME", jdk.toString()), "--version");

    assertThat(outcome.lines).first().asString().startsWith("vaccel-guest ");
    assertThat(outcome.status).isZero();
  }

  /** A copy of a distribution's script, with an empty lib. */
  private Path installed(String script) throws IOException {
    Path bin = Files.createDirectories(temp.resolve("dist/bin"));
    Files.createDirectories(temp.resolve("dist/lib"));
    Path source = DIST.resolve(script);
    return Files.copy(
        source, bin.resolve(source.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
  }

  private Path jdkThatPrintsItsArguments(String version) throws IOException {
    Path jdk = Files.createDirectories(temp.resolve("jdk"));
    Files.createDirectories(jdk.resolve("bin"));
    Files.writeString(
        jdk.resolve("release"),
        "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"%s\"\nJAVA_VERSION_DATE=\"y\"\n".formatted(version));
    program(jdk.resolve("bin/java"), "printf '%s\\n' \"$@\"");
    return jdk;
  }

  private static void program(Path file, String body) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static Path programOnThePath(String name) throws IOException {
    for (String directory : System.getenv("PATH").split(":")) {
      Path file = Path.of(directory, name);
      if (Files.isExecutable(file)) {
        return file;
      }
    }
    throw new IOException("no " + name + " on the PATH");
  }

  private Outcome run(Path script, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(arguments));
    Path output = temp.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", tools.toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("ended").isTrue();
      return new Outcome(process.exitValue(), Files.readAllLines(output, StandardCharsets.UTF_8));
    } finally {
      process.destroyForcibly();
    }
  }

  private record Outcome(int status, List<String> lines) {}
}
