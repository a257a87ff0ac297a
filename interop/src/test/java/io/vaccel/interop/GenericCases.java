package io.vaccel.interop;

import static io.vaccel.interop.FaithfulCase.bad;
import static io.vaccel.interop.FaithfulCase.good;

import io.vaccel.Argument;
import io.vaccel.ArgumentType;
import io.vaccel.GenericCode;
import io.vaccel.Operations;
import io.vaccel.Session;
import io.vaccel.contract.GenericContract;
import io.vaccel.contract.Pictures;
import java.awt.Color;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Generic calls of every code, well and badly. */
final class GenericCases {
  private static final Argument FLOATS = Argument.ofFloats(1, 0.1f, -0.0f, 4e30f);
  private static final Argument ROOM = Argument.room(ArgumentType.FLOAT32_ARRAY, 16);

  private GenericCases() {}

  static Stream<FaithfulCase> all() {
    return Stream.of(numbers(), pictures(), GenericResourceCases.all(), misunderstood())
        .flatMap(cases -> cases);
  }

  private static Stream<FaithfulCase> numbers() {
    Argument two = Argument.ofInt64(2);
    Argument factor = Argument.ofFloat32(0.3f);
    Argument ints = Argument.of(ArgumentType.INT32_ARRAY, FLOATS.data());
    return Stream.of(
        well(GenericCode.NOOP, List.of()),
        well(
            GenericCode.BLAS_SGEMM,
            List.of(two, two, two, factor, FLOATS, two, FLOATS, two, factor, two),
            FLOATS),
        well(GenericCode.FPGA_ARRAYCOPY, List.of(ints), ints),
        well(GenericCode.FPGA_MMULT, List.of(FLOATS, FLOATS), ROOM),
        well(GenericCode.FPGA_PARALLEL, List.of(FLOATS, FLOATS), ROOM, ROOM),
        well(GenericCode.FPGA_VECTORADD, List.of(FLOATS, FLOATS), ROOM),
        well(
            GenericCode.MINMAX,
            List.of(doubles(10, -1, 0.1), number(3), number(-3), number(7)),
            Argument.room(ArgumentType.FLOAT64_ARRAY, 24),
            Argument.room(ArgumentType.FLOAT64, 8),
            Argument.room(ArgumentType.FLOAT64, 8)));
  }

  private static Stream<FaithfulCase> pictures() {
    ByteBuffer pixels = ByteBuffer.wrap(new byte[] {1, 50, 99});
    return Stream.of(
        good(
            Operations.GENERIC_CALL,
            GenericCode.OPENCV.toString(),
            session -> opencv(session, "GRAY8", 3, 1, pixels)),
        good(
            Operations.GENERIC_CALL,
            "OPENCV of a JPEG file",
            session -> opencv(session, PictureCases.photograph().data())),
        good(
            Operations.GENERIC_CALL,
            "OPENCV of a PNG file",
            session -> opencv(session, Pictures.file(Color.ORANGE, "png"))),
        bad(
            Operations.GENERIC_CALL,
            "OPENCV of half a JPEG file",
            session -> opencv(session, PictureCases.half().data())),
        bad(
            Operations.GENERIC_CALL,
            "OPENCV of a huge PNG file",
            session -> opencv(session, PictureCases.huge().data())));
  }

  private static Object opencv(Session session, ByteBuffer file) {
    return opencv(session, "ENCODED", 0, 0, file);
  }

  private static Object opencv(
      Session session, String format, int width, int height, ByteBuffer data) {
    List<Argument> read =
        List.of(
            Argument.ofString(format),
            number(width),
            number(height),
            Argument.of(ArgumentType.BUFFER, data),
            Argument.ofString("resize 20 15"),
            Argument.ofString("flip-left-right"),
            Argument.ofString("blur 1"));
    List<Argument> write =
        List.of(number(0), number(0), number(0), Argument.room(ArgumentType.BUFFER, 3 * 20 * 15));
    return GenericContract.call(session, GenericCode.OPENCV, read, write);
  }

  /** Each code with an argument that none of them reads. */
  private static Stream<FaithfulCase> misunderstood() {
    Argument strange = Argument.room(ArgumentType.UINT16, 2);
    return Arrays.stream(GenericCode.values())
        .map(
            code ->
                bad(
                    Operations.GENERIC_CALL,
                    code + " misunderstood",
                    session -> GenericContract.call(session, code, List.of(strange), List.of())));
  }

  private static FaithfulCase well(GenericCode code, List<Argument> read, Argument... write) {
    return good(
        Operations.GENERIC_CALL,
        code.toString(),
        (Session session) -> GenericContract.call(session, code, read, Arrays.asList(write)));
  }

  private static Argument number(int value) {
    return Argument.ofInt32(value);
  }

  private static Argument doubles(double... values) {
    ByteBuffer data =
        ByteBuffer.allocate(values.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    data.asDoubleBuffer().put(values);
    return Argument.of(ArgumentType.FLOAT64_ARRAY, data);
  }
}
