package io.vaccel.program.doctor;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.vaccel.program.doctor.Finding.State;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/**
 * The findings of several checks, in their order, and how they are reported.
 *
 * @param findings what was found
 */
public record Checkup(List<Finding> findings) {
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  /** Copies the findings. */
  public Checkup {
    findings = List.copyOf(findings);
  }

  /** Runs the checks one after the other. */
  public static Checkup of(List<Check> checks) {
    return new Checkup(checks.stream().flatMap(check -> check.findings().stream()).toList());
  }

  /** 0 when nothing is wrong, else 1. */
  public int exitCode() {
    return problems() == 0 ? 0 : 1;
  }

  private long problems() {
    return findings.stream().filter(finding -> finding.state() == State.PROBLEM).count();
  }

  /** Writes a line for each finding, and below it what to do. */
  public void print(PrintWriter out) {
    for (Finding finding : findings) {
      out.printf(
          "%-8s %-16s %s%n",
          finding.state().name().toLowerCase(Locale.ROOT), finding.what(), finding.found());
      finding.advice().forEach(line -> out.printf("%26s%s%n", "-> ", line));
    }
    long problems = problems();
    out.println(
        problems == 0
            ? "Nothing is wrong."
            : problems == 1 ? "1 problem." : problems + " problems.");
    out.flush();
  }

  /** Writes one JSON document, as {@code docs/DOCTOR.md} describes it. */
  public void printJson(PrintWriter out) {
    JsonArray checks = new JsonArray();
    for (Finding finding : findings) {
      JsonObject one = new JsonObject();
      one.addProperty("check", finding.what());
      one.addProperty("state", finding.state().name().toLowerCase(Locale.ROOT));
      one.addProperty("found", finding.found());
      JsonArray advice = new JsonArray();
      finding.advice().forEach(advice::add);
      one.add("advice", advice);
      checks.add(one);
    }
    JsonObject document = new JsonObject();
    document.addProperty("problems", problems());
    document.add("checks", checks);
    out.println(GSON.toJson(document));
    out.flush();
  }
}
