package io.vaccel.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import io.grpc.protobuf.StatusProto;
import io.vaccel.Operation;
import io.vaccel.Operations;
import io.vaccel.Shape;
import io.vaccel.VaccelException;
import io.vaccel.v1.Argument;
import io.vaccel.v1.CallGenericRequest;
import io.vaccel.v1.EchoRequest;
import io.vaccel.v1.ElementType;
import io.vaccel.v1.ImageStep;
import io.vaccel.v1.KernelArgument;
import io.vaccel.v1.Payload;
import io.vaccel.v1.PixelFormat;
import io.vaccel.v1.RawImage;
import io.vaccel.v1.ResizeStep;
import io.vaccel.v1.RunKernelRequest;
import io.vaccel.v1.SgemmRequest;
import io.vaccel.v1.Tensor;
import io.vaccel.v1.TransformImageRequest;
import java.util.Collections;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/**
 * A hostile client changes one thing of a request that is well formed: the {@code BadRequest} that
 * it gets names just that.
 */
final class FieldsTest {
  private static final Payload FOUR_BYTES = payload(4);

  private static final Tensor GOOD =
      Tensor.newBuilder()
          .setName("x")
          .setElementType(ElementType.ELEMENT_TYPE_FLOAT32)
          .addShape(1)
          .setData(FOUR_BYTES)
          .build();

  private final WireSide side = new WireSide(1024);

  /** A tensor with one thing wrong, under the field that is to be named. */
  record Bad(String field, Tensor tensor) {}

  @Property(tries = 2000)
  void hostileTensor_isNamedWithWhatIsWrong(
      @ForAll("badTensors") Bad bad, @ForAll @IntRange(max = 5) int before) {
    EchoRequest request =
        EchoRequest.newBuilder()
            .addAllTensors(Collections.nCopies(before, GOOD))
            .addTensors(bad.tensor())
            .addTensors(GOOD)
            .build();

    assertThat(field(Operations.ECHO, request)).isEqualTo("tensors[" + before + "]." + bad.field());
  }

  @Provide
  Arbitrary<Bad> badTensors() {
    return Arbitraries.oneOf(
        negativeDimensions(), overflows(), wrongBytes(), brokenStrings(), odd());
  }

  private static Arbitrary<Bad> negativeDimensions() {
    return Combinators.combine(
            Arbitraries.longs().between(0, Long.MAX_VALUE).list().ofMaxSize(Shape.MAX_RANK - 1),
            Arbitraries.longs().between(Long.MIN_VALUE, -1))
        .as(
            (sizes, negative) ->
                new Bad(
                    "shape[" + sizes.size() + "]",
                    GOOD.toBuilder().clearShape().addAllShape(sizes).addShape(negative).build()));
  }

  /** Elements, or bits, beyond 63 bits; a zero among them changes nothing. */
  private static Arbitrary<Bad> overflows() {
    return Combinators.combine(
            Arbitraries.longs().between(1L << 31, Long.MAX_VALUE),
            Arbitraries.longs().between(1L << 32, Long.MAX_VALUE),
            Arbitraries.of(true, false))
        .as(
            (first, second, empty) -> {
              Tensor.Builder tensor =
                  GOOD.toBuilder().clearShape().addShape(first).addShape(second);
              return new Bad("shape", (empty ? tensor.addShape(0) : tensor).build());
            });
  }

  private static Arbitrary<Bad> wrongBytes() {
    Arbitrary<ElementType> types =
        Arbitraries.of(
            ElementType.ELEMENT_TYPE_FLOAT32,
            ElementType.ELEMENT_TYPE_BFLOAT16,
            ElementType.ELEMENT_TYPE_COMPLEX128,
            ElementType.ELEMENT_TYPE_BOOL);
    Arbitrary<Long> sizes =
        Arbitraries.of(0L, 1L, 5L, (1L << 31) - 1, 1L << 31, (1L << 32) - 1, 1L << 32, 1L << 33);
    return Combinators.combine(types, sizes, Arbitraries.integers().between(0, 200))
        .as(
            (type, size, bytes) ->
                GOOD.toBuilder()
                    .setElementType(type)
                    .setShape(0, size)
                    .setData(payload(bytes))
                    .build())
        .filter(tensor -> tensor.getShape(0) * bytesOf(tensor) != size(tensor))
        .map(tensor -> new Bad("data", tensor));
  }

