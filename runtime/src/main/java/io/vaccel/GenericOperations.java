package io.vaccel;

import io.vaccel.spi.Call;
import io.vaccel.spi.SessionContext;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The layout of the arguments of each generic call, and the operation that it means: the table of
 * {@code docs/GENOP.md}. Safe for use by several threads.
 */
final class GenericOperations {
  /** The pixel format of a picture file. */
  private static final String ENCODED = "ENCODED";

  private final SessionContext context;
  private final GenericModels models;
  private final Map<GenericCode, Layout> layouts = new EnumMap<>(GenericCode.class);

  /** Reads arguments, performs what they mean, and writes the results. */
  interface Layout {
    GenericCall.Written perform(GenericArguments arguments, Call call);
  }

  GenericOperations(Session owner, SessionContext context) {
    this.context = context;
    this.models = new GenericModels(owner, context);
    layouts.put(GenericCode.NOOP, this::noop);
    layouts.put(GenericCode.BLAS_SGEMM, this::sgemm);
    layouts.put(GenericCode.FPGA_ARRAYCOPY, this::copy);
    layouts.put(GenericCode.FPGA_MMULT, this::multiplyMatrices);
    layouts.put(GenericCode.FPGA_PARALLEL, this::addAndMultiply);
    layouts.put(GenericCode.FPGA_VECTORADD, this::addVectors);
    layouts.put(GenericCode.MINMAX, this::minmax);
    layouts.put(GenericCode.OPENCV, this::transform);
    new GenericFunctions(context).addTo(layouts);
    new GenericPictures(context, models).addTo(layouts);
    models.addTo(layouts);
  }

  GenericCall.Written perform(GenericCall input, Call call) {
    Layout layout = layouts.get(input.code());
    if (layout == null) {
      throw new VaccelException(Reason.NO_PLUGIN, input.code() + " is not done by generic calls");
    }
    return layout.perform(new GenericArguments(input), call);
  }

  void unregister(RegisteredResource resource) {
    models.unregister(resource);
  }

  void close() {
    models.close();
  }

  private GenericCall.Written noop(GenericArguments arguments, Call call) {
    arguments.expect(0, 0);
    return arguments.done(context.perform(Operations.NOOP, new Noop(), call).executedOn());
  }

  private GenericCall.Written sgemm(GenericArguments arguments, Call call) {
    arguments.expect(10, 1);
    long m = arguments.int64("m");
    long n = arguments.int64("n");
    long k = arguments.int64("k");
    float alpha = arguments.float32("alpha");
    ByteBuffer a = arguments.take("a", ArgumentType.FLOAT32_ARRAY);
    FloatMatrix first = new FloatMatrix(a, arguments.int64("lda"));
    ByteBuffer b = arguments.take("b", ArgumentType.FLOAT32_ARRAY);
    FloatMatrix second = new FloatMatrix(b, arguments.int64("ldb"));
    float beta = arguments.float32("beta");
    long ldc = arguments.int64("ldc");
    arguments.expectRoom(0, "c", ArgumentType.FLOAT32_ARRAY, 0);
    ByteBuffer old = arguments.write().get(0).data();
    Sgemm input = new Sgemm(m, n, k, alpha, first, second, beta, new FloatMatrix(old, ldc), 1);
    arguments.expectRoom(0, "c", ArgumentType.FLOAT32_ARRAY, input.resultBytes());
    Sgemm.Product product = context.perform(Operations.BLAS_SGEMM, input, call);
    arguments.put("c", ArgumentType.FLOAT32_ARRAY, product.c().data());
    return arguments.done(product.executedOn());
  }

  private GenericCall.Written copy(GenericArguments arguments, Call call) {
    arguments.expect(1, 1);
    Tensor input = arguments.vector("in", ArgumentType.INT32_ARRAY, ElementType.INT32);
    arguments.expectRoom(0, "out", ArgumentType.INT32_ARRAY, input.sizeBytes());
    ArrayResult result = context.perform(Operations.ARRAY_COPY, new CopyArray(input), call);
    arguments.put("out", ArgumentType.INT32_ARRAY, result.output().data());
    return arguments.done(result.executedOn());
  }

  private GenericCall.Written multiplyMatrices(GenericArguments arguments, Call call) {
    arguments.expect(2, 1);
    Tensor a = square(arguments, "a");
    Tensor b = square(arguments, "b");
    arguments.expectRoom(0, "c", ArgumentType.FLOAT32_ARRAY, a.sizeBytes());
    ArrayResult result =
        context.perform(Operations.ARRAY_MULTIPLY_MATRICES, new MultiplyMatrices(a, b), call);
    arguments.put("c", ArgumentType.FLOAT32_ARRAY, result.output().data());
    return arguments.done(result.executedOn());
  }

  private GenericCall.Written addAndMultiply(GenericArguments arguments, Call call) {
    arguments.expect(2, 2);
    Tensor a = floats(arguments, "a");
    Tensor b = floats(arguments, "b");
    arguments.expectRoom(0, "sum", ArgumentType.FLOAT32_ARRAY, a.sizeBytes());
    arguments.expectRoom(1, "product", ArgumentType.FLOAT32_ARRAY, a.sizeBytes());
    AddAndMultiply.Both result =
        context.perform(Operations.ARRAY_ADD_AND_MULTIPLY, new AddAndMultiply(a, b), call);
    arguments.put("sum", ArgumentType.FLOAT32_ARRAY, result.sum().data());
    arguments.put("product", ArgumentType.FLOAT32_ARRAY, result.product().data());
    return arguments.done(result.executedOn());
  }

