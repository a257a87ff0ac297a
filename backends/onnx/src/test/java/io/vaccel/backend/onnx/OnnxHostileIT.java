package io.vaccel.backend.onnx;

import io.vaccel.ElementType;
import io.vaccel.contract.HostileFiles;
import io.vaccel.contract.OnnxKit;
import io.vaccel.contract.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Files with altered bytes. */
final class OnnxHostileIT {
  private static final int FILES = 3_000;

  @Test
  void alteredFiles_areRefusedOrRun() throws Exception {
    HostileFiles.assertSurvived(OnnxHostileIT.class, FILES);
  }

  /**
   * The process: a seed, how many files, and, instead of tiny models, a directory with those to
   * alter, such as ONNX's own test data.
   */
  public static void main(String[] arguments) throws IOException {
    Random random = new Random(Long.parseLong(arguments[0]));
    List<byte[]> whole = arguments.length > 2 ? below(Path.of(arguments[2])) : tiny();
    HostileFiles.load(
        new OnnxKit(),
        Integer.parseInt(arguments[1]),
        i -> HostileFiles.altered(whole.get(i % whole.size()).clone(), random),
        (i, model) -> HostileFiles.inputs(model));
  }

  private static List<byte[]> tiny() {
    return Stream.of(
            TinyModels.sumAndDifference(),
            TinyModels.counting(),
            TinyModels.repeating(),
            TinyModels.colours(true, ElementType.UINT8),
            TinyModels.identity(ElementType.FLOAT32, -1, 3),
            TinyModels.identity(ElementType.STRING, -1, 2))
        .map(model -> model.bytes().array())
        .toList();
  }

  private static List<byte[]> below(Path directory) throws IOException {
    List<byte[]> models = new ArrayList<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".onnx")).sorted().toList()) {
        models.add(Files.readAllBytes(file));
      }
    }
    return models;
  }
}
