package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.vaccel.Model;
import io.vaccel.Session;
import io.vaccel.Settings;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.Vaccel;
import io.vaccel.contract.TinyModels;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/**
 * {@code run}, {@code sgemm} and {@code genop} of {@code vaccel-guest} at an agent, as a user runs
 * them, with files of NumPy's format in and out.
 */
final class TensorCommandsIT extends WithAgent {
  @Test
  void run_ofARealModel_writesTheBitsThatTheEngineGivesHere() throws IOException {
    float[] values = new float[3 * 224 * 224];
    Random random = new Random(5);
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() * 2 - 1;
    }
    Path in = NumpyFile.write(directory.resolve("image.npy"), new int[] {1, 3, 224, 224}, values);
    Path out = directory.resolve("logits.npy");
    JsonObject document =
        json("run", "--model", Programs.MODEL, "--input", "input=" + in, "--out", out);
    assertThat(document.get("file").getAsString()).isEqualTo(out.toString());
    assertThat(document.getAsJsonObject("executedOn").get("plugin").getAsString())
        .isEqualTo("onnx");
    try (Vaccel here = Vaccel.builder().set(Settings.PLUGINS, "onnx").load();
        Session session = here.openSession();
        Model model = session.load(Programs.MODEL)) {
      Tensor image = Tensor.ofFloats("input", Shape.of(1, 3, 224, 224), values);
      assertThat(NumpyFile.read(out, "'<f4'", "(1, 1000)").floats())
          .containsExactly(session.run(model, List.of(image)).tensors().get(0).floats());
    }
  }

  @Test
  void run_takesInputsByName_andTheWantedOutput() throws IOException {
    Path a = NumpyFile.write(directory.resolve("a.npy"), new int[] {1, 2}, 5, 7);
    Path b = NumpyFile.write(directory.resolve("b.npy"), new int[] {1, 2}, 1, 10);
    Path sums = sums();
    JsonObject document = json("run", "--model", sums, "--input", "b=" + b, "--input", "a=" + a);
    assertThat(document.getAsJsonArray("outputs").get(1).getAsJsonObject().get("values"))
        .hasToString("[4.0,-3.0]");
    Path out = directory.resolve("sum.npy");
    Programs.Finished text =
        guest("run", "--model", sums, "--input", a, "--input", b, "--output", "sum", "--out", out);
    assertThat(text.status()).as(text.err()).isZero();
    assertThat(text.out()).contains("wrote " + out, "agent " + endpoint + ", plugin onnx, CPU");
    assertThat(NumpyFile.read(out, "'<f4'", "(1, 2)").floats()).containsExactly(6, 17);
    assertFails("model.run at " + endpoint, "run", "--model", sums, "--input", "a=" + a);
  }

  @Test
  void run_takesAllInputsOfAnArchive_andWritesAllOutputsIntoOne() throws IOException {
    Path in = directory.resolve("both.npz");
    try (ZipOutputStream archive = new ZipOutputStream(Files.newOutputStream(in))) {
      for (Map.Entry<String, float[]> array :
          Map.of("a", new float[] {5, 7}, "b", new float[] {1, 10}).entrySet()) {
        Path file = directory.resolve("one-" + array.getKey() + ".npy");
        NumpyFile.write(file, new int[] {1, 2}, array.getValue());
        archive.putNextEntry(new ZipEntry(array.getKey() + ".npy"));
        archive.write(Files.readAllBytes(file));
      }
    }
    Path out = directory.resolve("results.npz");
    json("run", "--model", sums(), "--input", in, "--out", out);
    try (ZipFile results = new ZipFile(out.toFile())) {
      assertThat(results.stream().map(ZipEntry::getName))
          .containsExactlyInAnyOrder("sum.npy", "difference.npy");
      assertThat(unpacked(results, "sum").floats()).containsExactly(6, 17);
      assertThat(unpacked(results, "difference").floats()).containsExactly(4, -3);
    }
  }

  private static NumpyFile unpacked(ZipFile archive, String name) throws IOException {
    Path file = directory.resolve("unpacked-" + name + ".npy");
    try (InputStream entry = archive.getInputStream(archive.getEntry(name + ".npy"))) {
      Files.copy(entry, file);
    }
    return NumpyFile.read(file, "'<f4'", "(1, 2)");
  }

  @Test
  void sgemm_ofFiles_writesTheProduct() throws IOException {
    Path a = NumpyFile.write(directory.resolve("left.npy"), new int[] {2, 2}, 1, 2, 3, 4);
    Path b = NumpyFile.write(directory.resolve("right.npy"), new int[] {2, 1}, 10, 100);
    Path c = NumpyFile.write(directory.resolve("old.npy"), new int[] {2, 1}, 1, 2);
    Path out = directory.resolve("new.npy");
    JsonObject document =
        json("sgemm", "--a", a, "--b", b, "--c", c, "--beta", "0.5", "--count", 1, "--out", out);
    NumpyFile product = NumpyFile.read(out, "'<f4'", "(2, 1)");
    assertThat(product.floats()).containsExactly(210.5f, 431);
    CRC32 crc = new CRC32();
    crc.update(product.data());
    assertThat(document.get("crc32").getAsString()).isEqualTo("%08x".formatted(crc.getValue()));
    assertFails(a + " is FLOAT32[2, 2]: does not fit", "sgemm", "--a", b, "--b", a);
  }

  @Test
  void sgemm_ofTheSameSeed_hasTheSameBitsHereAndThere() {
    Object[] product = {
      "sgemm", "--m", 100, "--n", 70, "--k", 130, "--batch", 2, "--seed", 9, "--count", 1
    };
    JsonObject there = json(product);
    Programs.Finished alone =
        Programs.guest(directory, with(product, "--plugins", "blas", "--json"));
    assertThat(alone.status()).as(alone.err()).isZero();
    JsonObject here = JsonParser.parseString(alone.out()).getAsJsonObject();
    assertThat(here.getAsJsonObject("executedOn").getAsJsonArray("path")).isEmpty();
    assertThat(here.get("crc32")).isEqualTo(there.get("crc32"));
  }

  @Test
  void genop_addsNumbers_andSaysWhereAndWhatIsWrong() {
    Object[] add = {"genop", "fpga-vectoradd", "--read", "float32-array:1,2,3", "--read"};
    Programs.Finished sum = guest(with(add, "float32-array:4,5,6", "--write", "float32-array:3"));
    assertThat(sum.status()).as(sum.err()).isZero();
    assertThat(sum.out())
        .startsWith("float32-array:5.0,7.0,9.0\n")
        .contains("agent " + endpoint + ", plugin reference, CPU");
    assertFails("b must", with(add, "float32-array:4", "--write", "float32-array:3"));
    Programs.Finished unknown = guest("genop", "no-such-thing");
    assertThat(unknown.status()).isEqualTo(2);
    assertThat(unknown.errorLines().get(0)).contains("no-such-thing", "fpga-vectoradd");
  }

  @Test
  void genop_findsThings_andSavesTheDrawnPicture() throws IOException {
    Path model = Programs.zoo("ssd-mobilenet-v2.tflite");
    Path out = directory.resolve("generic.png");
    JsonObject document =
        json(
            "genop",
            "image-detect",
            "--model",
            model,
            "--read",
            "buffer:@" + Programs.ZOO.resolve("astronaut.jpg"),
            "--write",
            "uchar-array:0",
            "--write",
            "uchar-array:4096",
            "--write",
            "buffer:20000000",
            "--save",
            "2=" + out);
    assertThat(document.getAsJsonArray("written")).hasSize(3);
    assertThat(document.getAsJsonObject("executedOn").get("plugin").getAsString())
        .isEqualTo("tflite");
    BufferedImage drawn = ImageIO.read(out.toFile());
    assertThat(List.of(drawn.getWidth(), drawn.getHeight())).containsExactly(512, 512);
  }

  private static JsonObject json(Object... command) {
    Programs.Finished guest = guest(with(command, "--json"));
    assertThat(guest.status()).as(guest.err()).isZero();
    JsonObject document = JsonParser.parseString(guest.out()).getAsJsonObject();
    assertThat(document.getAsJsonObject("executedOn").getAsJsonArray("path").get(0).getAsString())
        .isEqualTo(endpoint);
    return document;
  }

  /** One line on standard error, and an error in the document. */
  private static void assertFails(String mention, Object... command) {
    Programs.Finished guest = guest(with(command, "--json"));
    assertThat(guest.status()).as(guest.out()).isEqualTo(1);
    assertThat(guest.errorLines()).singleElement().asString().contains(mention);
    assertThat(JsonParser.parseString(guest.out()).getAsJsonObject().getAsJsonObject("error"))
        .isNotNull();
  }

  private static Programs.Finished guest(Object... command) {
    return Programs.guest(directory, with(command, "--agent", endpoint));
  }

  private static Object[] with(Object[] command, Object... more) {
    List<Object> all = new ArrayList<>(Arrays.asList(command));
    all.addAll(Arrays.asList(more));
    return all.toArray();
  }

  private static Path sums() throws IOException {
    return Files.write(
        directory.resolve("sums.onnx"), TinyModels.sumAndDifference().bytes().array());
  }
}
