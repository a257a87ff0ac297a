package io.vaccel.backend.tflite;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.ElementType;
import io.vaccel.Model;
import io.vaccel.ModelSpec;
import io.vaccel.Session;
import io.vaccel.Settings;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.Vaccel;
import io.vaccel.backend.tflite.TfliteFile.Graph;
import io.vaccel.backend.tflite.TfliteFile.Options;
import io.vaccel.contract.ModelContract;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Guests that share a model see nothing of each other's runs. */
final class TfliteStateTest {
  private static final int ADD = 0;
  private static final int RNN = 24;
  private static final int CALL_ONCE = 129;
  private static final int VAR_HANDLE = 142;
  private static final int READ_VARIABLE = 143;
  private static final int ASSIGN_VARIABLE = 144;
  private static final TfliteKit KIT = new TfliteKit();

  /** A recurrent cell: what it returns is x and what it returned in the last step. */
  @Test
  void variableTensor_startsAtZeroInEachRun() {
    TfliteFile file = new TfliteFile();
    Graph graph = file.graph();
    int x = graph.tensor("x", ElementType.FLOAT32, 1, 1);
    int input = graph.constant("input", ElementType.FLOAT32, floats(1), 1, 1);
    int recurrent = graph.constant("recurrent", ElementType.FLOAT32, floats(1), 1, 1);
    int bias = graph.constant("bias", ElementType.FLOAT32, floats(0), 1);
    int state = graph.variable("state", ElementType.FLOAT32, 1, 1);
    int y = graph.tensor("y", ElementType.FLOAT32, 1, 1);
    int[] from = {x, input, recurrent, bias, state};
    graph.operator(RNN, Options.none(7), from, new int[] {y}).inputs(x).outputs(y);
    assertRunsAreAlike(KIT.spec(file.bytes()), Shape.of(1, 1));
  }

  /** A counter: what it returns is x and what it returned in the last run. */
  @Test
  void resourceVariable_startsAtItsInitialValueInEachRun() {
    TfliteFile file = new TfliteFile();
    Graph graph = file.graph();
    Graph once = file.graph();
    int x = graph.tensor("x", ElementType.FLOAT32, 1);
    int handle = graph.resource("handle");
    int before = graph.tensor("before", ElementType.FLOAT32, 1);
    int after = graph.tensor("after", ElementType.FLOAT32, 1);
    graph
        .operator(CALL_ONCE, TfliteFile.number(103, 1), new int[] {}, new int[] {})
        .operator(VAR_HANDLE, TfliteFile.named(111, "counter"), new int[] {}, new int[] {handle})
        .operator(READ_VARIABLE, Options.none(112), new int[] {handle}, new int[] {before})
        .operator(ADD, Options.none(11), new int[] {before, x}, new int[] {after})
        .operator(ASSIGN_VARIABLE, Options.none(113), new int[] {handle, after}, new int[] {})
        .inputs(x)
        .outputs(after);
    int same = once.resource("same");
    int zero = once.constant("zero", ElementType.FLOAT32, floats(0), 1);
    once.operator(VAR_HANDLE, TfliteFile.named(111, "counter"), new int[] {}, new int[] {same})
        .operator(ASSIGN_VARIABLE, Options.none(113), new int[] {same, zero}, new int[] {});
    assertRunsAreAlike(KIT.spec(file.bytes()), Shape.of(1));
  }

  private static void assertRunsAreAlike(ModelSpec spec, Shape shape) {
    try (Vaccel vaccel = Vaccel.builder().set(Settings.PLUGINS, "tflite").load();
        Session first = vaccel.openSession();
        Session second = vaccel.openSession();
        Model one = ModelContract.load(first, spec);
        Model two = ModelContract.load(second, spec)) {
      List<Tensor> three = List.of(Tensor.ofFloats("x", shape, 3));
      for (int i = 0; i < 3; i++) {
        assertThat(first.run(one, three).tensors().get(0).floats()).containsExactly(3);
        assertThat(second.run(two, three).tensors().get(0).floats()).containsExactly(3);
      }
    }
  }

  private static ByteBuffer floats(float value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(0, value);
  }
}
