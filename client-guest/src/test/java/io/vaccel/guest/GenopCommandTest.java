package io.vaccel.guest;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GenopCommandTest {
  private static final List<String> SGEMM =
      List.of(
          "int64:1",
          "int64:1",
          "int64:2",
          "float32:1",
          "float32-array:2,3",
          "int64:2",
          "float32-array:10,100",
          "int64:1",
          "float32:0",
          "int64:1");

  private final Guest guest = new Guest(FakePlugin.remote().multiplying());

  private int sgemm(String code, String write, String... more) {
    List<String> line = new ArrayList<>(List.of("genop", code, "--agent", "vsock:2:2048"));
    SGEMM.forEach(argument -> line.addAll(List.of("--read", argument)));
    line.addAll(List.of("--write", write));
    line.addAll(List.of(more));
    return guest.run(line.toArray());
  }

  @ParameterizedTest
  @ValueSource(strings = {"blas-sgemm", "BLAS_SGEMM", "17"})
  void written_isPrintedAsItIsRead(String code) {
    assertThat(sgemm(code, "float32-array:1")).isZero();
    assertThat(guest.out())
        .isEqualTo("float32-array:320.0\nwhere agent vsock:2:2048, plugin onnx, CPU\n");
  }

  @Test
  void json_hasTypesAndValues() {
    assertThat(sgemm("17", "float32-array:1", "--json")).isZero();
    assertThat(
            JsonParser.parseString(guest.out())
                .getAsJsonObject()
                .get("written")
                .getAsJsonArray()
                .get(0)
                .toString())
        .isEqualTo("{\"type\":\"float32-array\",\"values\":[\"320.0\"]}");
  }

  @Test
  void json_saysWhatWentWrong() {
    assertThat(sgemm("17", "float32-array:0", "--json")).isEqualTo(1);
    assertThat(guest.out()).contains("\"reason\": \"ARGUMENT_INVALID\"", "write[0]");
  }

  @Test
  void roomThatIsTooSmall_isAFailureThatNamesIt() {
    assertThat(sgemm("17", "float32-array:0")).isEqualTo(1);
    assertThat(sgemm("17", "int32-array:1")).isEqualTo(1);
    assertThat(guest.err()).contains("write[0] (c of BLAS_SGEMM) must be FLOAT32_ARRAY");
  }

  @Test
  void writtenArguments_areSavedAsFiles(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("c.bin");
    assertThat(sgemm("17", "float32-array:1", "--save", "0=" + file)).isZero();
    assertThat(Files.readAllBytes(file)).isEqualTo(new byte[] {0, 0, (byte) 0xa0, 0x43});
    assertThat(sgemm("17", "float32-array:1", "--save", "1=" + file)).isEqualTo(2);
    assertThat(guest.err()).contains("--save 1: there is no such written argument");
  }

  @Test
  void models_areRegisteredBeforeLibraries(@TempDir Path directory) throws IOException {
    Path model = Files.writeString(directory.resolve("net.onnx"), "good");
    Path library = Files.writeString(directory.resolve("lib.so"), "library");
    Path photo = Files.writeString(directory.resolve("coffee.jpg"), "coffee");
    Guest detecting = new Guest(FakePlugin.remote());
    assertThat(
            detecting.run(
                "genop",
                "image-detect",
                "--agent",
                "vsock:2:2048",
                "--library",
                library,
                "--model",
                model,
                "--read",
                "buffer:@" + photo,
                "--write",
                "uchar-array:0"))
        .as(detecting.err())
        .isZero();
    assertThat(
            detecting.run(
                "genop",
                "exec-with-resource",
                "--agent",
                "vsock:2:2048",
                "--library",
                library,
                "--model",
                model,
                "--read",
                "int64:1",
                "--read",
                "string:work"))
        .isEqualTo(1);
    assertThat(detecting.err()).contains("resource of kind MODEL, not LIBRARY");
  }

  @Test
  void whatIsNoArgument_isWrongUsage() {
    assertThat(guest.run("genop", "no-such")).isEqualTo(2);
    assertThat(guest.run("genop", "minmax", "--read", "float128:1")).isEqualTo(2);
    assertThat(guest.run("genop", "minmax", "--read", "int32:one")).isEqualTo(2);
    assertThat(guest.run("genop", "minmax", "--write", "float64-array:-1")).isEqualTo(2);
    assertThat(guest.err()).contains("no-such", "fpga-vectoradd", "float128", "int32:one", ":-1");
  }
}
