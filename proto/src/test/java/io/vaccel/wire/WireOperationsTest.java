package io.vaccel.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.vaccel.Echo;
import io.vaccel.Noop;
import io.vaccel.Operation;
import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.Sgemm;
import io.vaccel.VaccelException;
import io.vaccel.v1.AddVectorsRequest;
import io.vaccel.v1.Argument;
import io.vaccel.v1.ClassifyImageRequest;
import io.vaccel.v1.EchoRequest;
import io.vaccel.v1.ElementType;
import io.vaccel.v1.Image;
import io.vaccel.v1.Payload;
import io.vaccel.v1.PixelFormat;
import io.vaccel.v1.RawImage;
import io.vaccel.v1.RunModelRequest;
import io.vaccel.v1.SgemmRequest;
import io.vaccel.v1.Tensor;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The table is complete, and what a hostile client writes is refused before it is used. */
final class WireOperationsTest {
  private final WireSide side = new WireSide(1024);

  @Test
  void everyOperation_travelsUnderItsOwnMethod() {
    for (Operation<?, ?> operation : Operations.all()) {
      assertThat(WireOperations.of(operation).operation()).isEqualTo(operation);
    }
    assertThat(WireOperations.all().stream().map(wire -> wire.method().getFullMethodName()))
        .hasSameSizeAs(Operations.all())
        .doesNotHaveDuplicates();
  }

