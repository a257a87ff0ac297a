package io.vaccel.guest;

import io.vaccel.Classification;
import io.vaccel.LoadedModel;
import io.vaccel.Model;
import io.vaccel.Stage;
import io.vaccel.VaccelException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Writes classifications for people: a table for each image. */
final class ClassifyText implements ClassifyReport {
  private static final int MAX_BAR_COLUMNS = 20;

  /** Indentation, score, and the spaces between the columns. */
  private static final int FIXED_COLUMNS = 2 + 2 + 4 + 2;

  private static final int MIN_NAME_COLUMNS = 8;

  /** The stage of a loading in which the model's files travel. */
  private static final String UPLOAD = "upload";

  private final PrintWriter out;
  private final Screen screen;

  ClassifyText(PrintWriter out, Screen screen) {
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
  public void classified(Path file, Classification result, Duration took) {
    out.println();
    out.println(screen.strong(file.toString()));
    List<Classification.Label> labels = result.labels();
    int longest = labels.stream().mapToInt(label -> label.name().length()).max().orElse(0);
    int names = Math.min(longest, Math.max(MIN_NAME_COLUMNS, screen.columns() - FIXED_COLUMNS));
    int bar = Math.min(MAX_BAR_COLUMNS, screen.columns() - FIXED_COLUMNS - names);
    for (Classification.Label label : labels) {
      String row =
          String.format(
              Locale.ROOT,
              "  %-" + Math.max(1, names) + "s  %4.2f  %s",
              cut(label.name(), names),
              label.score(),
              bar < 4 ? "" : screen.bar(label.score(), bar));
      out.println(row.stripTrailing());
    }
    out.println("  " + screen.faint(result.executedOn().toString()));
    out.println("  " + screen.faint(where(Figures.time(took), result.executedOn().stages())));
    out.flush();
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
  public void end() {
    out.flush();
  }
}
