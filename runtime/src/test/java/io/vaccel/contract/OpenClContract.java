package io.vaccel.contract;

import static io.vaccel.contract.PluginContract.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.FloatMatrix;
import io.vaccel.KernelArgument;
import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.RunKernel;
import io.vaccel.Session;
import io.vaccel.Stage;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * What a plugin promises that performs {@link Operations#OPENCL_RUN}; reported as not run where
 * there is no driver.
 */
public interface OpenClContract extends PluginContract {
  /** {@code c = factor * (a + b)}. */
  String ADD =
      """
      kernel void add(global const float *a, global const float *b, global float *c, float factor) {
        size_t i = get_global_id(0);
        c[i] = factor * (a[i] + b[i]);
      }
      """;

  /** The sum of each group of a vector, through local memory. */
  String SUM =
      """
      kernel void sum(global const int *in, global int *sums, local int *part) {
        size_t me = get_local_id(0);
        part[me] = in[get_global_id(0)];
        for (size_t step = get_local_size(0) / 2; step > 0; step /= 2) {
          barrier(CLK_LOCAL_MEM_FENCE);
          if (me < step) part[me] += part[me + step];
        }
        if (me == 0) sums[get_group_id(0)] = part[0];
      }
      """;

  @Test
  default void opencl_isOffered() {
    OpenClDriver.assumeInstalled();
    try (Vaccel vaccel = open()) {
      PluginContract.assertOffered(vaccel, Operations.OPENCL_RUN);
    }
  }

  @Test
  default void kernel_readsAndWritesBuffers() {
    withSession(
        session -> {
          RunKernel.Buffers result = session.call(Operations.OPENCL_RUN, add(3, 2));
          assertThat(result.buffers()).hasSize(1);
          assertThat(floats(result.buffer(0))).containsExactly(22, 44, 66);
          assertThat(result.executedOn().plugin()).isEqualTo("opencl");
          assertThat(result.executedOn().device()).endsWith("(OpenCL)");
        });
  }

  @Test
  default void source_isCompiledOnceInASession() {
    withSession(
        session -> {
          assertThat(stages(session.call(Operations.OPENCL_RUN, add(3, 2))))
              .containsSubsequence("compile", "kernel");
          assertThat(stages(session.call(Operations.OPENCL_RUN, add(2, 1))))
              .contains("kernel")
              .doesNotContain("compile");
        });
  }

  @Test
  default void groups_shareLocalMemory() {
    ByteBuffer in = ByteBuffer.allocate(64 * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 64; i++) {
      in.putInt(i);
    }
    RunKernel input =
        new RunKernel(
            SUM,
            "sum",
            List.of(
                new KernelArgument.Input(in.flip()),
                new KernelArgument.Output(4 * Integer.BYTES),
                new KernelArgument.Local(16 * Integer.BYTES)),
            List.of(64L),
            List.of(16L));
    withSession(
        session -> {
          ByteBuffer sums = session.call(Operations.OPENCL_RUN, input).buffer(0);
          assertThat(List.of(sums.getInt(), sums.getInt(), sums.getInt(), sums.getInt()))
              .containsExactly(120, 376, 632, 888);
        });
  }

  @Test
  default void twoDimensionsAndOldContents_areSeen() {
    String source =
        """
        kernel void twist(global int *grid, global int *untouched) {
          grid[get_global_id(1) * get_global_size(0) + get_global_id(0)] += 10 * get_global_id(1);
        }
        """;
    ByteBuffer ones = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 6; i++) {
      ones.putInt(1);
    }
    RunKernel input =
        new RunKernel(
            source,
            "twist",
            List.of(new KernelArgument.InputOutput(ones.flip()), new KernelArgument.Output(8)),
            List.of(3L, 2L),
            List.of());
    withSession(
        session -> {
          RunKernel.Buffers result = session.call(Operations.OPENCL_RUN, input);
          int[] grid = new int[6];
          result.buffer(0).asIntBuffer().get(grid);
          assertThat(grid).containsExactly(1, 1, 1, 11, 11, 11);
          assertThat(result.buffer(1).getLong()).as("memory that nobody wrote").isZero();
          assertThat(ones.getInt(12)).as("the caller's own buffer").isEqualTo(1);
        });
  }

  @Test
  default void buffersThatExceedOneMessage_areWhole() {
    int size = 2 << 20;
    withSession(
        session -> {
          float[] sums = floats(session.call(Operations.OPENCL_RUN, add(size, 1)).buffer(0));
          assertThat(sums).hasSize(size);
          for (int i = 0; i < size; i += 1000) {
            assertThat(sums[i]).isEqualTo(11f * (i + 1));
          }
        });
  }

  @Test
  default void sourceThatDoesNotCompile_isExplained() {
    VaccelException failure =
        refused("source", "kernel void f(global int *a) { a[0] = nonsense; }");
    assertThat(failure).hasMessageContaining("nonsense");
  }

  @Test
  default void sourceThatReadsFiles_isRefused() {
    for (String line :
        List.of(
            "#include \"/etc/hostname\"",
            "# /* hidden */ include </etc/hostname>",
            "// /*\n#/**/include \"/etc/hostname\"",
            "constant char s[] = \"/*\";\n#/**/include \"/etc/hostname\"",
            "constant char c = '\"'; // /*\n# /* */ /* */ include \"/etc/hostname\"",
            "// ??/\n#/**/include \"/etc/hostname\"",
            "#/* *??/\n/include \"/etc/hostname\" // */",
            "#\u00a0include \"/etc/hostname\"",
            "#inc\\ \nlude \"/etc/hostname\"",
            "#define FILE \"/etc/hostname\"\n#/**/include FILE",
            "#/*" + " ".repeat(2000) + "*/include \"/etc/hostname\"",
            "#include_next \"/etc/hostname\"",
            "#import \"/etc/hostname\"",
            "#__include_macros \"/etc/hostname\"",
            "#pragma GCC dependency \"/etc/hostname\"",
            "#pragma /**/ clang __debug crash",
            "_Pragma(\"GCC dependency \\\"/etc/hostname\\\"\")",
            "constant char name[] = __FILE__;",
            "#inc\\\nlude \"/etc/hostname\"",
            "%:include \"/etc/hostname\"",
            "??=include \"/etc/hostname\"",
            "#if __has_include(\"/etc/hostname\")\n#endif",
            "#embed \"/etc/hostname\"",
            "void g() { __asm__(\"nop\"); }")) {
      assertThat(refused("source", line + "\nkernel void f(global int *a) { a[0] = 1; }"))
          .hasMessageContaining("not allowed");
    }
  }

  /** Names made by the preprocessor, which no look at the source finds. */
  @Test
  default void namesThatAreJoinedOfParts_meanNothing() {
    for (String line :
        List.of(
            "#define J(a, b) a##b\n#if J(__has_inc, lude)(\"/etc/hostname\")\n#endif",
            "#define J(a, b) a##b\nvoid g() { J(__as, m__)(\"nop\"); }",
            "#define J(a, b) a##b\nJ(_Pra, gma)(\"GCC dependency \\\"/etc/hostname\\\"\")",
            "#define J(a, b) a %:%: b\nconstant char name[] = J(__FI, LE__);")) {
      assertThat(refused("source", line + "\nkernel void f(global int *a) { a[0] = 1; }"))
          .hasMessageContaining("does not compile");
    }
  }

  @Test
  default void directivesAndPragmasOfKernels_areTaken() {
    String source =
        """
        #pragma OPENCL EXTENSION cl_khr_fp64 : enable
        #pragma STDC FP_CONTRACT ON
        #define NAME(a, b) a##b // "#" and ## are of use
        kernel void f(global int *a) {
          #pragma unroll 4
          for (int i = 0; i < 4; i++) { NAME(, a)[0] += i; }
        }
        """;
    RunKernel input =
        new RunKernel(source, "f", List.of(new KernelArgument.Output(4)), List.of(1L), List.of());
    withSession(
        session ->
            assertThat(session.call(Operations.OPENCL_RUN, input).buffer(0).getInt()).isEqualTo(6));
  }

  @Test
  default void argumentsThatAreNotTheKernels_areNamed() {
    KernelArgument in = new KernelArgument.Input(FloatMatrix.of(1, 1).data());
    KernelArgument out = new KernelArgument.Output(4);
    KernelArgument number = KernelArgument.Scalar.of(1f);
    KernelArgument local = new KernelArgument.Local(4);
    KernelArgument address = new KernelArgument.Scalar(ByteBuffer.allocate(8));
    assertArguments("arguments", in, in, out);
    assertArguments("arguments[0]", address, in, out, number);
    assertArguments("arguments[2]", in, in, local, number);
    assertArguments("arguments[3]", in, in, out, in);
    assertArguments("arguments[3]", in, in, out, address);
  }

  @Test
  default void unknownKernel_isNamed() {
    withSession(
        session ->
            assertField(
                "kernel",
                session,
                new RunKernel(ADD, "subtract", add(1, 1).arguments(), List.of(1L), List.of())));
  }

  @Test
  default void sizesThatTheDeviceDoesNotTake_areNamed() {
    withSession(
        session ->
            assertField(
                "local_size",
                session,
                new RunKernel(
                    ADD,
                    "add",
                    add(1 << 20, 1).arguments(),
                    List.of(1L << 20),
                    List.of(1L << 20))));
  }

  private static RunKernel add(int size, float factor) {
    float[] a = new float[size];
    float[] b = new float[size];
    for (int i = 0; i < size; i++) {
      a[i] = i + 1;
      b[i] = 10 * (i + 1);
    }
    List<KernelArgument> arguments =
        List.of(
            new KernelArgument.Input(FloatMatrix.of(size, a).data()),
            new KernelArgument.Input(FloatMatrix.of(size, b).data()),
            new KernelArgument.Output(4L * size),
            KernelArgument.Scalar.of(factor));
    return new RunKernel(ADD, "add", arguments, List.of((long) size), List.of());
  }

  private VaccelException refused(String field, String source) {
    OpenClDriver.assumeInstalled();
    RunKernel input =
        new RunKernel(source, "f", List.of(new KernelArgument.Output(4)), List.of(1L), List.of());
    try (Vaccel vaccel = open();
        Session session = vaccel.openSession()) {
      return assertField(field, session, input);
    }
  }

  private void assertArguments(String field, KernelArgument... arguments) {
    withSession(
        session ->
            assertField(
                field,
                session,
                new RunKernel(ADD, "add", Arrays.asList(arguments), List.of(1L), List.of())));
  }

  private static VaccelException assertField(String field, Session session, RunKernel input) {
    VaccelException failure = failureOf(() -> session.call(Operations.OPENCL_RUN, input));
    assertThat(failure.reason()).as(failure.getMessage()).isEqualTo(Reason.ARGUMENT_INVALID);
    assertThat(failure.details()).containsEntry("field", field);
    return failure;
  }

  private static List<String> stages(RunKernel.Buffers result) {
    return result.executedOn().stages().stream().map(Stage::name).toList();
  }

  private static float[] floats(ByteBuffer data) {
    float[] values = new float[data.remaining() / Float.BYTES];
    data.asFloatBuffer().get(values);
    return values;
  }

  private void withSession(Consumer<Session> work) {
    OpenClDriver.assumeInstalled();
    try (Vaccel vaccel = open();
        Session session = vaccel.openSession()) {
      work.accept(session);
    }
  }
}