  @Test
  void unknownOperation_isNoPlugin() {
    Operation<Noop, Noop.Done> unknown =
        new Operation<>("no.such", Noop.class, Noop.Done.class, true);

    assertReason(Reason.NO_PLUGIN, () -> WireOperations.of(unknown));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformedTensors")
  void malformedTensor_isRefused(String what, Tensor tensor, Reason reason) {
    EchoRequest request = EchoRequest.newBuilder().addTensors(tensor).build();

    assertReason(reason, () -> decodeEcho(request));
  }

  static Stream<Arguments> malformedTensors() {
    Tensor good =
        Tensor.newBuilder()
            .setName("x")
            .setElementType(ElementType.ELEMENT_TYPE_FLOAT32)
            .addShape(1)
            .setData(Payload.newBuilder().setInline(ByteString.copyFrom(new byte[4])))
            .build();
    return Stream.of(
        arguments("no data", good.toBuilder().clearData(), Reason.ARGUMENT_INVALID),
        arguments("no type", good.toBuilder().clearElementType(), Reason.ARGUMENT_INVALID),
        arguments(
            "unknown type", good.toBuilder().setElementTypeValue(9999), Reason.ARGUMENT_INVALID),
        arguments("negative dimension", good.toBuilder().setShape(0, -1), Reason.TENSOR_INVALID),
        arguments("too few bytes", good.toBuilder().setShape(0, 2), Reason.TENSOR_INVALID),
        arguments("too many bytes", good.toBuilder().setShape(0, 0), Reason.TENSOR_INVALID),
        arguments(
            "elements overflow",
            good.toBuilder().addShape(1L << 40).addShape(1L << 40),
            Reason.TENSOR_INVALID),
        arguments(
            "bytes overflow", good.toBuilder().setShape(0, Long.MAX_VALUE), Reason.TENSOR_INVALID),
        arguments(
            "rank 33",
            good.toBuilder().addAllShape(Collections.nCopies(32, 1L)),
            Reason.TENSOR_INVALID),
        arguments("long name", good.toBuilder().setName("x".repeat(1025)), Reason.TENSOR_INVALID),
        arguments(
            "string past the end",
            good.toBuilder()
                .setElementType(ElementType.ELEMENT_TYPE_STRING)
                .setData(
                    Payload.newBuilder()
                        .setInline(ByteString.copyFrom(new byte[] {-1, -1, -1, 127, 0}))),
            Reason.TENSOR_INVALID));
  }

  @Test
  void tooManyTensors_areRefused() {
    Tensor empty =
        Tensor.newBuilder()
            .setElementType(ElementType.ELEMENT_TYPE_BOOL)
            .addShape(0)
            .setData(Payload.newBuilder().setInline(ByteString.EMPTY))
            .build();
    EchoRequest request =
        EchoRequest.newBuilder()
            .addAllTensors(Collections.nCopies(Codec.MAX_TENSORS + 1, empty))
            .build();

    assertReason(Reason.ARGUMENT_INVALID, () -> decodeEcho(request));
  }

  @Test
  void malformedArguments_areRefusedByName() {
    Argument good =
        Argument.newBuilder()
            .setType(13)
            .setValue(Payload.newBuilder().setInline(ByteString.copyFrom(new byte[4])))
            .build();

    for (Argument bad :
        List.of(
            good.toBuilder().setType(30).build(),
            good.toBuilder().setType(-1).build(),
            good.toBuilder().setType(7).build(),
            good.toBuilder().setCustomTypeId(1).build())) {
      assertThatThrownBy(() -> Codec.decodeArguments("read", List.of(good, bad), side))
          .isInstanceOf(VaccelException.class)
          .hasMessageContaining("read[1]");
    }
    assertReason(
        Reason.ARGUMENT_INVALID,
        () -> Codec.decodeArguments("write", Collections.nCopies(257, good), side));
  }

  @Test
  void unknownModel_isNotFound() {
    RunModelRequest request = RunModelRequest.newBuilder().setModelId("guessed").build();

    assertReason(
        Reason.MODEL_NOT_FOUND, () -> decode(WireOperations.of(Operations.MODEL_RUN), request));
  }

  @Test
  void imageWithoutContent_isRefused() {
    assertReason(
        Reason.ARGUMENT_INVALID, () -> Codec.decode("image", Image.getDefaultInstance(), side));
    assertReason(
        Reason.MODEL_NOT_FOUND,
        () ->
            decode(
                WireOperations.of(Operations.IMAGE_CLASSIFY),
                ClassifyImageRequest.getDefaultInstance()));
  }

  @Test
  void rawImageWhoseSizesOverflow_isRefused() {
    Payload fourBytes = Payload.newBuilder().setInline(ByteString.copyFrom(new byte[4])).build();
    for (int[] size : List.of(new int[] {-1, 1}, new int[] {1 << 30, 1 << 30}, new int[] {0, 5})) {
      Image image =
          Image.newBuilder()
              .setRaw(
                  RawImage.newBuilder()
                      .setWidth(size[0])
                      .setHeight(size[1])
                      .setFormat(PixelFormat.PIXEL_FORMAT_RGB8)
                      .setPixels(fourBytes))
              .build();

      assertThatThrownBy(() -> Codec.decode("image", image, side))
          .isInstanceOf(VaccelException.class);
    }
  }

  @Property(tries = 500)
  void sizesOfMatrices_areNotBelieved(
      @ForAll long m, @ForAll long n, @ForAll long k, @ForAll @LongRange(min = 1) long batch) {
    Payload one = Payload.newBuilder().setInline(ByteString.copyFrom(new byte[4])).build();
    SgemmRequest request =
        SgemmRequest.newBuilder()
            .setM(m)
            .setN(n)
            .setK(k)
            .setA(one)
            .setLda(k)
            .setB(one)
            .setLdb(n)
            .setLdc(n)
            .setBatch(batch)
            .build();
    try {
      Sgemm made = (Sgemm) decode(WireOperations.of(Operations.BLAS_SGEMM), request);
      assertThat(List.of(made.m(), made.n(), made.k(), made.batch())).containsOnly(1L);
    } catch (VaccelException e) {
      assertThat(e.reason()).isEqualTo(Reason.ARGUMENT_INVALID);
      assertThat(e.details().get("field")).isIn("m", "n", "k", "a", "b", "c", "batch");
    }
  }

  @Test
  void matrixWithoutBytes_isNamed() {
    SgemmRequest request = SgemmRequest.newBuilder().setM(1).setN(1).setK(1).build();

    assertThatThrownBy(() -> decode(WireOperations.of(Operations.BLAS_SGEMM), request))
        .isInstanceOfSatisfying(
            VaccelException.class,
            error -> assertThat(error.details()).containsEntry("field", "a"));
  }

  @Test
  void malformedArray_isNamed() {
    assertThatThrownBy(
            () ->
                decode(
                    WireOperations.of(Operations.ARRAY_ADD_VECTORS),
                    AddVectorsRequest.getDefaultInstance()))
        .isInstanceOfSatisfying(
            VaccelException.class,
            error -> assertThat(error.details()).containsEntry("field", "a.element_type"));
  }

  private Echo decodeEcho(EchoRequest request) {
    return (Echo) decode(WireOperations.of(Operations.ECHO), request);
  }

  // The test hands each table entry a request of its own type.
  @SuppressWarnings("unchecked")
  private Object decode(WireOperation<?, ?, ?, ?> wire, Message request) {
    return ((WireOperation<?, ?, Message, ?>) wire).decodeInput(request, side);
  }

  private static Arguments arguments(String what, Tensor.Builder tensor, Reason reason) {
    return Arguments.of(what, tensor.build(), reason);
  }

  private static void assertReason(Reason reason, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            VaccelException.class, error -> assertThat(error.reason()).isEqualTo(reason));
  }
}
