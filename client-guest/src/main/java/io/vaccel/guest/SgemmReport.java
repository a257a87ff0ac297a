package io.vaccel.guest;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.vaccel.Profile;
import io.vaccel.Sgemm;
import io.vaccel.VaccelException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.CRC32;

/** What came of {@code sgemm}, for people and for programs. */
final class SgemmReport {
  private final Sgemm input;
  private final OptionalLong seed;
  private Sgemm.Product product;
  private List<Duration> times;
  private Profile profile;
  private Optional<Path> file = Optional.empty();

  SgemmReport(Sgemm input, OptionalLong seed) {
    this.input = input;
    this.seed = seed;
  }

  void done(Sgemm.Product last, List<Duration> each, Profile measured) {
    product = last;
    times = each.stream().sorted().toList();
    profile = measured;
  }

  /** The product is in this file too. */
  void wrote(Path written) {
    file = Optional.of(written);
  }

  void printText(PrintWriter out) {
    out.printf(
        "sgemm %d x %d x %d%s: %.1f GFLOP/s%n",
        input.m(),
        input.n(),
        input.k(),
        input.batch() == 1 ? "" : ", " + input.batch() + " times",
        gigaflops());
    out.println(
        "time  best "
            + Figures.time(times.get(0))
            + ", median "
            + Figures.time(median())
            + " of "
            + times.size());
    out.println("where " + product.executedOn());
    out.println("crc32 " + checksum());
    file.ifPresent(written -> out.println("wrote " + written));
    ProfileText.print(profile, out);
    out.flush();
  }

  void printJson(PrintWriter out) {
    JsonObject document = sizes();
    JsonArray micros = new JsonArray();
    times.forEach(time -> micros.add(time.toNanos() / 1000));
    document.add("sortedMicros", micros);
    document.addProperty("gigaflops", gigaflops());
    document.addProperty("crc32", checksum());
    document.add("executedOn", Json.executedOn(product.executedOn()));
    document.add("profile", ProfileText.json(profile));
    file.ifPresent(written -> document.addProperty("file", written.toString()));
    Json.print(document, out);
  }

  void printError(VaccelException error, PrintWriter out) {
    JsonObject document = sizes();
    document.add("error", Json.error(error));
    Json.print(document, out);
  }

  private JsonObject sizes() {
    JsonObject document = new JsonObject();
    document.addProperty("m", input.m());
    document.addProperty("n", input.n());
    document.addProperty("k", input.k());
    document.addProperty("batch", input.batch());
    document.addProperty("alpha", input.alpha());
    document.addProperty("beta", input.beta());
    seed.ifPresent(number -> document.addProperty("seed", number));
    return document;
  }

  /** Of the fastest call: a multiplication and an addition for each term. */
  private double gigaflops() {
    double operations = 2.0 * input.m() * input.n() * input.k() * input.batch();
    return operations / Math.max(1, times.get(0).toNanos());
  }

  private Duration median() {
    return times.get(times.size() / 2);
  }

  private String checksum() {
    CRC32 crc = new CRC32();
    crc.update(product.c().data());
    return String.format(Locale.ROOT, "%08x", crc.getValue());
  }
}
