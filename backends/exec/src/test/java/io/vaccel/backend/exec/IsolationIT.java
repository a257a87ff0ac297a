package io.vaccel.backend.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vaccel.Argument;
import io.vaccel.ArgumentType;
import io.vaccel.CallOptions;
import io.vaccel.Cancellation;
import io.vaccel.Exec;
import io.vaccel.FunctionCall;
import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.Session;
import io.vaccel.Settings;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import io.vaccel.contract.ExecLibraries;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a library cannot reach, and cannot take, whatever it tries. */
final class IsolationIT {
  private static final int EPERM = 1;
  private static final int EACCES = 13;

  @TempDir private Path directory;
  private Vaccel vaccel;
  private Session session;

  @BeforeEach
  void open() {
    vaccel =
        Vaccel.builder()
            .set(Settings.PLUGINS, ExecProvider.NAME)
            .set(ExecSettings.LIBRARIES, ExecLibraries.compiled().setting())
            .set(ExecSettings.DIRECTORY, directory.resolve("exec").toString())
            .set(ExecSettings.MEMORY, Long.toString(256 << 20))
            .set(ExecSettings.CPU, "1")
            .set(ExecSettings.WALL, "30000")
            .load();
    session = vaccel.openSession();
  }

  @AfterEach
  void close() throws IOException {
    vaccel.close();
    Path place = Files.createDirectories(directory.resolve("exec"));
    // The locked directory in which all of them lie goes with this process.
    try (Stream<Path> left = Files.walk(place)) {
      assertThat(left.map(path -> place.relativize(path).toString()))
          .as("what the plugin left behind")
          .allMatch(name -> name.matches("|vaccel-native-[0-9]+(/lock)?"));
    }
  }

  /** The errno of what the function tried; 0 when it succeeded. */
  private int errnoOf(String symbol, Argument... read) {
    List<Argument> write =
        List.of(Argument.room(ArgumentType.INT32, 4), Argument.room(ArgumentType.BUFFER, 100));
    return exec(symbol, List.of(read), write).arguments().get(0).data().getInt();
  }

  private Exec.Written exec(String symbol, List<Argument> read, List<Argument> write) {
    return session.exec(ExecLibraries.BEHAVIOUR, FunctionCall.of(symbol, read, write));
  }

  private String textOf(String symbol) {
    List<Argument> room = List.of(Argument.room(ArgumentType.BUFFER, 1 << 16));
    return StandardCharsets.UTF_8
        .decode(exec(symbol, List.of(), room).arguments().get(0).data())
        .toString();
  }

