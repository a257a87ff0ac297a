package io.vaccel.guest;

import io.vaccel.Progress;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Shows on a terminal how far an upload is, and leaves nothing behind; safe for use by several
 * threads.
 */
final class ProgressBar implements Progress, AutoCloseable {
  /** Shorter uploads show nothing: a bar that only flashes is noise. */
  private static final long DELAY_NANOS = Duration.ofMillis(200).toNanos();

  private static final long INTERVAL_NANOS = Duration.ofMillis(100).toNanos();

  private static final int BAR_COLUMNS = 24;
  private static final String TO_LINE_START_AND_ERASE = "\r\u001b[K";

  private final PrintWriter err;
  private final Screen screen;
  private final LongSupplier nanoClock;
  private String what = "";
  private long startNanos;
  private long startBytes;
  private long drawnNanos;
  private boolean visible;

  /** A bar on this output, drawn by this clock. */
  ProgressBar(PrintWriter err, Screen screen, LongSupplier nanoClock) {
    this.err = err;
    this.screen = screen;
    this.nanoClock = nanoClock;
  }

  @Override
  public synchronized void moved(String name, long doneBytes, long totalBytes) {
    if (!screen.isTerminal()) {
      return;
    }
    long now = nanoClock.getAsLong();
    if (!name.equals(what)) {
      what = name;
      startNanos = now;
      startBytes = doneBytes;
      drawnNanos = now - INTERVAL_NANOS;
    }
    boolean finished = doneBytes >= totalBytes;
    boolean early = !visible && now - startNanos < DELAY_NANOS;
    boolean justDrawn = now - drawnNanos < INTERVAL_NANOS;
    if (early || (justDrawn && !finished)) {
      return;
    }
    drawnNanos = now;
    visible = true;
    err.print(TO_LINE_START_AND_ERASE + line(doneBytes, totalBytes, now));
    err.flush();
  }

  /** Erases the bar. */
  @Override
  public synchronized void close() {
    if (visible) {
      err.print(TO_LINE_START_AND_ERASE);
      err.flush();
      visible = false;
    }
    what = "";
  }

  private String line(long doneBytes, long totalBytes, long now) {
    double share = totalBytes <= 0 ? 1 : Math.min(1, (double) doneBytes / totalBytes);
    String bar = screen.bar(share, BAR_COLUMNS);
    String text =
        String.format(
            Locale.ROOT,
            "%s [%s%s] %3.0f %%  %s of %s%s",
            what,
            bar,
            " ".repeat(BAR_COLUMNS - bar.length()),
            Math.floor(share * 100),
            Figures.bytes(doneBytes),
            Figures.bytes(totalBytes),
            rate(doneBytes, now));
    // A full line would wrap, and only its last part could be erased.
    int room = Math.max(1, screen.columns() - 1);
    return text.length() <= room ? text : text.substring(0, room);
  }

  private String rate(long doneBytes, long now) {
    double seconds = (now - startNanos) / 1e9;
    long moved = doneBytes - startBytes;
    return seconds <= 0 || moved <= 0 ? "" : "  " + Figures.bytes((long) (moved / seconds)) + "/s";
  }
}
