package io.vaccel.interop;

import static io.vaccel.interop.FaithfulCase.bad;
import static io.vaccel.interop.FaithfulCase.good;

import io.vaccel.AddAndMultiply;
import io.vaccel.AddVectors;
import io.vaccel.CallOptions;
import io.vaccel.Cancellation;
import io.vaccel.CopyArray;
import io.vaccel.Echo;
import io.vaccel.ElementType;
import io.vaccel.FloatMatrix;
import io.vaccel.Minmax;
import io.vaccel.MultiplyMatrices;
import io.vaccel.Noop;
import io.vaccel.Operation;
import io.vaccel.Operations;
import io.vaccel.ReadProfile;
import io.vaccel.Result;
import io.vaccel.Session;
import io.vaccel.Sgemm;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.contract.Matrices;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Calls of what takes nothing, tensors, matrices or arrays. */
final class NumberCases {
  private static final Tensor FOUR = Tensor.ofFloats("", Shape.of(2, 2), 1.5f, -2, 3, 1e-30f);
  private static final Tensor VECTOR =
      Tensor.ofFloats("", Shape.of(4), 0.1f, -0.0f, Float.MAX_VALUE, Float.MIN_VALUE);

  private NumberCases() {}

  static Stream<FaithfulCase> all() {
    return Stream.of(plain(), matrices(), arrays()).flatMap(cases -> cases);
  }

  private static Stream<FaithfulCase> plain() {
    return Stream.of(
        good(Operations.NOOP, "done", Session::noop),
        bad(
            Operations.NOOP,
            "cancelled",
            session -> cancelled(session, Operations.NOOP, new Noop())),
        good(Operations.ECHO, "every element type", session -> session.echo(everyType())),
        good(Operations.ECHO, "3 MiB", session -> session.echo(List.of(random("large", 3 << 20)))),
        good(Operations.ECHO, "nothing", session -> session.echo(List.of())),
        bad(
            Operations.ECHO,
            "cancelled",
            session -> cancelled(session, Operations.ECHO, new Echo(List.of(FOUR)))),
        good(Operations.PROFILE_READ, "read", Session::profile),
        bad(
            Operations.PROFILE_READ,
            "cancelled",
            session -> cancelled(session, Operations.PROFILE_READ, new ReadProfile())));
  }

  private static Stream<FaithfulCase> matrices() {
    return Stream.of(
        good(Operations.BLAS_SGEMM, "with gaps, alpha, beta", session -> session.sgemm(gaps())),
        good(
            Operations.BLAS_SGEMM,
            "a batch of large ones",
            session -> session.sgemm(matrices(123, 78, 456, 3))),
        good(Operations.BLAS_SGEMM, "no rows", session -> session.sgemm(matrices(0, 3, 2, 1))),
        good(
            Operations.BLAS_SGEMM,
            "infinite and not a number",
            session ->
                session.sgemm(
                    Sgemm.product(
                        1, 2, 1, new float[] {Float.POSITIVE_INFINITY}, new float[] {0, 1}))),
        bad(
            Operations.BLAS_SGEMM,
            "too few elements",
            session -> session.sgemm(Sgemm.product(2, 2, 2, new float[3], new float[4]))),
        bad(
            Operations.BLAS_SGEMM,
            "sizes of another day",
            session ->
                session.sgemm(Sgemm.product(1L << 40, 1L << 40, 2, new float[0], new float[0]))));
  }

