package io.vaccel.backend.tflite;

import io.vaccel.ElementType;
import io.vaccel.ModelSpec;
import io.vaccel.contract.HostileFiles;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Files with altered bytes. */
final class TfliteHostileIT {
  private static final int FILES = 3_000;

  @Test
  void alteredFiles_areRefusedOrRun() throws Exception {
    HostileFiles.assertSurvived(TfliteHostileIT.class, FILES);
  }

  /** The process: a seed and how many files. */
  public static void main(String[] arguments) {
    Random random = new Random(Long.parseLong(arguments[0]));
    TfliteKit kit = new TfliteKit();
    List<ModelSpec> whole =
        List.of(
            kit.sumAndDifference(),
            kit.counting(),
            kit.repeating(),
            kit.identity(ElementType.FLOAT32, -1, 3),
            kit.identity(ElementType.STRING, -1, 2));
    HostileFiles.load(
        kit,
        Integer.parseInt(arguments[1]),
        i ->
            HostileFiles.altered(
                whole.get(i % whole.size()).resource().main().readAll(Integer.MAX_VALUE).clone(),
                random),
        (i, model) -> HostileFiles.inputs(model));
  }
}
