package io.vaccel.guest;

import io.vaccel.LoadedModel;
import io.vaccel.Model;
import io.vaccel.Profile;
import io.vaccel.Result;
import io.vaccel.Stage;
import io.vaccel.VaccelException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Writes for people: a table for each image.
 *
 * @param <R> the result for one image
 */
final class PictureText<R extends Result> implements PictureReport<R> {
  private static final int MAX_BAR_COLUMNS = 20;

  /** Indentation, score, and the spaces between the columns. */
  private static final int FIXED_COLUMNS = 2 + 2 + 4 + 2;

  private static final int MIN_NAME_COLUMNS = 8;

  /** The stage of a loading in which the model's files travel. */
  private static final String UPLOAD = "upload";

  private final Findings<R> findings;
  private final PrintWriter out;
  private final Screen screen;

  PictureText(Findings<R> findings, PrintWriter out, Screen screen) {
    this.findings = findings;
    this.out = out;
    this.screen = screen;
  }

  @Override
  public void loaded(Path file, Model model, Duration took) {
    LoadedModel loaded = model.loaded();
    long size = model.spec().resource().sizeBytes();
    out.println(
        "model " + file.getFileName() + " " + Figures.bytes(size) + ": " + way(loaded, size, took));
    List<Stage> stages =
        loaded.executedOn().stages().stream()
            // Without bytes sent, that is the time in which the agent said that it has them.
            .filter(stage -> !stage.name().equals(UPLOAD) || loaded.uploadedBytes() > 0)
            .toList();
    out.println("  " + screen.faint(where(loaded.executedOn().toString(), stages)));
    out.flush();
  }

  private static String way(LoadedModel loaded, long size, Duration took) {
    if (loaded.executedOn().isLocal()) {
      return "loaded here in " + Figures.time(took);
    }
    if (loaded.uploadedBytes() == 0) {
      return "already at the agent, nothing sent";
    }
    Duration upload =
        loaded.executedOn().stages().stream()
            .filter(stage -> stage.name().equals(UPLOAD))
            .map(Stage::elapsed)
            .findFirst()
            .orElse(took);
    String part =
        loaded.uploadedBytes() < size ? Figures.bytes(loaded.uploadedBytes()) + " of it " : "";
    return part + "uploaded in " + Figures.time(upload);
  }

  @Override
  public void done(Path file, R result, Duration took, List<WrittenFile> written) {
    out.println();
    out.println(screen.strong(file.toString()));
    table(findings.rows(result));
    if (!findings.remark(result).isEmpty()) {
      out.println("  " + findings.remark(result));
    }
    written.forEach(each -> out.println("  " + each.what() + ": " + each.file()));
    out.println("  " + screen.faint(result.executedOn().toString()));
    out.println("  " + screen.faint(where(Figures.time(took), result.executedOn().stages())));
    out.flush();
  }

  private void table(List<Findings.Row> rows) {
    int longest = rows.stream().mapToInt(row -> row.name().length()).max().orElse(0);
    int details = rows.stream().mapToInt(row -> row.detail().length()).max().orElse(0);
    int fixed = FIXED_COLUMNS + (details == 0 ? 0 : details + 2);
    int names = Math.min(longest, Math.max(MIN_NAME_COLUMNS, screen.columns() - fixed));
    int bar = Math.min(MAX_BAR_COLUMNS, screen.columns() - fixed - names);
    for (Findings.Row row : rows) {
      String score = String.format(Locale.ROOT, "%4.2f", row.score());
      String detail = details == 0 ? "" : padded(row.detail(), details) + "  ";
      String line =
          "  "
              + padded(cut(row.name(), names), names)
              + "  "
              + score
              + "  "
              + detail
              + (bar < 4 ? "" : screen.bar(row.score(), bar));
      out.println(line.stripTrailing());
    }
  }

  private static String padded(String text, int columns) {
    return text + " ".repeat(Math.max(0, columns - text.length()));
  }

  private static String where(String what, List<Stage> stages) {
    return stages.isEmpty() ? what : what + ": " + Figures.stages(stages);
  }

  private String cut(String name, int columns) {
    // What goes into a file is never cut.
    return name.length() <= columns || !screen.isTerminal() || columns < 4
        ? name
        : name.substring(0, columns - 3) + "...";
  }

  @Override
  public void failed(Path file, VaccelException error) {
    // Reported on standard error.
  }

  @Override
  public void measured(Profile profile) {
    ProfileText.print(profile, out);
  }

  @Override
  public void end() {
    out.flush();
  }
}
