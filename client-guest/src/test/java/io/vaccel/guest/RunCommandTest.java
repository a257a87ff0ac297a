package io.vaccel.guest;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.vaccel.ElementType;
import io.vaccel.Settings;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.backend.onnx.OnnxProvider;
import io.vaccel.contract.OnnxFile;
import io.vaccel.contract.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code run} with a real engine and files that NumPy wrote. */
final class RunCommandTest {
  @TempDir Path directory;

  private final Guest guest = guest();
  private Path sums;

  @BeforeEach
  void writeModel() throws IOException {
    sums = write("sums.onnx", TinyModels.sumAndDifference());
  }

  @Test
  void withoutInputs_theModelIsDescribed() {
    assertThat(guest.run("run", "--model", sums)).isZero();
    assertThat(guest.out())
        .contains("input   a FLOAT32[-1, 2]", "output  difference FLOAT32[-1, 2]")
        .doesNotContain("result");
  }

  @Test
  void namedInputs_giveAFileOfOutputs() {
    Path out = directory.resolve("y.npz");
    int code =
        guest.run(
            "run",
            "--model",
            sums,
            "--input",
            "b=" + floats("b", 1, 2),
            "--input",
            "a=" + floats("a", 5, 7),
            "--out",
            out);
    assertThat(guest.err()).isEmpty();
    assertThat(code).isZero();
    assertThat(guest.out())
        .contains("result  sum FLOAT32[1, 2]  6.0, 9.0", "wrote " + out, "here, plugin onnx, CPU");
    assertThat(TensorFiles.read(out))
        .containsExactly(
            Tensor.ofFloats("sum", Shape.of(1, 2), 6, 9),
            Tensor.ofFloats("difference", Shape.of(1, 2), 4, 5));
    assertThat(directory).isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void archiveGivesAllInputs_andJsonTheValues() {
    Path in = directory.resolve("in.npz");
    TensorFiles.write(
        in,
        List.of(
            Tensor.ofFloats("a", Shape.of(1, 2), 5, 7),
            Tensor.ofFloats("b", Shape.of(1, 2), 1, Float.NaN)));
    assertThat(guest.run("run", "--model", sums, "--input", in, "--output", "sum", "--json"))
        .isZero();
    JsonObject document = JsonParser.parseString(guest.out()).getAsJsonObject();
    assertThat(document.getAsJsonArray("outputs")).hasSize(1);
    JsonObject sum = document.getAsJsonArray("outputs").get(0).getAsJsonObject();
    assertThat(sum.get("name").getAsString()).isEqualTo("sum");
    assertThat(sum.get("values").toString()).isEqualTo("[6.0,null]");
    assertThat(document.getAsJsonObject("executedOn").get("plugin").getAsString())
        .isEqualTo("onnx");
  }

  @Test
  void everyTypeOfNumPysFiles_goesThrough() throws Exception {
    for (ElementType type :
        List.of(ElementType.FLOAT16, ElementType.BFLOAT16, ElementType.INT64, ElementType.BOOL)) {
      Path model = write("identity.onnx", TinyModels.identity(type, 2, 3));
      String file = NpyType.descr(type).replaceAll("[<|]", "").replace("V2", "bfloat16");
      Path in = Path.of(RunCommandTest.class.getResource("/npy/" + file + ".npy").toURI());
      Path out = directory.resolve("out.npy");
      Guest fresh = guest();
      int code = fresh.run("run", "--model", model, "--input", in, "--out", out);
      assertThat(code).as("%s: %s", type, fresh.err()).isZero();
      assertThat(out).hasSameBinaryContentAs(in);
    }
  }

  @Test
  void texts_goThrough() throws Exception {
    Path model = write("texts.onnx", TinyModels.identity(ElementType.STRING, -1));
    Path in = Path.of(RunCommandTest.class.getResource("/npy/text.npy").toURI());
    assertThat(guest.run("run", "--model", model, "--input", in, "--json")).isZero();
    assertThat(guest.out()).contains("\"gr\\u00fc\\u00dfe\"");
  }

  @Test
  void whatIsWrong_isSaidInOneLine() throws Exception {
    Path two = Path.of(RunCommandTest.class.getResource("/npy/two.npz").toURI());
    Path a = floats("a", 1, 2);
    assertFails("no such file", "--model", sums, "--input", "a=missing.npy");
    assertFails("is no NumPy file", "--model", sums, "--input", "a=" + sums);
    assertFails("holds 2 arrays", "--model", sums, "--input", "a=" + two);
    assertFails("'b' is missing", "--model", sums, "--input", "a=" + a);
    assertFails("no output 'x'", "--model", sums, "--input", a, "--input", a, "--output", "x");
    assertFails("must end in .npz", "--model", sums, "--input", a, "--out", "result.txt");
    assertFails("takes none", "--model", sums, "--input", a, "--input", a, "--run-options", a);
    assertFails("no model file", "--model", directory.resolve("none.onnx"), "--input", a);
  }

  /** A command line whose plugin ends with its only command. */
  private static Guest guest() {
    return new Guest(new OnnxProvider().create(new Settings(Map.of())));
  }

  private void assertFails(String mention, Object... arguments) {
    Guest fresh = guest();
    Object[] all = new Object[arguments.length + 1];
    all[0] = "run";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    assertThat(fresh.run(all)).as(mention).isEqualTo(1);
    assertThat(fresh.err()).contains(mention).hasLineCount(1);
  }

  private Path floats(String name, float... values) {
    Path file = directory.resolve(name + ".npy");
    TensorFiles.write(file, List.of(Tensor.ofFloats("", Shape.of(1, values.length), values)));
    return file;
  }

  private Path write(String name, OnnxFile model) throws IOException {
    return Files.write(directory.resolve(name), model.bytes().array());
  }
}
