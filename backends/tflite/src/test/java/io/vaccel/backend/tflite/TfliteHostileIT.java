package io.vaccel.backend.tflite;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.CallOptions;
import io.vaccel.ElementType;
import io.vaccel.Model;
import io.vaccel.ModelSpec;
import io.vaccel.Session;
import io.vaccel.Settings;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.TensorInfo;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Files with altered bytes, in a process of its own: native code that fails ends its process. */
final class TfliteHostileIT {
  private static final int FILES = 3_000;

  @Test
  void alteredFiles_areRefusedOrRun() throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:-CreateCoredumpOnCrash", "-cp"));
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.addAll(List.of(TfliteHostileIT.class.getName(), "1", "" + FILES));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).containsPattern("refused: [1-9]\\d*").containsPattern("ran: [1-9]\\d*");
  }

  /** The process: a seed and how many files. */
  public static void main(String[] arguments) {
    Random random = new Random(Long.parseLong(arguments[0]));
    int files = Integer.parseInt(arguments[1]);
    TfliteKit kit = new TfliteKit();
    List<ModelSpec> whole =
        List.of(
            kit.sumAndDifference(),
            kit.counting(),
            kit.repeating(),
            kit.identity(ElementType.FLOAT32, -1, 3),
            kit.identity(ElementType.STRING, -1, 2));
    int refused = 0;
    int ran = 0;
    try (Vaccel vaccel = Vaccel.builder().set(Settings.PLUGINS, "tflite").load();
        Session session = vaccel.openSession()) {
      for (int i = 0; i < files; i++) {
        byte[] bytes =
            whole.get(i % whole.size()).resource().main().readAll(Integer.MAX_VALUE).clone();
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        if (Boolean.getBoolean("vaccel.verbose")) {
          System.out.println(i);
        }
        CallOptions brief = CallOptions.within(Duration.ofSeconds(2));
        try (Model model = session.load(kit.spec(ByteBuffer.wrap(bytes)), brief)) {
          session.call(
              io.vaccel.Operations.MODEL_RUN,
              new io.vaccel.ModelRun(model, inputs(model), List.of()),
              brief);
          ran++;
        } catch (VaccelException e) {
          refused++;
        }
      }
    }
    System.out.println("refused: " + refused + " ran: " + ran);
  }

  private static List<Tensor> inputs(Model model) {
    List<Tensor> inputs = new ArrayList<>();
    for (TensorInfo info : model.signature().inputs()) {
      long[] sizes = info.dimensions().stream().mapToLong(d -> d < 0 ? 2 : d).toArray();
      Shape shape = Shape.of(sizes);
      if (shape.elements() > 1 << 20) {
        throw new VaccelException(io.vaccel.Reason.TENSOR_INVALID, "too large to try");
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
