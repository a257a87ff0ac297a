package io.vaccel.guest;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.vaccel.Settings;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SgemmCommandTest {
  private final Guest guest = new Guest(FakePlugin.remote().multiplying());

  @Test
  void text_saysHowFastAndWhere() {
    assertThat(guest.run("sgemm", "--agent", "vsock:2:2048", "--m", 2, "--n", 3, "--k", 4))
        .isZero();
    assertThat(guest.out())
        .startsWith("sgemm 2 x 3 x 4: ")
        .contains(" GFLOP/s\n", " of 5\n", "where agent vsock:2:2048, plugin onnx, CPU\n", "crc32 ")
        .doesNotContain("region");
    assertThat(guest.err()).isEmpty();
  }

  @Test
  void json_isTheSameForTheSameSeed() {
    assertThat(run("1").get("crc32")).isEqualTo(run("1").get("crc32"));
    assertThat(run("1").get("crc32")).isNotEqualTo(run("2").get("crc32"));
    assertThat(run("1").get("sortedMicros").getAsJsonArray()).hasSize(2);
    assertThat(run("1").get("profile").getAsJsonArray()).isEmpty();
  }

  @Test
  void profile_isShownWhenItIsMeasured() {
    guest.with(Settings.PROFILING, "1");
    assertThat(guest.run("sgemm", "--agent", "vsock:2:2048", "--m", 1, "--n", 1, "--k", 1))
        .isZero();
    assertThat(guest.out()).containsPattern("region +count").containsPattern("blas.sgemm +6 ");
  }

  @Test
  void sizesThatCannotBe_areWrongUsage() {
    for (String[] sizes : new String[][] {{"--m", "-1"}, {"--k", "1000000"}, {"--batch", "0"}}) {
      assertThat(guest.run("sgemm", "--n", 1, sizes[0], sizes[1])).isEqualTo(2);
    }
    assertThat(guest.run("sgemm", "--count", 0)).isEqualTo(2);
    assertThat(guest.err()).contains("matrix a of 1 x -1 x 1024", "--count");
  }

  @Test
  void matricesOfFiles_areMultiplied(@TempDir Path directory) {
    Path a = write(directory, "a.npy", Shape.of(2, 2), 1, 2, 3, 4);
    Path b = write(directory, "b.npy", Shape.of(2, 1), 10, 100);
    Path c = write(directory, "c.npy", Shape.of(2, 1), 1, 2);
    Path out = directory.resolve("new.npy");
    assertThat(files(a, b, "--out", out)).as(guest.err()).isZero();
    assertThat(TensorFiles.read(out)).containsExactly(column(210, 430));
    assertThat(files(a, b, "--c", c, "--beta", "0.5", "--out", out)).isZero();
    assertThat(TensorFiles.read(out)).containsExactly(column(210.5f, 431));
    assertThat(files(a, b, "--c", c, "--out", out, "--json")).isZero();
    assertThat(TensorFiles.read(out)).containsExactly(column(211, 432));
    assertThat(guest.out())
        .contains("wrote " + out, "\"file\": \"" + out + "\"", "\"beta\": 1.0")
        .doesNotContain("seed");
  }

  @Test
  void filesThatDoNotFit_areNamed(@TempDir Path directory) {
    Path a = write(directory, "a.npy", Shape.of(2, 2), 1, 2, 3, 4);
    Path b = write(directory, "b.npy", Shape.of(1, 2), 10, 100);
    Path line = write(directory, "line.npy", Shape.of(2), 10, 100);
    assertThat(files(a, b)).isEqualTo(1);
    assertThat(files(a, line)).isEqualTo(1);
    assertThat(files(a, a, "--c", b)).isEqualTo(1);
    assertThat(files(a, directory.resolve("none.npy"))).isEqualTo(1);
    assertThat(guest.err())
        .contains(
            b + " is FLOAT32[1, 2]: does not fit " + a,
            line + " is FLOAT32[2]: must be FLOAT32[rows, columns]",
            b + " is FLOAT32[1, 2]: does not fit the product, which is 2 x 2",
            "no such file: " + directory.resolve("none.npy"));
    assertThat(files(a, b, "--json")).isEqualTo(1);
    assertThat(guest.out()).contains("\"error\"", "\"ARGUMENT_INVALID\"");
    assertThat(files(a, a, "--m", 2)).isEqualTo(2);
    assertThat(files(a, a, "--beta", 2)).isEqualTo(2);
    assertThat(guest.run("sgemm", "--a", a)).isEqualTo(2);
    assertThat(guest.err()).contains("--m is said by the files", "--beta is", "both --a and --b");
  }

  private int files(Path a, Path b, Object... more) {
    List<Object> line =
        new ArrayList<>(
            List.of("sgemm", "--agent", "vsock:2:2048", "--a", a, "--b", b, "--count", 1));
    line.addAll(List.of(more));
    return guest.run(line.toArray());
  }

  private static Tensor column(float first, float second) {
    return Tensor.ofFloats("", Shape.of(2, 1), first, second);
  }

  private static Path write(Path directory, String name, Shape shape, float... values) {
    Path file = directory.resolve(name);
    TensorFiles.write(file, List.of(Tensor.ofFloats("", shape, values)));
    return file;
  }

  private static JsonObject run(String seed) {
    Guest fresh = new Guest(FakePlugin.remote().multiplying());
    assertThat(
            fresh.run(
                "sgemm",
                "--agent",
                "vsock:2:2048",
                "--json",
                "--m",
                2,
                "--n",
                2,
                "--k",
                2,
                "--count",
                2,
                "--seed",
                seed))
        .isZero();
    return JsonParser.parseString(fresh.out()).getAsJsonObject();
  }
}
