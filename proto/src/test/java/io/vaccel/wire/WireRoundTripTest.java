package io.vaccel.wire;

import static io.vaccel.wire.Trip.input;
import static io.vaccel.wire.Trip.result;
import static io.vaccel.wire.Trip.throughBytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.vaccel.AddAndMultiply;
import io.vaccel.AddVectors;
import io.vaccel.Argument;
import io.vaccel.ArrayResult;
import io.vaccel.Classification;
import io.vaccel.CopyArray;
import io.vaccel.Echo;
import io.vaccel.ExecutedOn;
import io.vaccel.FloatMatrix;
import io.vaccel.Image;
import io.vaccel.Minmax;
import io.vaccel.ModelFormat;
import io.vaccel.MultiplyMatrices;
import io.vaccel.Noop;
import io.vaccel.Operation;
import io.vaccel.Operations;
import io.vaccel.PixelFormat;
import io.vaccel.ResourceKind;
import io.vaccel.Sgemm;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.TensorInfo;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What goes over the wire comes back the same: through bytes, with payloads inline and beside. */
final class WireRoundTripTest {

  @Property(tries = 300)
  void tensors_areTheSame(
      @ForAll("tensorLists") List<Tensor> tensors, @ForAll @IntRange(max = 64) int inlineBytes)
      throws InvalidProtocolBufferException {
    WireSide side = new WireSide(inlineBytes);
    Echo back = input(Operations.ECHO, new Echo(tensors), side);

    assertThat(back.tensors()).isEqualTo(tensors);
    assertThat(side.buffersLeft()).isZero();
  }

  @Property(tries = 200)
  void echoReplies_areTheSame(
      @ForAll("tensorLists") List<Tensor> tensors, @ForAll("executions") ExecutedOn executedOn)
      throws InvalidProtocolBufferException {
    Echo.Reply reply = new Echo.Reply(tensors, executedOn);

    Echo.Reply back = result(Operations.ECHO, reply, new WireSide(16));

    assertThat(back.tensors()).isEqualTo(tensors);
    assertThat(back.executedOn()).isEqualTo(executedOn.via("unix:/run/agent"));
  }

  @Property(tries = 200)
  void classifications_areTheSame(
      @ForAll("labels") List<Classification.Label> labels,
      @ForAll("executions") ExecutedOn executedOn)
      throws InvalidProtocolBufferException {
    Classification back =
        result(Operations.IMAGE_CLASSIFY, new Classification(labels, executedOn), new WireSide(0));

    assertThat(back).isEqualTo(new Classification(labels, executedOn.via("unix:/run/agent")));
  }

  @Property(tries = 100)
  void noop_isTheSame(@ForAll("executions") ExecutedOn executedOn)
      throws InvalidProtocolBufferException {
    assertThat(input(Operations.NOOP, new Noop(), new WireSide(0))).isEqualTo(new Noop());
    assertThat(result(Operations.NOOP, new Noop.Done(executedOn), new WireSide(0)).executedOn())
        .isEqualTo(executedOn.via("unix:/run/agent"));
  }

  @Property(tries = 100)
  void matrices_areTheSame(
      @ForAll @IntRange(max = 3) int m,
      @ForAll @IntRange(max = 3) int n,
      @ForAll @IntRange(max = 3) int k,
      @ForAll @IntRange(min = 1, max = 2) int batch,
      @ForAll boolean withC,
      @ForAll @IntRange(max = 64) int inlineBytes)
      throws InvalidProtocolBufferException {
    WireSide side = new WireSide(inlineBytes);
    FloatMatrix a = matrix(m * k * batch, k);
    FloatMatrix b = matrix(k * n * batch, n);
    FloatMatrix c = matrix(withC ? m * n * batch : 0, n);
    Sgemm input = new Sgemm(m, n, k, 2, a, b, withC ? -1 : 0, c, batch);

    assertThat(input(Operations.BLAS_SGEMM, input, side)).isEqualTo(input);
    Sgemm.Product product = new Sgemm.Product(c, ExecutedOn.here("blas", "CPU"));
    assertThat(result(Operations.BLAS_SGEMM, product, side).c()).isEqualTo(c);
    assertThat(side.buffersLeft()).isZero();
  }

  @Property(tries = 100)
  void arrays_areTheSame(
      @ForAll @Size(max = 12) float[] values,
      @ForAll @IntRange(max = 3) int rows,
      @ForAll("executions") ExecutedOn where,
      @ForAll @IntRange(max = 64) int inlineBytes)
      throws InvalidProtocolBufferException {
    WireSide side = new WireSide(inlineBytes);
    Tensor a = Tensor.ofFloats("", Shape.of(values.length), values);
    Tensor b = Tensor.ofFloats("", Shape.of(values.length), reversed(values));
    Tensor square = Tensor.ofFloats("", Shape.of(rows, rows), Arrays.copyOf(values, rows * rows));

    MultiplyMatrices matrices = new MultiplyMatrices(square, square);
    assertThat(input(Operations.ARRAY_MULTIPLY_MATRICES, matrices, side)).isEqualTo(matrices);
    AddAndMultiply both = new AddAndMultiply(a, b);
    assertThat(input(Operations.ARRAY_ADD_AND_MULTIPLY, both, side)).isEqualTo(both);
    AddVectors vectors = new AddVectors(a, b);
    assertThat(input(Operations.ARRAY_ADD_VECTORS, vectors, side)).isEqualTo(vectors);
    AddAndMultiply.Both sums =
        result(Operations.ARRAY_ADD_AND_MULTIPLY, new AddAndMultiply.Both(a, b, where), side);
    assertThat(sums).isEqualTo(new AddAndMultiply.Both(a, b, where.via("unix:/run/agent")));
    for (Operation<?, ArrayResult> operation :
        List.of(
            Operations.ARRAY_COPY,
            Operations.ARRAY_MULTIPLY_MATRICES,
            Operations.ARRAY_ADD_VECTORS)) {
      assertThat(result(operation, new ArrayResult(square, where), side))
          .isEqualTo(new ArrayResult(square, where.via("unix:/run/agent")));
    }
    assertThat(side.buffersLeft()).isZero();
  }

