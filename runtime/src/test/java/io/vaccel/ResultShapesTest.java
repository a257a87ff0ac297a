package io.vaccel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Results that cannot be answers are known by their sizes. */
class ResultShapesTest {
  private static final ExecutedOn HERE = ExecutedOn.here("fake", "CPU");
  private static final Tensor THREE = Tensor.ofFloats("", Shape.of(3), 1, 2, 3);
  private static final Tensor TWO = Tensor.ofFloats("", Shape.of(2), 1, 2);
  private static final Tensor SQUARE = Tensor.ofFloats("", Shape.of(2, 2), 1, 2, 3, 4);

  private final Vaccel vaccel =
      Vaccel.builder().plugin(new FakePlugin("fake", FakePlugin.journal())).load();
  private final Model model = new Model(vaccel.openSession(), Models.onnx("net.onnx"));

  @AfterEach
  void close() {
    vaccel.close();
  }

  private static <I, O extends Result> void assertFits(Operation<I, O> operation, I input, O it) {
    assertThatCode(() -> assertThat(operation.checked(input, it)).isSameAs(it))
        .doesNotThrowAnyException();
  }

  private static <I, O extends Result> void assertRefused(
      Operation<I, O> operation, I input, O result, String message) {
    VaccelException failure = Failures.of(() -> operation.checked(input, result));
    assertThat(failure.reason()).isEqualTo(Reason.ARGUMENT_INVALID);
    assertThat(failure).hasMessage(message);
  }

  @Test
  void echo_hasTheSameTensors() {
    Echo input = new Echo(List.of(THREE));
    assertFits(Operations.ECHO, input, new Echo.Reply(List.of(THREE), HERE));
    assertRefused(
        Operations.ECHO, input, new Echo.Reply(List.of(), HERE), "tensors are 0, must be 1");
    assertRefused(
        Operations.ECHO,
        input,
        new Echo.Reply(List.of(TWO), HERE),
        "tensors[0] is FLOAT32[2], must be FLOAT32[3]");
  }

  @Test
  void classification_hasNoMoreLabelsThanAskedFor() {
    Classification.Label label = new Classification.Label(1, "cat", 0.5f);
    assertRefused(
        Operations.IMAGE_CLASSIFY,
        new Classify(model, Image.encoded(ByteBuffer.allocate(1)), 1),
        new Classification(List.of(label, label), HERE),
        "labels are 2, asked for were 1");
  }

  @Test
  void run_hasAsManyOutputsAsAreNamed() {
    ModelRun input = new ModelRun(model, List.of(), List.of("a", "b"));
    assertFits(Operations.MODEL_RUN, input, new ModelRun.Outputs(List.of(TWO, TWO), HERE));
    assertRefused(
        Operations.MODEL_RUN,
        input,
        new ModelRun.Outputs(List.of(TWO), HERE),
        "outputs are 1, must be 2");
  }

  @Test
  void product_hasTheSizeOfC() {
    Sgemm input = Sgemm.product(2, 2, 1, new float[] {1, 2}, new float[] {3, 4});
    assertFits(
        Operations.BLAS_SGEMM, input, new Sgemm.Product(FloatMatrix.of(2, 3, 4, 6, 8), HERE));
    assertRefused(
        Operations.BLAS_SGEMM,
        input,
        new Sgemm.Product(FloatMatrix.of(2, 3), HERE),
        "c has 4 bytes, must have 16");
    assertRefused(
        Operations.BLAS_SGEMM,
        input,
        new Sgemm.Product(FloatMatrix.of(1, 3, 4, 6, 8), HERE),
        "ldc is 1, must be 2");
  }

  @Test
  void arrays_haveTheShapesOfTheInputs() {
    String refusal = " is FLOAT32[2], must be FLOAT32[3]";
    assertRefused(
        Operations.ARRAY_ADD_VECTORS,
        new AddVectors(THREE, THREE),
        new ArrayResult(TWO, HERE),
        "output" + refusal);
    assertRefused(
        Operations.ARRAY_ADD_AND_MULTIPLY,
        new AddAndMultiply(THREE, THREE),
        new AddAndMultiply.Both(THREE, TWO, HERE),
        "product" + refusal);
    assertRefused(
        Operations.ARRAY_MULTIPLY_MATRICES,
        new MultiplyMatrices(SQUARE, SQUARE),
        new ArrayResult(TWO, HERE),
        "output is FLOAT32[2], must be FLOAT32[2, 2]");
    Tensor numbers = Tensor.of("", ElementType.INT32, Shape.of(3), THREE.data());
    assertRefused(
        Operations.ARRAY_COPY,
        new CopyArray(numbers),
        new ArrayResult(THREE, HERE),
        "output is FLOAT32[3], must be INT32[3]");
    Tensor doubles = Tensor.of("", ElementType.FLOAT64, Shape.of(1), ByteBuffer.allocate(8));
    assertRefused(
        Operations.ARRAY_MINMAX,
        new Minmax(doubles, 0, 1),
        new Minmax.Bounds(THREE, 0, 1, HERE),
        "output is FLOAT32[3], must be FLOAT64[1]");
    assertFits(
        Operations.ARRAY_MINMAX, new Minmax(doubles, 0, 1), new Minmax.Bounds(doubles, 0, 1, HERE));
  }

  @Test
  void kernel_writesItsBuffers() {
    RunKernel input =
        new RunKernel(
            "source",
            "kernel",
            List.of(new KernelArgument.Input(ByteBuffer.allocate(9)), new KernelArgument.Output(4)),
            List.of(1L),
            List.of());
    assertFits(
        Operations.OPENCL_RUN, input, new RunKernel.Buffers(List.of(ByteBuffer.allocate(4)), HERE));
    assertRefused(
        Operations.OPENCL_RUN,
        input,
        new RunKernel.Buffers(List.of(ByteBuffer.allocate(5)), HERE),
        "buffers[0] has 5 bytes, must have 4");
    assertRefused(
        Operations.OPENCL_RUN,
        input,
        new RunKernel.Buffers(List.of(), HERE),
        "buffers are 0, must be 1");
  }

  @Test
  void function_writesNoMoreThanItsRoom() {
    Exec input =
        new Exec(
            "a", FunctionCall.of("f", List.of(), List.of(Argument.room(ArgumentType.BUFFER, 2))));
    assertFits(
        Operations.EXEC,
        input,
        new Exec.Written(List.of(Argument.room(ArgumentType.BUFFER, 1)), HERE));
    assertRefused(
        Operations.EXEC,
        input,
        new Exec.Written(List.of(Argument.room(ArgumentType.BUFFER, 3)), HERE),
        "write[0] is BUFFER of 3 bytes, there is room for BUFFER of 2 bytes");
    assertRefused(
        Operations.EXEC,
        input,
        new Exec.Written(List.of(Argument.ofUint8(1)), HERE),
        "write[0] is UINT8 of 1 bytes, there is room for BUFFER of 2 bytes");
    assertRefused(
        Operations.EXEC, input, new Exec.Written(List.of(), HERE), "write are 0, must be 1");
  }
}