  /** Strings whose lengths run past the end, or that are fewer or more than the shape says. */
  private static Arbitrary<Bad> brokenStrings() {
    return Combinators.combine(
            Arbitraries.bytes().array(byte[].class).ofMinSize(5).ofMaxSize(40),
            Arbitraries.longs().between(20, Long.MAX_VALUE))
        .as(
            (bytes, count) ->
                new Bad(
                    "data",
                    GOOD.toBuilder()
                        .setElementType(ElementType.ELEMENT_TYPE_STRING)
                        .setShape(0, count)
                        .setData(Payload.newBuilder().setInline(ByteString.copyFrom(bytes)))
                        .build()));
  }

  private static Arbitrary<Bad> odd() {
    return Arbitraries.of(
        new Bad("data", GOOD.toBuilder().clearData().build()),
        new Bad("data", GOOD.toBuilder().setData(Payload.getDefaultInstance()).build()),
        new Bad("element_type", GOOD.toBuilder().clearElementType().build()),
        new Bad("element_type", GOOD.toBuilder().setElementTypeValue(9999).build()),
        new Bad("name", GOOD.toBuilder().setName("x".repeat(1025)).build()),
        new Bad("shape", GOOD.toBuilder().addAllShape(Collections.nCopies(32, 1L)).build()));
  }

  @Property(tries = 500)
  void leadingDimensions_areNamed(
      @ForAll @IntRange(min = 1, max = 9) int size,
      @ForAll long apart,
      @ForAll("abc") String which) {
    long bad = apart % size;
    SgemmRequest.Builder request =
        SgemmRequest.newBuilder()
            .setM(size)
            .setN(size)
            .setK(size)
            .setA(payload(4 * size * size))
            .setLda(size)
            .setB(payload(4 * size * size))
            .setLdb(size)
            .setC(payload(4 * size * size))
            .setLdc(size)
            .setBeta(1);
    switch (which) {
      case "a" -> request.setLda(bad);
      case "b" -> request.setLdb(bad);
      default -> request.setLdc(bad);
    }

    assertThat(field(Operations.BLAS_SGEMM, request.build())).isEqualTo("ld" + which);
  }

  @Provide
  Arbitrary<String> abc() {
    return Arbitraries.of("a", "b", "c");
  }

  @Property(tries = 200)
  void argument_isNamedWithWhatIsWrong(@ForAll @IntRange(max = 5) int before) {
    Argument good = Argument.newBuilder().setType(13).setValue(FOUR_BYTES).build();
    Map<String, Argument> bad =
        Map.of(
            "type", good.toBuilder().setType(30).build(),
            "value", good.toBuilder().setType(7).build(),
            "custom_type_id", good.toBuilder().setCustomTypeId(1).build());
    bad.forEach(
        (field, argument) -> {
          CallGenericRequest.Builder read =
              CallGenericRequest.newBuilder()
                  .addAllRead(Collections.nCopies(before, good))
                  .addRead(argument);
          CallGenericRequest.Builder write =
              CallGenericRequest.newBuilder()
                  .addAllWrite(Collections.nCopies(before, good))
                  .addWrite(argument);
          String place = "[" + before + "]." + field;
          assertThat(field(Operations.GENERIC_CALL, read.build())).isEqualTo("read" + place);
          assertThat(field(Operations.GENERIC_CALL, write.build())).isEqualTo("write" + place);
        });
  }