  @Property(tries = 100)
  void arraysOfNumbersOfOtherTypes_areTheSame(
      @ForAll @Size(max = 12) int[] ints,
      @ForAll @Size(min = 1, max = 12) double[] values,
      @ForAll int low,
      @ForAll double min,
      @ForAll double max,
      @ForAll("executions") ExecutedOn where,
      @ForAll @IntRange(max = 64) int inlineBytes)
      throws InvalidProtocolBufferException {
    WireSide side = new WireSide(inlineBytes);
    CopyArray copy = new CopyArray(Tensor.ofInts("", Shape.of(ints.length), ints));
    assertThat(input(Operations.ARRAY_COPY, copy, side)).isEqualTo(copy);
    Tensor doubles = Tensor.ofDoubles("", Shape.of(values.length), values);
    Minmax minmax = new Minmax(doubles, low, Integer.MAX_VALUE);
    assertThat(input(Operations.ARRAY_MINMAX, minmax, side)).isEqualTo(minmax);
    assertThat(result(Operations.ARRAY_MINMAX, new Minmax.Bounds(doubles, min, max, where), side))
        .isEqualTo(new Minmax.Bounds(doubles, min, max, where.via("unix:/run/agent")));
    assertThat(side.buffersLeft()).isZero();
  }

  private static float[] reversed(float[] values) {
    float[] reversed = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      reversed[i] = values[values.length - 1 - i];
    }
    return reversed;
  }

  @Property(tries = 200)
  void images_areTheSame(@ForAll("images") Image image, @ForAll @IntRange(max = 64) int inlineBytes)
      throws InvalidProtocolBufferException {
    WireSide side = new WireSide(inlineBytes);
    io.vaccel.v1.Image wire = throughBytes(Codec.encode(image, side));

    assertThat(Codec.decode("image", wire, side)).isEqualTo(image);
    assertThat(side.buffersLeft()).isZero();
  }

  @Property(tries = 200)
  void arguments_areTheSame(
      @ForAll("argumentLists") List<Argument> arguments,
      @ForAll @IntRange(max = 64) int inlineBytes) {
    WireSide side = new WireSide(inlineBytes);

    assertThat(Codec.decodeArguments("read", Codec.encodeArguments(arguments, side), side))
        .isEqualTo(arguments);
    assertThat(side.buffersLeft()).isZero();
  }

  @Property(tries = 100)
  void enums_areTheSame(@ForAll ModelFormat format, @ForAll ResourceKind kind) {
    assertThat(Codec.decode(Codec.encode(format))).isEqualTo(format);
    assertThat(Codec.decode(Codec.encode(kind))).isEqualTo(kind);
  }

  @Property(tries = 100)
  void signatures_areTheSame(@ForAll("infos") List<TensorInfo> infos) {
    assertThat(Codec.decode(Codec.encode(infos), List.of()).inputs()).isEqualTo(infos);
  }

  @Provide
  Arbitrary<List<Tensor>> tensorLists() {
    return Samples.tensors().list().ofMaxSize(4);
  }

  @Provide
  Arbitrary<ExecutedOn> executions() {
    return Samples.executions();
  }

  @Provide
  Arbitrary<List<Classification.Label>> labels() {
    return Combinators.combine(
            Arbitraries.integers().greaterOrEqual(0),
            Arbitraries.strings().ofMaxLength(30),
            Arbitraries.floats())
        .as(Classification.Label::new)
        .list()
        .ofMaxSize(5);
  }

  @Provide
  Arbitrary<Image> images() {
    Arbitrary<Image> encoded =
        Arbitraries.bytes()
            .array(byte[].class)
            .ofMinSize(1)
            .ofMaxSize(100)
            .map(bytes -> Image.encoded(ByteBuffer.wrap(bytes)));
    Arbitrary<Image> raw =
        Combinators.combine(
                Arbitraries.integers().between(1, 7),
                Arbitraries.integers().between(1, 7),
                Arbitraries.of(PixelFormat.class))
            .as(
                (width, height, format) ->
                    new Image.Raw(
                        width,
                        height,
                        format,
                        ByteBuffer.allocate(width * height * format.bytesPerPixel())));
    return Arbitraries.oneOf(encoded, raw);
  }

  @Provide
  Arbitrary<List<Argument>> argumentLists() {
    return Samples.arguments().list().ofMaxSize(5);
  }

  @Provide
  Arbitrary<List<TensorInfo>> infos() {
    return Combinators.combine(
            Arbitraries.strings().ofMaxLength(10),
            Arbitraries.of(io.vaccel.ElementType.class),
            Arbitraries.longs().between(-1, 1000).list().ofMaxSize(5))
        .as(TensorInfo::new)
        .list()
        .ofMaxSize(3);
  }

  private static FloatMatrix matrix(int elements, long columns) {
    float[] values = new float[elements];
    for (int i = 0; i < elements; i++) {
      values[i] = i + 1;
    }
    return FloatMatrix.of(columns, values);
  }
}
