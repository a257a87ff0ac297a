package io.vaccel.guest;

import io.vaccel.Settings;
import io.vaccel.VaccelException;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Where a command writes: results to {@code out}, all else to {@code err}.
 *
 * @param out standard output
 * @param err standard error
 * @param screen what standard output can show
 * @param errScreen what standard error can show
 */
record Console(PrintWriter out, PrintWriter err, Screen screen, Screen errScreen) {

  /** The console of this process. */
  static Console ofProcess(Settings environment) {
    // The JDK's own streams fall back to ASCII when they are no terminal.
    Charset charset = charset();
    boolean blocks = charset.newEncoder().canEncode('\u2588');
    return new Console(
        writer(FileDescriptor.out, charset),
        writer(FileDescriptor.err, charset),
        screen(environment, 1, blocks),
        screen(environment, 2, blocks));
  }

  /** Writes one line about what went wrong. */
  void problem(Throwable error) {
    problem(
        error instanceof VaccelException
            ? error.getMessage()
            : "failed unexpectedly: " + error + " (--verbose shows where)");
  }

  /** Writes one line about what went wrong. */
  void problem(String text) {
    // So that a person sees both streams in the order in which they were written.
    out.flush();
    err.println(GuestCommand.NAME + ": " + text.replaceAll("\\R+", " "));
    err.flush();
  }

  void flush() {
    out.flush();
    err.flush();
  }

  private static PrintWriter writer(FileDescriptor descriptor, Charset charset) {
    OutputStream stream = new FileOutputStream(descriptor);
    return new PrintWriter(new OutputStreamWriter(stream, charset), false);
  }

  private static Charset charset() {
    try {
      return Charset.forName(System.getProperty("native.encoding", "UTF-8"));
    } catch (IllegalArgumentException e) {
      return StandardCharsets.US_ASCII;
    }
  }

  private static Screen screen(Settings environment, int descriptor, boolean blocks) {
    boolean terminal =
        isTerminal(descriptor) && !environment.get("TERM").orElse("dumb").equals("dumb");
    boolean colour = terminal && environment.get("NO_COLOR").isEmpty();
    int columns = terminal ? columns(environment) : Screen.DEFAULT_COLUMNS;
    return new Screen(terminal, columns, colour, blocks);
  }

  // The JDK says only whether all three streams are a terminal. /dev/console is none: what is
  // written there goes into logs.
  private static boolean isTerminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  private static int columns(Settings environment) {
    return environment
        .get("COLUMNS")
        .or(Console::sizeByStty)
        .map(Console::number)
        .filter(columns -> columns > 0)
        .orElse(Screen.DEFAULT_COLUMNS);
  }

  private static Optional<String> sizeByStty() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String answer = new String(stty.getInputStream().readNBytes(64), StandardCharsets.US_ASCII);
      stty.waitFor(1, TimeUnit.SECONDS);
      return Optional.of(answer.strip()).map(size -> size.substring(size.indexOf(' ') + 1));
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
