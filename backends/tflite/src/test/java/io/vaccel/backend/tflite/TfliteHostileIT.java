package io.vaccel.backend.tflite;

import io.vaccel.ElementType;
import io.vaccel.Model;
import io.vaccel.ModelSpec;
import io.vaccel.Reason;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.TensorInfo;
import io.vaccel.VaccelException;
import io.vaccel.contract.HostileFiles;
import java.nio.ByteBuffer;
import java.util.ArrayList;
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
        (i, model) -> inputs(model));
  }

  private static List<Tensor> inputs(Model model) {
    List<Tensor> inputs = new ArrayList<>();
    for (TensorInfo info : model.signature().inputs()) {
      long[] sizes = info.dimensions().stream().mapToLong(d -> d < 0 ? 2 : d).toArray();
      Shape shape = Shape.of(sizes);
      if (shape.elements() > 1 << 20) {
        throw new VaccelException(Reason.TENSOR_INVALID, "too large to try");
      }
      if (info.type() == ElementType.STRING) {
        List<byte[]> texts = new ArrayList<>();
        for (long i = 0; i < shape.elements(); i++) {
          texts.add(new byte[] {'a'});
        }
        inputs.add(Tensor.ofStrings("", shape, texts));
      } else {
        int bytes = (int) info.type().bytes(shape.elements());
        inputs.add(Tensor.of("", info.type(), shape, ByteBuffer.allocate(bytes)));
      }
    }
    return inputs;
  }
}