  private GenericCall.Written addVectors(GenericArguments arguments, Call call) {
    arguments.expect(2, 1);
    Tensor a = floats(arguments, "a");
    Tensor b = floats(arguments, "b");
    arguments.expectRoom(0, "c", ArgumentType.FLOAT32_ARRAY, a.sizeBytes());
    ArrayResult result = context.perform(Operations.ARRAY_ADD_VECTORS, new AddVectors(a, b), call);
    arguments.put("c", ArgumentType.FLOAT32_ARRAY, result.output().data());
    return arguments.done(result.executedOn());
  }

  private GenericCall.Written minmax(GenericArguments arguments, Call call) {
    arguments.expect(4, 3);
    Tensor data = arguments.vector("data", ArgumentType.FLOAT64_ARRAY, ElementType.FLOAT64);
    int count = arguments.int32("count");
    if (count != data.shape().elements()) {
      throw VaccelException.ofField(
          "read[2]", "(count of MINMAX) is " + count + ", the data has " + data.shape().elements());
    }
    Minmax input = new Minmax(data, arguments.int32("low"), arguments.int32("high"));
    arguments.expectRoom(0, "out", ArgumentType.FLOAT64_ARRAY, data.sizeBytes());
    arguments.expectRoom(1, "min", ArgumentType.FLOAT64, Double.BYTES);
    arguments.expectRoom(2, "max", ArgumentType.FLOAT64, Double.BYTES);
    Minmax.Bounds bounds = context.perform(Operations.ARRAY_MINMAX, input, call);
    arguments.put("out", ArgumentType.FLOAT64_ARRAY, bounds.output().data());
    arguments.put("min", ArgumentType.FLOAT64, number(bounds.min()));
    arguments.put("max", ArgumentType.FLOAT64, number(bounds.max()));
    return arguments.done(bounds.executedOn());
  }

  private GenericCall.Written transform(GenericArguments arguments, Call call) {
    String format = arguments.string("pixel format");
    int width = arguments.int32("width");
    int height = arguments.int32("height");
    ByteBuffer pixels = arguments.take("pixels", ArgumentType.BUFFER);
    if (arguments.rooms() != 4) {
      throw VaccelException.ofField(
          "write", "has " + arguments.rooms() + " arguments; OPENCV writes 4");
    }
    arguments.expectRoom(0, "width", ArgumentType.INT32, Integer.BYTES);
    arguments.expectRoom(1, "height", ArgumentType.INT32, Integer.BYTES);
    arguments.expectRoom(2, "channels", ArgumentType.INT32, Integer.BYTES);
    arguments.expectRoom(3, "pixels", ArgumentType.BUFFER, 0);
    List<ImageStep> steps = new ArrayList<>();
    while (arguments.left() > 0) {
      steps.add(arguments.parsed("step", ImageStepText::parse));
    }
    TransformImage input = new TransformImage(image(format, width, height, pixels), steps);
    TransformImage.Transformed result = context.perform(Operations.OPENCV_TRANSFORM, input, call);
    Image.Raw image = result.image();
    arguments.put("width", ArgumentType.INT32, number(image.width()));
    arguments.put("height", ArgumentType.INT32, number(image.height()));
    arguments.put("channels", ArgumentType.INT32, number(image.format().bytesPerPixel()));
    arguments.put("pixels", ArgumentType.BUFFER, image.data());
    return arguments.done(result.executedOn());
  }

  private static Image image(String format, int width, int height, ByteBuffer pixels) {
    if (format.equals(ENCODED)) {
      if (width != 0 || height != 0) {
        throw VaccelException.ofField(
            width != 0 ? "read[2]" : "read[3]", "(of OPENCV) must be 0 for a file");
      }
      return GenericArguments.picture(4, pixels);
    }
    PixelFormat layout =
        Arrays.stream(PixelFormat.values())
            .filter(known -> known.name().equals(format))
            .findFirst()
            .orElseThrow(
                () ->
                    VaccelException.ofField(
                        "read[1]",
                        "(pixel format of OPENCV) must be "
                            + ENCODED
                            + " or one of "
                            + Arrays.toString(PixelFormat.values())));
    return new Image.Raw(width, height, layout, pixels);
  }

  private static Tensor floats(GenericArguments arguments, String meaning) {
    return arguments.vector(meaning, ArgumentType.FLOAT32_ARRAY, ElementType.FLOAT32);
  }

  private static Tensor square(GenericArguments arguments, String meaning) {
    Tensor flat = floats(arguments, meaning);
    long count = flat.shape().elements();
    long side = Math.round(Math.sqrt((double) count));
    if (side * side != count) {
      throw VaccelException.ofField(
          meaning, "has " + count + " elements, which is no square matrix");
    }
    return Tensor.of("", ElementType.FLOAT32, Shape.of(side, side), flat.data());
  }

  private static ByteBuffer number(int value) {
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(0, value);
  }

  private static ByteBuffer number(double value) {
    return ByteBuffer.allocate(Double.BYTES).order(ByteOrder.LITTLE_ENDIAN).putDouble(0, value);
  }
}
