package io.vaccel.contract;

import static io.vaccel.contract.PluginContract.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.Argument;
import io.vaccel.ArgumentType;
import io.vaccel.GenericCall;
import io.vaccel.GenericCode;
import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.RegisteredResource;
import io.vaccel.Session;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import java.awt.Color;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * What a runtime promises for {@link Operations#GENERIC_CALL} when its plugins perform models of
 * format ONNX, pictures, matrices and arrays.
 */
public interface GenericContract extends PluginContract {

  @Test
  default void genericNoop_isDone() {
    withSession(
        this,
        session -> {
          GenericCall.Written done = call(session, GenericCode.NOOP, List.of(), List.of());
          assertThat(done.arguments()).isEmpty();
          assertThat(done.executedOn().plugin()).isNotEqualTo("generic").isNotBlank();
        });
  }

  @Test
  default void genericSgemm_isThatOfVaccel() {
    List<Argument> read =
        List.of(
            Argument.ofInt64(2),
            Argument.ofInt64(1),
            Argument.ofInt64(2),
            Argument.ofFloat32(2),
            Argument.ofFloats(1, 2, 3, 4),
            Argument.ofInt64(2),
            Argument.ofFloats(5, 6),
            Argument.ofInt64(1),
            Argument.ofFloat32(10),
            Argument.ofInt64(1));
    withSession(
        this,
        session -> {
          Argument c = Argument.ofFloats(1, 2);
          GenericCall.Written done = call(session, GenericCode.BLAS_SGEMM, read, List.of(c));
          assertThat(floats(done.arguments().get(0))).containsExactly(44f, 98f);
          Argument small = Argument.room(ArgumentType.FLOAT32_ARRAY, 4);
          assertRefused(session, GenericCode.BLAS_SGEMM, "c", read, small);
          assertRefused(session, GenericCode.BLAS_SGEMM, "read", read.subList(0, 9), c);
          assertRefused(session, GenericCode.BLAS_SGEMM, "write[0]", read, Argument.ofInt64(0));
        });
  }

  @Test
  default void genericArrays_areThoseOfVaccel() {
    Argument a = Argument.ofFloats(1, 2, 3, 4);
    Argument b = Argument.ofFloats(5, 6, 7, 8);
    Argument room = Argument.room(ArgumentType.FLOAT32_ARRAY, 16);
    withSession(
        this,
        session -> {
          GenericCall.Written product =
              call(session, GenericCode.FPGA_MMULT, List.of(a, b), List.of(room));
          assertThat(floats(product.arguments().get(0))).containsExactly(19f, 22f, 43f, 50f);
          GenericCall.Written both =
              call(session, GenericCode.FPGA_PARALLEL, List.of(a, b), List.of(room, room));
          assertThat(floats(both.arguments().get(0))).containsExactly(6f, 8f, 10f, 12f);
          assertThat(floats(both.arguments().get(1))).containsExactly(5f, 12f, 21f, 32f);
          GenericCall.Written sum =
              call(session, GenericCode.FPGA_VECTORADD, List.of(a, b), List.of(room));
          assertThat(floats(sum.arguments().get(0))).containsExactly(6f, 8f, 10f, 12f);
          Argument ints = Argument.of(ArgumentType.INT32_ARRAY, a.data());
          Argument larger = Argument.room(ArgumentType.INT32_ARRAY, 100);
          assertThat(
                  call(session, GenericCode.FPGA_ARRAYCOPY, List.of(ints), List.of(larger))
                      .arguments())
              .containsExactly(ints);
          Argument three = Argument.ofFloats(1, 2, 3);
          assertRefused(session, GenericCode.FPGA_MMULT, "a", List.of(three, three), room);
          assertRefused(session, GenericCode.FPGA_VECTORADD, "b", List.of(a, three), room);
          assertRefused(session, GenericCode.FPGA_VECTORADD, "read[1]", List.of(ints, a), room);
        });
  }

  @Test
  default void genericMinmax_isThatOfVaccel() {
    ByteBuffer numbers = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    numbers.putDouble(0, -3).putDouble(8, 0.5).putDouble(16, 70);
    List<Argument> read =
        List.of(
            Argument.of(ArgumentType.FLOAT64_ARRAY, numbers),
            Argument.ofInt32(3),
            Argument.ofInt32(-1),
            Argument.ofInt32(10));
    Argument[] rooms = {
      Argument.room(ArgumentType.FLOAT64_ARRAY, 24),
      Argument.room(ArgumentType.FLOAT64, 8),
      Argument.room(ArgumentType.FLOAT64, 8)
    };
    withSession(
        this,
        session -> {
          List<Argument> written =
              call(session, GenericCode.MINMAX, read, List.of(rooms)).arguments();
          assertThat(written.get(0).data().getDouble(0)).isEqualTo(-1);
          assertThat(written.get(0).data().getDouble(16)).isEqualTo(10);
          assertThat(written.get(1).data().getDouble(0)).isEqualTo(-3);
          assertThat(written.get(2).data().getDouble(0)).isEqualTo(70);
          List<Argument> wrongCount = new ArrayList<>(read);
          wrongCount.set(1, Argument.ofInt32(1 << 30));
          assertRefused(session, GenericCode.MINMAX, "read[2]", wrongCount, rooms);
        });
  }

  @Test
  default void genericModel_isLoadedRunAndUnloadedByItsResource() {
    withSession(
        this,
        session -> {
          try (RegisteredResource resource =
              session.register(TinyModels.spec(TinyModels.sumAndDifference()).resource())) {
            Argument number = Argument.ofInt64(resource.id());
            call(session, GenericCode.TF_MODEL_LOAD, List.of(number), List.of());
            assertThat(sum(session, number)).containsExactly(6f, 17f);
            call(session, GenericCode.TF_MODEL_UNLOAD, List.of(number), List.of());
            GenericCall again =
                GenericCall.of(GenericCode.TF_MODEL_UNLOAD, List.of(number), List.of());
            assertThat(failureOf(() -> session.call(Operations.GENERIC_CALL, again)).reason())
                .isEqualTo(Reason.MODEL_NOT_FOUND);
            assertThat(sum(session, number)).as("loaded when it is first run").hasSize(2);
            Argument options = Argument.of(ArgumentType.BUFFER, ByteBuffer.wrap(new byte[] {1}));
            VaccelException refused = failureOf(() -> sum(session, number, options));
            assertThat(refused.reason()).isEqualTo(Reason.ARGUMENT_INVALID);
            assertThat(refused).hasMessageContaining("run options");
          }
          Argument unknown = Argument.ofInt64(4711);
          assertThat(failureOf(() -> sum(session, unknown)).reason())
              .isEqualTo(Reason.RESOURCE_NOT_FOUND);
        });
  }

  @Test
  default void genericClassify_usesTheModelOfTheSession() {
    Argument image = Argument.of(ArgumentType.BUFFER, Pictures.file(Color.GREEN, "png"));
    List<Argument> rooms =
        List.of(
            Argument.room(ArgumentType.UCHAR_ARRAY, 100),
            Argument.room(ArgumentType.UCHAR_ARRAY, 1000));
    withSession(
        this,
        session -> {
          GenericCall classify = GenericCall.of(GenericCode.IMAGE_CLASSIFY, List.of(image), rooms);
          assertThat(failureOf(() -> session.call(Operations.GENERIC_CALL, classify)).reason())
              .isEqualTo(Reason.RESOURCE_NOT_FOUND);
          try (RegisteredResource model = session.register(TinyModels.colours().resource())) {
            assertThat(model.id()).isPositive();
            GenericCall.Written done = session.call(Operations.GENERIC_CALL, classify);
            String text =
                StandardCharsets.US_ASCII.decode(done.arguments().get(1).data()).toString();
            assertThat(text).startsWith("green 0.9").hasLineCount(3);
          }
        });
  }

  @Test
  default void genericOpenCv_appliesFunctions() {
    List<Argument> read =
        List.of(
            Argument.ofString("GRAY8"),
            Argument.ofInt32(3),
            Argument.ofInt32(1),
            Argument.of(ArgumentType.BUFFER, ByteBuffer.wrap(new byte[] {1, 50, 99})),
            Argument.ofString("flip-left-right"),
            Argument.ofString("threshold 49"),
            Argument.ofString("crop 1 0 2 1"));
    Argument[] rooms = {
      Argument.ofInt32(0),
      Argument.ofInt32(0),
      Argument.ofInt32(0),
      Argument.room(ArgumentType.BUFFER, 10)
    };
    withSession(
        this,
        session -> {
          assertThat(call(session, GenericCode.OPENCV, read, List.of(rooms)).arguments())
              .containsExactly(
                  Argument.ofInt32(2),
                  Argument.ofInt32(1),
                  Argument.ofInt32(1),
                  Argument.of(ArgumentType.BUFFER, ByteBuffer.wrap(new byte[] {-1, 0})));
          for (String step : List.of("sharpen", "resize 1", "rotate x", "rotate 1.5", "blur 0")) {
            List<Argument> bad = new ArrayList<>(read.subList(0, 4));
            bad.add(Argument.ofString(step));
            assertThat(
                    failureOf(() -> call(session, GenericCode.OPENCV, bad, List.of(rooms)))
                        .reason())
                .as(step)
                .isEqualTo(Reason.ARGUMENT_INVALID);
          }
          List<Argument> unknown = new ArrayList<>(read);
          unknown.set(0, Argument.ofString("CMYK"));
          assertRefused(session, GenericCode.OPENCV, "read[1]", unknown, rooms);
        });
  }

  @Test
  default void codesThatNobodyDoes_areRefused() {
    withSession(
        this,
        session -> {
          for (int code : new int[] {24, 255}) {
            VaccelException failure =
                failureOf(() -> session.generic(List.of(Argument.ofUint8(code)), List.of()));
            assertThat(failure.reason()).isEqualTo(Reason.ARGUMENT_INVALID);
            assertThat(failure.details()).containsEntry("field", "read[0]");
          }
          assertThat(failureOf(() -> session.generic(List.of(), List.of())).details())
              .containsEntry("field", "read");
          assertThat(
                  failureOf(() -> session.generic(List.of(Argument.ofInt32(0)), List.of()))
                      .details())
              .containsEntry("field", "read[0]");
          assertThat(
                  failureOf(() -> call(session, GenericCode.TORCH_SGEMM, List.of(), List.of()))
                      .reason())
              .isEqualTo(Reason.NO_PLUGIN);
        });
  }

  private static List<Float> sum(Session session, Argument resource) {
    return sum(session, resource, Argument.room(ArgumentType.BUFFER, 0));
  }

  private static List<Float> sum(Session session, Argument resource, Argument options) {
    Argument two =
        Argument.of(
            ArgumentType.INT64_ARRAY,
            ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(0, 1).putLong(8, 2));
    List<Argument> read =
        List.of(
            resource,
            options,
            Argument.ofInt32(2),
            Argument.ofString("a"),
            Argument.ofInt32(1),
            two,
            Argument.of(ArgumentType.BUFFER, Argument.ofFloats(5, 7).data()),
            Argument.ofString("b"),
            Argument.ofInt32(1),
            two,
            Argument.of(ArgumentType.BUFFER, Argument.ofFloats(1, 10).data()),
            Argument.ofString("sum"));
    List<Argument> rooms =
        List.of(
            Argument.ofInt32(0),
            Argument.room(ArgumentType.INT64_ARRAY, 64),
            Argument.room(ArgumentType.BUFFER, 1024));
    List<Argument> written = call(session, GenericCode.TF_MODEL_RUN, read, rooms).arguments();
    assertThat(written.get(0)).isEqualTo(Argument.ofInt32(1));
    assertThat(written.get(1)).isEqualTo(two);
    return floats(written.get(2));
  }

  /** Asserts that the arguments are refused, and that the error names this field. */
  static void assertRefused(
      Session session, GenericCode code, String field, List<Argument> read, Argument... write) {
    VaccelException failure = failureOf(() -> call(session, code, read, Arrays.asList(write)));
    assertThat(failure.reason()).as(failure.getMessage()).isEqualTo(Reason.ARGUMENT_INVALID);
    assertThat(failure.details()).containsEntry("field", field);
  }

  /** Calls an operation by its code. */
  static GenericCall.Written call(
      Session session, GenericCode code, List<Argument> read, List<Argument> write) {
    return session.call(Operations.GENERIC_CALL, GenericCall.of(code, read, write));
  }

  private static List<Float> floats(Argument argument) {
    var buffer = argument.data().asFloatBuffer();
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    List<Float> list = new ArrayList<>();
    for (float value : values) {
      list.add(value);
    }
    return list;
  }

  /** Does something in a session of its own. */
  static void withSession(PluginContract contract, Consumer<Session> work) {
    try (Vaccel vaccel = contract.open();
        Session session = vaccel.openSession()) {
      work.accept(session);
    }
  }
}