  private VaccelException failed(String symbol) {
    return catchThrowableOfType(
        VaccelException.class,
        () -> exec(symbol, List.of(), List.of(Argument.room(ArgumentType.BUFFER, 16))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "forks",
        "runs",
        "connects",
        "unix_socket",
        "vsock",
        "traces",
        "kills",
        "owns",
        "raises_limit"
      })
  void forbiddenCalls_fail(String symbol) {
    assertThat(errnoOf(symbol)).isEqualTo(EPERM);
  }

  @Test
  void threads_areNotForbidden() {
    assertThat(errnoOf("threads")).isEqualTo(1);
  }

  @Test
  void filesOfTheHost_cannotBeOpened() throws IOException {
    Path secret = Files.writeString(directory.resolve("secret"), "of the agent");
    for (String path :
        List.of(secret.toString(), "/etc/passwd", "/", "/root", "/tmp", "/dev/shm", "/home")) {
      assertThat(errnoOf("opens", Argument.ofString(path))).as(path).isEqualTo(EACCES);
    }
    // Such a path is what it looks like: the C library itself can be read.
    assertThat(errnoOf("opens", Argument.ofString("/proc/self/maps"))).isZero();
  }

  @Test
  void parentsEnvironmentAndMemory_cannotBeRead() {
    assertThat(errnoOf("parents_environment")).isEqualTo(EACCES);
    long pid = ProcessHandle.current().pid();
    for (String file : List.of("environ", "mem", "maps", "fd/0", "root/etc/passwd", "cwd")) {
      assertThat(errnoOf("opens", Argument.ofString("/proc/" + pid + "/" + file)))
          .as(file)
          .isEqualTo(EACCES);
    }
  }

  @Test
  void nothing_canBeWritten() {
    for (String path : List.of("new", "/tmp/new", "/dev/shm/new", directory + "/new")) {
      assertThat(errnoOf("creates", Argument.ofString(path))).as(path).isEqualTo(EACCES);
    }
  }

  @Test
  void surroundings_holdNothingOfTheAgent() throws IOException {
    Path secret = Files.writeString(directory.resolve("secret"), "of the agent");
    String seen;
    try (InputStream open = Files.newInputStream(secret)) {
      assertThat(open.read()).isPositive();
      seen = textOf("surroundings");
    }
    // The launcher of a JVM may set one for itself.
    assertThat(seen.lines().filter(line -> line.startsWith("variable ")))
        .allMatch(line -> line.matches("variable (_JAVA_VERSION_SET|NLSPATH|JDK_JAVA_OPTIONS)=.*"));
    assertThat(seen.lines().filter(line -> line.startsWith("file "))).isEmpty();
    // The way back, the JVM's own archives, and one end of a socket that it keeps as a marker.
    assertThat(seen.lines().filter(line -> line.startsWith("descriptor ")))
        .allMatch(
            line ->
                line.matches(
                    "descriptor (/dev/null|pipe:.*|socket:.*|.*/lib/modules|.*\\.(jar|so))"))
        .filteredOn(line -> line.startsWith("descriptor pipe:"))
        .hasSize(1);
  }

  @Test
  void privileges_areGone() {
    assertThat(textOf("privileges"))
        .contains("NoNewPrivs:\t1", "Seccomp:\t2", "CapEff:\t0000000000000000")
        .contains("CapPrm:\t0000000000000000", "CapInh:\t0000000000000000");
  }

  @Test
  void memory_isLimited() {
    assertThat(failed("eat")).hasMessageContaining("eat returned 12");
  }

  @Test
  void processorTime_isLimited() {
    for (String symbol : List.of("spin", "stubborn")) {
      VaccelException failure = failed(symbol);
      assertThat(failure.reason()).isEqualTo(Reason.ENGINE_FAILED);
      assertThat(failure).hasMessageContaining("used more than 1 s of processor time");
    }
  }

  @Test
  void descriptors_areLimited() {
    List<Argument> room = List.of(Argument.room(ArgumentType.INT32, 4));
    int opened = exec("opens_many", List.of(), room).arguments().get(0).data().getInt();
    assertThat(opened).isBetween(1, 64);
  }

  @Test
  void wallTime_isLimited() {
    try (Vaccel impatient =
            Vaccel.builder()
                .set(Settings.PLUGINS, ExecProvider.NAME)
                .set(ExecSettings.LIBRARIES, ExecLibraries.compiled().setting())
                .set(ExecSettings.WALL, "4000")
                .load();
        Session own = impatient.openSession()) {
      FunctionCall hang = FunctionCall.of("hang", List.of(), List.of());
      VaccelException failure =
          catchThrowableOfType(
              VaccelException.class, () -> own.exec(ExecLibraries.BEHAVIOUR, hang));
      assertThat(failure.reason()).isEqualTo(Reason.DEADLINE_EXCEEDED);
      assertThat(failure).hasMessageContaining("ran longer than 4000 ms");
    }
  }

  @Test
  void cancelled_endsTheProcess() {
    Cancellation cancellation = new Cancellation();
    Exec hang = new Exec(ExecLibraries.BEHAVIOUR, FunctionCall.of("hang", List.of(), List.of()));
    CompletableFuture<Exec.Written> call =
        session
            .async()
            .submit(
                Operations.EXEC,
                hang,
                CallOptions.within(Duration.ofSeconds(60)).with(cancellation));
    awaitChild();
    cancellation.cancel();
    assertThat(catchThrowableOfType(Exception.class, call::join))
        .rootCause()
        .hasMessageContaining("the caller cancelled");
    vaccel.close();
    assertThat(ProcessHandle.current().children()).isEmpty();
  }

  private static void awaitChild() {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (ProcessHandle.current().children().findAny().isEmpty()) {
      assertThat(System.nanoTime()).as("no process was started").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  @Test
  void whatItPrints_disturbsNobody() {
    exec("prints", List.of(), List.of());
  }

  @Test
  void changedLibrary_isNotCalled() throws IOException {
    Path library = Files.copy(ExecLibraries.compiled().behaviour(), directory.resolve("l.so"));
    String allowed =
        "mine=" + io.vaccel.ResourceFile.read("l.so", library).digest() + ":" + library;
    Files.write(library, new byte[] {1}, java.nio.file.StandardOpenOption.APPEND);
    try (Vaccel other =
            Vaccel.builder()
                .set(Settings.PLUGINS, ExecProvider.NAME)
                .set(ExecSettings.LIBRARIES, allowed)
                .load();
        Session own = other.openSession()) {
      FunctionCall call = FunctionCall.of("nothing", List.of(), List.of());
      assertThat(catchThrowableOfType(VaccelException.class, () -> own.exec("mine", call)).reason())
          .isEqualTo(Reason.CONTENT_MISMATCH);
    }
  }

  @Test
  void argumentsOverTheMemoryLimit_areRefused_beforeAnythingIsStarted() {
    Argument large = Argument.room(ArgumentType.BUFFER, 200 << 20);
    VaccelException failure =
        catchThrowableOfType(
            VaccelException.class, () -> exec("nothing", List.of(large), List.of(large)));
    assertThat(failure.reason()).isEqualTo(Reason.QUOTA_EXCEEDED);
  }
}
