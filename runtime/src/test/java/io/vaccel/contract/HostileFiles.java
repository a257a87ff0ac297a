package io.vaccel.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.CallOptions;
import io.vaccel.ElementType;
import io.vaccel.Model;
import io.vaccel.ModelRun;
import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.Session;
import io.vaccel.Settings;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.TensorInfo;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.IntFunction;

/**
 * Loads and runs models that were altered, in a process of its own: native code that fails ends its
 * process.
 */
public final class HostileFiles {
  private static final long MAX_ELEMENTS = 1 << 20;

  private HostileFiles() {}

  /** Starts a class's {@code main} with a seed and a number of files, and waits for its success. */
  public static void assertSurvived(Class<?> main, int files)
      throws IOException, InterruptedException {
    assertThat(outputOf(main, "1", "" + files))
        .containsPattern("refused: [1-9]\\d*")
        .containsPattern("ran: [1-9]\\d*");
  }

  /** What a class's {@code main} prints, native code included, in a process that succeeds. */
  public static String outputOf(Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:-CreateCoredumpOnCrash", "-cp"));
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  /** What that process does. */
  public static void load(
      ModelKit kit,
      int files,
      IntFunction<byte[]> file,
      BiFunction<Integer, Model, List<Tensor>> inputs) {
    int refused = 0;
    int ran = 0;
    try (Vaccel vaccel = Vaccel.builder().set(Settings.PLUGINS, kit.plugin()).load();
        Session session = vaccel.openSession()) {
      for (int i = 0; i < files; i++) {
        byte[] bytes = file.apply(i);
        if (Boolean.getBoolean("vaccel.verbose")) {
          System.out.println(i);
        }
        CallOptions brief = CallOptions.within(Duration.ofSeconds(2));
        try (Model model = session.load(kit.spec(ByteBuffer.wrap(bytes)), brief)) {
          ModelRun run = new ModelRun(model, inputs.apply(i, model), List.of());
          session.call(Operations.MODEL_RUN, run, brief);
          ran++;
        } catch (VaccelException e) {
          refused++;
        }
      }
    }
    System.out.println("refused: " + refused + " ran: " + ran);
  }

  /** Changes one to three bytes. */
  public static byte[] altered(byte[] bytes, Random random) {
    for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  /**
   * What an altered model says that it takes: zeros and short texts, of two elements wherever any
   * size is accepted.
   *
   * @throws VaccelException when it asks for more than is worth trying
   */
  public static List<Tensor> inputs(Model model) {
    List<Tensor> inputs = new ArrayList<>();
    for (TensorInfo info : model.signature().inputs()) {
      Shape shape =
          Shape.of(info.dimensions().stream().mapToLong(size -> size < 0 ? 2 : size).toArray());
      if (shape.elements() > MAX_ELEMENTS) {
        throw new VaccelException(Reason.TENSOR_INVALID, "too large to try");
      }
      int elements = (int) shape.elements();
      inputs.add(
          info.type() == ElementType.STRING
              ? Tensor.ofStrings("", shape, Collections.nCopies(elements, new byte[] {'a'}))
              : Tensor.of(
                  "", info.type(), shape, ByteBuffer.allocate((int) info.type().bytes(elements))));
    }
    return inputs;
  }
}
