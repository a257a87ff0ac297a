package io.vaccel.backend.torch;

import io.vaccel.ElementType;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.contract.HostileFiles;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Archives with altered bytes: of the file, or of a record whose checksum is right again. */
final class TorchHostileIT {
  private static final int FILES = 1_000;
  private static final List<String> RECORDS =
      List.of("data.pkl", "constants.pkl", "code/__torch__.py", "version");

  private static final List<Supplier<TorchArchive>> WHOLE =
      List.of(
          () -> archive("x: Tensor", "Tensor", "return torch.relu(torch.mul(x, 2))"),
          () ->
              archive(
                  "x: Tensor",
                  "Dict[str, Tensor]",
                  "y = x",
                  "for i in range(3):",
                  "  y = torch.add(torch.reshape(y, [2, 2]), i)",
                  "return {\"y\": y, \"z\": torch.slice(y, 0, 0, 1)}"),
          () ->
              TorchArchive.withTensor(
                  TorchKit.method("x: Tensor", "Tensor", "return torch.add(x, self.w)")));

  @Test
  void alteredFiles_areRefusedOrRun() throws Exception {
    HostileFiles.assertSurvived(TorchHostileIT.class, FILES);
  }

  /** The process: a seed and how many files. */
  public static void main(String[] arguments) {
    Random random = new Random(Long.parseLong(arguments[0]));
    Tensor x = Tensor.of("x", ElementType.FLOAT32, Shape.of(2, 2), ByteBuffer.allocate(16));
    HostileFiles.load(
        new TorchKit(),
        Integer.parseInt(arguments[1]),
        i -> altered(WHOLE.get(i % WHOLE.size()).get(), random),
        (i, model) -> List.of(x));
  }

  private static byte[] altered(TorchArchive archive, Random random) {
    if (random.nextInt(4) == 0) {
      return HostileFiles.altered(archive.bytes().array(), random);
    }
    String record = RECORDS.get(random.nextInt(RECORDS.size()));
    archive.record(record, HostileFiles.altered(archive.record(record).clone(), random));
    return archive.bytes().array();
  }

  private static TorchArchive archive(String parameters, String type, String... lines) {
    return TorchArchive.module(TorchKit.method(parameters, type, lines));
  }
}
