package io.vaccel.backend.tflite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vaccel.ElementType;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.backend.tflite.TfliteFile.Graph;
import io.vaccel.backend.tflite.TfliteFile.Options;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ModelGraphTest {
  private static final int NEG = 59;
  private static final Options NEG_OPTIONS = Options.none(42);

  private final TfliteFile file = new TfliteFile();
  private final Graph graph = file.graph();
  private final int x = graph.tensor("x", ElementType.FLOAT32, 2);
  private final int y = graph.tensor("y", ElementType.FLOAT32, 2);

  @Test
  void soundGraph_isRead() {
    neg(x, y).inputs(x).outputs(y);
    ModelGraph read = ModelGraph.read("m", little(file.bytes()));
    assertThat(read.inputs()).containsExactly("x");
    assertThat(read.outputs()).containsExactly("y");
    assertThat(read.operators()).extracting(ModelGraph.OperatorUse::builtin).containsExactly(NEG);
    assertThat(read.keepsState()).isFalse();
  }

  @Test
  void outputThatNothingComputes_isRefused() {
    int secret = graph.tensor("secret", ElementType.UINT8, 1 << 20);
    neg(x, y).inputs(x).outputs(y, secret);
    assertRefused("reads tensor 'secret', which nothing computes before");
  }

  @Test
  void operandThatIsComputedLater_isRefused() {
    int z = graph.tensor("z", ElementType.FLOAT32, 2);
    neg(z, y);
    neg(x, z).inputs(x).outputs(y);
    assertRefused("reads tensor 'z', which nothing computes before");
  }

  @Test
  void writeToAConstant_isRefused() {
    int c = graph.constant("c", ElementType.FLOAT32, ByteBuffer.allocate(8), 2);
    neg(x, c).inputs(x).outputs(c);
    assertRefused("writes to tensor 'c', which is constant");
  }

  @Test
  void constantAsInput_isRefused() {
    int c = graph.constant("c", ElementType.FLOAT32, ByteBuffer.allocate(8), 2);
    neg(x, y).inputs(x, c).outputs(y);
    assertRefused("'c' as an input");
  }

  @Test
  void sameInputTwice_isRefused() {
    neg(x, y).inputs(x, x).outputs(y);
    assertRefused("'x' as an input");
  }

  @Test
  void tensorsThatAreNotThere_areRefused() {
    for (int wrong : new int[] {2, 1 << 20, Integer.MAX_VALUE, -2, Integer.MIN_VALUE}) {
      TfliteFile other = new TfliteFile();
      Graph bad = other.graph();
      int a = bad.tensor("a", ElementType.FLOAT32, 2);
      int b = bad.tensor("b", ElementType.FLOAT32, 2);
      bad.operator(NEG, NEG_OPTIONS, new int[] {a}, new int[] {wrong}).inputs(a).outputs(b);
      assertThat(failure(other).text()).contains("names tensor " + wrong + " of 2");
    }
  }

  @Test
  void otherGraphsOfTheFile_areCheckedToo() {
    neg(x, y).inputs(x).outputs(y);
    Graph second = file.graph();
    second.outputs(second.tensor("hidden", ElementType.FLOAT32, 2));
    assertRefused("reads tensor 'hidden'");
  }

  @Test
  void tooManyDimensions_areRefused() {
    int deep = graph.tensor("deep", ElementType.FLOAT32, new int[33]);
    neg(deep, y).inputs(deep).outputs(y);
    assertRefused("'deep' with 33 dimensions");
  }

  @Test
  void noGraph_isRefused() {
    assertThat(failure(new TfliteFile()).text()).contains("has no graph");
  }

  @Test
  void anyCut_isRefusedOrRead() {
    neg(x, y).inputs(x).outputs(y);
    file.signature(List.of("in"), List.of("out"));
    ByteBuffer whole = file.bytes();
    for (int length = 0; length < whole.limit(); length++) {
      ByteBuffer cut = little(whole.duplicate().limit(length));
      // Whatever is missing, nothing but a refusal may come of it.
      VaccelException failure =
          catchThrowableOfType(VaccelException.class, () -> ModelGraph.read("m", cut));
      if (failure != null) {
        assertThat(failure.reason()).isEqualTo(Reason.MODEL_UNREADABLE);
      }
    }
  }

  private Graph neg(int from, int to) {
    return graph.operator(NEG, NEG_OPTIONS, new int[] {from}, new int[] {to});
  }

  private void assertRefused(String mention) {
    assertThat(failure(file).text()).startsWith("model 'm' ").contains(mention);
  }

  private static VaccelException failure(TfliteFile file) {
    VaccelException failure =
        catchThrowableOfType(
            VaccelException.class, () -> ModelGraph.read("m", little(file.bytes())));
    assertThat(failure).isNotNull();
    assertThat(failure.reason()).isEqualTo(Reason.MODEL_UNREADABLE);
    return failure;
  }

  private static ByteBuffer little(ByteBuffer bytes) {
    return bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
  }
}
