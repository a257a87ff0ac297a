package io.vaccel.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vaccel.Digest;
import io.vaccel.ResourceFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The shared libraries of {@link ExecContract}, compiled from C once for all tests of a JVM. */
public final class ExecLibraries {
  /** Functions that behave in many ways; see {@code behaviour.c}. */
  public static final String BEHAVIOUR = "behaviour";

  /** Defines {@code times_three}. */
  public static final String DEPENDENCY = "libdependency.so";

  /** Needs the dependency. */
  public static final String DEPENDENT = "libdependent.so";

  /**
   * Names the directory where another process has compiled them, and no compiler is needed: their
   * digests are then the ones that an agent of that process allows.
   */
  public static final String COMPILED = "VACCEL_TEST_EXEC_LIBRARIES";

  private final Path directory;

  private ExecLibraries(Path directory) {
    this.directory = directory;
  }

  private static final class Compiled {
    private static final ExecLibraries ALL =
        elsewhere().map(ExecLibraries::new).orElseGet(ExecLibraries::compileAll);
  }

  private static Optional<Path> elsewhere() {
    return Optional.ofNullable(System.getenv(COMPILED)).map(Path::of);
  }

  /** Whether they are compiled, or there is a compiler. */
  public static boolean canCompile() {
    if (elsewhere().isPresent()) {
      return true;
    }
    String path = System.getenv().getOrDefault("PATH", "");
    return Arrays.stream(path.split(":"))
        .anyMatch(part -> Files.isExecutable(Path.of(part, "gcc")));
  }

  /** The libraries; a test that asks for them is reported as not run where there is no compiler. */
  public static ExecLibraries compiled() {
    assumeTrue(canCompile(), "needs gcc for libraries to call; './vaccel setup' installs it");
    return Compiled.ALL;
  }

  /** Where all of them lie, as {@link #COMPILED} says it to another process. */
  public Path directory() {
    return directory;
  }

  /** All of them by name. */
  public Map<String, Digest> digests() {
    return allowed().stream()
        .map(entry -> entry.split("[=:]"))
        .collect(Collectors.toMap(parts -> parts[0], parts -> new Digest(parts[1])));
  }

  /** Where {@code behaviour.so} lies. */
  public Path behaviour() {
    return directory.resolve("behaviour.so");
  }

  /** Where the library that needs nothing lies. */
  public Path dependency() {
    return directory.resolve(DEPENDENCY);
  }

  /** Where the library that needs the other one lies. */
  public Path dependent() {
    return directory.resolve(DEPENDENT);
  }

  /** Where a file lies that is no library. */
  public Path noLibrary() {
    return directory.resolve("text.so");
  }

  /** All of them as {@code NAME=SHA256[:PATH]}; only {@link #BEHAVIOUR} lies on the machine. */
  public List<String> allowed() {
    return Stream.concat(
            Stream.of(entry(BEHAVIOUR, behaviour()) + ":" + behaviour()),
            Stream.of(dependency(), dependent(), noLibrary())
                .map(path -> entry(path.getFileName().toString(), path)))
        .toList();
  }

  /** The same as one setting. */
  public String setting() {
    return String.join(" ", allowed());
  }

  private static String entry(String name, Path path) {
    return name + "=" + ResourceFile.read("library", path).digest();
  }

  private static ExecLibraries compileAll() {
    try {
      ExecLibraries libraries = new ExecLibraries(Files.createTempDirectory("exec-libraries"));
      Runtime.getRuntime().addShutdownHook(new Thread(libraries::delete));
      libraries.compile("behaviour.c", libraries.behaviour());
      libraries.compile("dependency.c", libraries.dependency(), "-Wl,-soname," + DEPENDENCY);
      libraries.compile(
          "dependent.c",
          libraries.dependent(),
          "-L" + libraries.directory,
          "-Wl,--no-as-needed",
          "-ldependency");
      Files.writeString(libraries.noLibrary(), "a text and no library");
      return libraries;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void compile(String source, Path library, String... more) throws IOException {
    Path file = directory.resolve(source);
    try (InputStream in = ExecLibraries.class.getResourceAsStream(source)) {
      Files.copy(in, file);
    }
    List<String> command =
        new ArrayList<>(
            List.of("gcc", "-shared", "-fPIC", "-O1", "-pthread", "-o", library.toString()));
    command.add(file.toString());
    command.addAll(Arrays.asList(more));
    Process gcc = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      assertThat(gcc.waitFor()).as("%s: %s", command, said).isZero();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private void delete() {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(directory);
    } catch (IOException e) {
      System.err.println("cannot remove " + directory + ": " + e);
    }
  }
}
