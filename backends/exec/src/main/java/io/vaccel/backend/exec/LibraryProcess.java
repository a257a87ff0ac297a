package io.vaccel.backend.exec;

import io.vaccel.Argument;
import io.vaccel.ArgumentLayout;
import io.vaccel.Cancellation;
import io.vaccel.FunctionCall;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.backend.exec.child.ChildMain;
import io.vaccel.backend.exec.child.Job;
import io.vaccel.spi.Call;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * The process of one call, seen from the agent: it gets its job, has its time, and its answer is
 * believed only as far as it fits the question. Closing ends it.
 */
final class LibraryProcess implements AutoCloseable {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Threads that a library may start where the kernel counts them: not for root. */
  private static final int MORE_TASKS = 64;

  /** What a process that has closed its pipe gets to end by itself. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final Process process;

  private LibraryProcess(Process process) {
    this.process = process;
  }

  /** Starts a process that may read these files and nothing else. */
  static LibraryProcess start(ProcessBuilder builder, List<Path> readable) throws IOException {
    CompletableFuture<Process> started = new CompletableFuture<>();
    Thread given =
        new Thread(
            () -> {
              try {
                Confinement.enter(readable);
                started.complete(builder.start());
              } catch (IOException | RuntimeException | LinkageError e) {
                started.completeExceptionally(e);
              }
            },
            "vaccel-exec-start");
    given.setDaemon(true);
    given.start();
    try {
      return new LibraryProcess(started.join());
    } catch (CompletionException e) {
      throw new IOException("a process cannot be isolated", e.getCause());
    }
  }

  /** Has a function called and returns what it wrote. */
  List<Argument> perform(
      List<String> libraries,
      FunctionCall function,
      ExecSettings settings,
      Duration wall,
      Call call) {
    CompletableFuture<Boolean> late =
        new CompletableFuture<Boolean>()
            .completeOnTimeout(true, wall.toMillis(), TimeUnit.MILLISECONDS);
    var unused = late.thenAccept(passed -> kill(passed));
    Cancellation.Registration stop = call.onStop(process::destroyForcibly);
    try {
      Job job = job(libraries, function, settings);
      send(job, function);
      return new ReceivedAnswer(process.getInputStream(), job.nonce(), call).read(function);
    } catch (IOException e) {
      call.check();
      throw late.isDone()
          ? new VaccelException(
              Reason.DEADLINE_EXCEEDED,
              "the library ran longer than " + wall.toMillis() + " ms, the operator's limit",
              e)
          : ended(settings, e);
    } finally {
      stop.close();
      late.complete(false);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void kill(boolean passed) {
    if (passed) {
      process.destroyForcibly();
    }
  }

  private static Job job(List<String> libraries, FunctionCall function, ExecSettings settings)
      throws IOException {
    return new Job(
        RANDOM.nextLong(),
        settings.memoryBytes() - function.sizeBytes(),
        settings.cpuSeconds(),
        settings.descriptors(),
        tasks() + MORE_TASKS,
        function.layout() == ArgumentLayout.COMPACT,
        libraries,
        function.symbol(),
        slots(function.read()),
        slots(function.write()));
  }

  /** All tasks of this machine, which are at least those of this user. */
  private static int tasks() throws IOException {
    String load = Files.readString(Path.of("/proc/loadavg"));
    int slash = load.indexOf('/');
    return Integer.parseInt(load.substring(slash + 1, load.indexOf(' ', slash)));
  }

  private static List<Job.Slot> slots(List<Argument> arguments) {
    return arguments.stream()
        .map(a -> new Job.Slot(a.type().number(), a.customTypeId(), a.sizeBytes()))
        .toList();
  }

  private void send(Job job, FunctionCall function) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(process.getOutputStream()))) {
      job.writeTo(out);
      WritableByteChannel channel = Channels.newChannel(out);
      for (Argument argument : function.read()) {
        write(argument.data(), channel);
      }
      for (Argument argument : function.write()) {
        write(argument.data(), channel);
      }
    }
  }

  private static void write(ByteBuffer data, WritableByteChannel channel) throws IOException {
    while (data.hasRemaining()) {
      channel.write(data);
    }
  }

  /** The error for a process that has ended, or will now, without an answer. */
  private VaccelException ended(ExecSettings settings, IOException cause) {
    int status;
    try {
      if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
      status = process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new VaccelException(Reason.CANCELLED, "the calling thread was interrupted", e);
    }
    String how =
        switch (status) {
          case 1 -> "the library crashed, or ended its process with status 1";
          case 128 + 4, 128 + 6, 128 + 7, 128 + 8, 128 + 11 -> "the library crashed";
          case 128 + 9, 128 + 24 ->
              "the library used more than " + settings.cpuSeconds() + " s of processor time";
          case ChildMain.CANNOT_ANSWER -> "the library closed the way back";
          default -> "the library ended its process with status " + status;
        };
    return new VaccelException(Reason.ENGINE_FAILED, how, cause);
  }
}