  private static Stream<FaithfulCase> arrays() {
    Tensor three = Tensor.ofFloats("", Shape.of(3), 1, 2, 3);
    Tensor numbers = Tensor.ofDoubles("", Shape.of(5), 0.1, -7, 1e300, -0.0, 99);
    return Stream.of(
        good(
            Operations.ARRAY_MINMAX,
            "cut",
            session -> session.call(Operations.ARRAY_MINMAX, new Minmax(numbers, -3, 70))),
        bad(
            Operations.ARRAY_MINMAX,
            "thresholds the wrong way round",
            session -> session.call(Operations.ARRAY_MINMAX, new Minmax(numbers, 3, -3))),
        good(
            Operations.ARRAY_COPY,
            "many",
            session -> session.call(Operations.ARRAY_COPY, new CopyArray(integers(100_000)))),
        bad(
            Operations.ARRAY_COPY,
            "of floats",
            session -> session.call(Operations.ARRAY_COPY, new CopyArray(three))),
        good(
            Operations.ARRAY_MULTIPLY_MATRICES,
            "squares",
            session ->
                session.call(Operations.ARRAY_MULTIPLY_MATRICES, new MultiplyMatrices(FOUR, FOUR))),
        bad(
            Operations.ARRAY_MULTIPLY_MATRICES,
            "a vector",
            session ->
                session.call(
                    Operations.ARRAY_MULTIPLY_MATRICES, new MultiplyMatrices(FOUR, three))),
        good(
            Operations.ARRAY_ADD_AND_MULTIPLY,
            "both",
            session ->
                session.call(
                    Operations.ARRAY_ADD_AND_MULTIPLY, new AddAndMultiply(VECTOR, VECTOR))),
        bad(
            Operations.ARRAY_ADD_AND_MULTIPLY,
            "of two lengths",
            session ->
                session.call(Operations.ARRAY_ADD_AND_MULTIPLY, new AddAndMultiply(VECTOR, three))),
        good(
            Operations.ARRAY_ADD_VECTORS,
            "sum",
            session -> session.call(Operations.ARRAY_ADD_VECTORS, new AddVectors(VECTOR, VECTOR))),
        bad(
            Operations.ARRAY_ADD_VECTORS,
            "of two lengths",
            session -> session.call(Operations.ARRAY_ADD_VECTORS, new AddVectors(three, VECTOR))));
  }

  private static <I, O extends Result> O cancelled(
      Session session, Operation<I, O> operation, I input) {
    Cancellation cancellation = new Cancellation();
    cancellation.cancel();
    return session.call(operation, input, CallOptions.defaults().with(cancellation));
  }

  private static Sgemm gaps() {
    Random random = new Random(4);
    FloatMatrix a = Matrices.random(random, 5, 7, 9, 2);
    FloatMatrix b = Matrices.random(random, 7, 3, 8, 2);
    FloatMatrix c = Matrices.random(random, 5, 3, 4, 2);
    return new Sgemm(5, 3, 7, 0.3f, a, b, -0.7f, c, 2);
  }

  private static Sgemm matrices(int m, int n, int k, int batch) {
    Random random = new Random(m);
    FloatMatrix a = Matrices.random(random, m, k, k, batch);
    FloatMatrix b = Matrices.random(random, k, n, n, batch);
    return new Sgemm(m, n, k, 1, a, b, 0, FloatMatrix.none(n), batch);
  }

  private static List<Tensor> everyType() {
    return Arrays.stream(ElementType.values()).map(NumberCases::tensor).toList();
  }

  /** Six elements of this type. */
  static Tensor tensor(ElementType type) {
    Shape shape = Shape.of(2, 3);
    if (type == ElementType.STRING) {
      return Tensor.ofStrings(
          "x",
          shape,
          Stream.of("", "plain", "gr\u00fc\u00dfe \u4f60", "two lines\n", "x".repeat(99), "z")
              .map(text -> text.getBytes(StandardCharsets.UTF_8))
              .toList());
    }
    byte[] bytes = new byte[(int) type.bytes(6)];
    new Random(type.bits()).nextBytes(bytes);
    for (int i = 0; type == ElementType.BOOL && i < bytes.length; i++) {
      bytes[i] &= 1;
    }
    return Tensor.of("x", type, shape, ByteBuffer.wrap(bytes));
  }

  private static Tensor random(String name, int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return Tensor.of(name, ElementType.UINT8, Shape.of(size), ByteBuffer.wrap(bytes));
  }

  private static Tensor integers(int count) {
    return Tensor.ofInts("", Shape.of(count), new Random(count).ints(count).toArray());
  }
}