  @Property(tries = 200)
  void kernelArgument_isNamedWithWhatIsWrong(@ForAll @IntRange(max = 5) int before) {
    Map<String, KernelArgument.Builder> bad =
        Map.of(
            "input", KernelArgument.newBuilder().setInput(payload(0)),
            "input_output", KernelArgument.newBuilder().setInputOutput(Payload.newBuilder()),
            "output_bytes", KernelArgument.newBuilder().setOutputBytes(-1),
            "local_bytes", KernelArgument.newBuilder().setLocalBytes(1L << 32),
            "scalar", KernelArgument.newBuilder().setScalar(ByteString.copyFrom(new byte[129])),
            "kind", KernelArgument.newBuilder());
    bad.forEach(
        (field, argument) -> {
          RunKernelRequest.Builder request = RunKernelRequest.newBuilder();
          for (int i = 0; i < before; i++) {
            request.addArgumentsBuilder().setLocalBytes(1);
          }
          assertThat(field(Operations.OPENCL_RUN, request.addArguments(argument).build()))
              .isEqualTo("arguments[" + before + "]." + field);
        });
  }

  @Property(tries = 500)
  void picture_isNamedWithWhatIsWrong(@ForAll int width, @ForAll @IntRange(max = 9) int before) {
    RawImage good =
        RawImage.newBuilder()
            .setWidth(2)
            .setHeight(2)
            .setFormat(PixelFormat.PIXEL_FORMAT_GRAY8)
            .setPixels(FOUR_BYTES)
            .build();
    ImageStep flip = ImageStep.newBuilder().setRotateQuarterTurns(1).build();
    ImageStep none = ImageStep.newBuilder().setResize(ResizeStep.newBuilder().setWidth(3)).build();
    TransformImageRequest.Builder request =
        TransformImageRequest.newBuilder()
            .setImage(good)
            .addAllSteps(Collections.nCopies(before, flip))
            .addSteps(none);

    String step = "steps[" + before + "]";
    assertThat(field(request)).isEqualTo(step + ".resize.height");
    request.setSteps(before, ImageStep.newBuilder().setThresholdLevel(256));
    assertThat(field(request)).isEqualTo(step + ".threshold_level");
    request.setImage(good.toBuilder().setWidth(Math.min(0, width)));
    assertThat(field(request)).isEqualTo("image.width");
    request.setImage(good.toBuilder().setHeight(Math.min(0, width)));
    assertThat(field(request)).isEqualTo("image.height");
    request.setImage(good.toBuilder().setWidth(3));
    assertThat(field(request)).isEqualTo("image.pixels");
    request.setImage(good.toBuilder().clearFormat());
    assertThat(field(request)).isEqualTo("image.format");
    request.setEncoded(FOUR_BYTES);
    assertThat(field(request)).isEqualTo("encoded");
    request.clearImage().setEncoded(payload(0));
    assertThat(field(request)).isEqualTo("encoded");
    request.clearEncoded();
    assertThat(field(request)).isEqualTo("image.format");
  }

  private String field(TransformImageRequest.Builder request) {
    return field(Operations.OPENCV_TRANSFORM, request.build());
  }

  /** The field of the {@code BadRequest} that the client gets for this request. */
  // The test hands each table entry a request of its own type.
  @SuppressWarnings("unchecked")
  private String field(Operation<?, ?> operation, Message request) {
    WireOperation<?, ?, Message, ?> wire =
        (WireOperation<?, ?, Message, ?>) WireOperations.of(operation);
    VaccelException error =
        catchThrowableOfType(VaccelException.class, () -> wire.decodeInput(request, side));
    assertThat(error).as("%s", request).isNotNull();
    com.google.rpc.Status status = StatusProto.fromThrowable(WireErrors.toStatus(error));
    BadRequest details =
        status.getDetailsList().stream()
            .filter(detail -> detail.is(BadRequest.class))
            .map(FieldsTest::unpacked)
            .findFirst()
            .orElseThrow();
    return details.getFieldViolations(0).getField();
  }

  private static BadRequest unpacked(Any detail) {
    try {
      return detail.unpack(BadRequest.class);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private static Payload payload(int bytes) {
    return Payload.newBuilder().setInline(ByteString.copyFrom(new byte[bytes])).build();
  }

  private static int size(Tensor tensor) {
    return tensor.getData().getInline().size();
  }

  private static long bytesOf(Tensor tensor) {
    return switch (tensor.getElementType()) {
      case ELEMENT_TYPE_COMPLEX128 -> 16;
      case ELEMENT_TYPE_BFLOAT16 -> 2;
      case ELEMENT_TYPE_BOOL -> 1;
      default -> 4;
    };
  }
}
