package io.vaccel.backend.reference;

import static java.util.Arrays.fill;

import io.vaccel.AddAndMultiply;
import io.vaccel.AddVectors;
import io.vaccel.ArrayResult;
import io.vaccel.CopyArray;
import io.vaccel.ExecutedOn;
import io.vaccel.Minmax;
import io.vaccel.MultiplyMatrices;
import io.vaccel.Reason;
import io.vaccel.Tensor;
import io.vaccel.VaccelException;
import io.vaccel.spi.Call;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;

/** The operations on arrays, straight from their definitions. */
final class ArrayOperations {
  private ArrayOperations() {}

  static Minmax.Bounds minmax(Minmax input, ExecutedOn where, Call call) {
    DoubleBuffer data = input.data().data().asDoubleBuffer();
    ByteBuffer cut = roomFor(input.data(), call);
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    while (data.hasRemaining()) {
      double value = data.get();
      min = Math.min(min, value);
      max = Math.max(max, value);
      cut.putDouble(
          value < input.low() ? input.low() : value > input.high() ? input.high() : value);
    }
    return new Minmax.Bounds(like(input.data(), cut), min, max, where);
  }

  static ArrayResult copy(CopyArray input, ExecutedOn where, Call call) {
    ByteBuffer copy = roomFor(input.input(), call).put(input.input().data());
    return new ArrayResult(like(input.input(), copy), where);
  }

  static ArrayResult add(AddVectors input, ExecutedOn where, Call call) {
    return new ArrayResult(sum(input.a(), input.b(), call), where);
  }

  static AddAndMultiply.Both addAndMultiply(AddAndMultiply input, ExecutedOn where, Call call) {
    FloatBuffer a = input.a().data().asFloatBuffer();
    FloatBuffer b = input.b().data().asFloatBuffer();
    ByteBuffer product = roomFor(input.a(), call);
    while (a.hasRemaining()) {
      product.putFloat(a.get() * b.get());
    }
    return new AddAndMultiply.Both(
        sum(input.a(), input.b(), call), like(input.a(), product), where);
  }

  static ArrayResult multiply(MultiplyMatrices input, ExecutedOn where, Call call) {
    int size = (int) input.a().shape().dimension(0);
    FloatBuffer a = input.a().data().asFloatBuffer();
    FloatBuffer b = input.b().data().asFloatBuffer();
    float[] row = new float[size];
    float[] sums = new float[size];
    ByteBuffer product = roomFor(input.a(), call);
    for (int i = 0; i < size; i++) {
      fill(sums, 0);
      for (int p = 0; p < size; p++) {
        call.check();
        float factor = a.get(i * size + p);
        b.get(p * size, row);
        for (int j = 0; j < size; j++) {
          sums[j] += factor * row[j];
        }
      }
      product.asFloatBuffer().put(sums);
      product.position(product.position() + size * Float.BYTES);
    }
    return new ArrayResult(like(input.a(), product), where);
  }

  private static Tensor sum(Tensor a, Tensor b, Call call) {
    FloatBuffer first = a.data().asFloatBuffer();
    FloatBuffer second = b.data().asFloatBuffer();
    ByteBuffer sum = roomFor(a, call);
    while (first.hasRemaining()) {
      sum.putFloat(first.get() + second.get());
    }
    return like(a, sum);
  }

  private static ByteBuffer roomFor(Tensor tensor, Call call) {
    int bytes = tensor.sizeBytes();
    call.takeMemory(bytes);
    try {
      return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    } catch (OutOfMemoryError e) {
      throw new VaccelException(
          Reason.QUOTA_EXCEEDED, "there is no memory for an array of " + bytes + " bytes", e);
    }
  }

  private static Tensor like(Tensor input, ByteBuffer written) {
    return Tensor.of("", input.type(), input.shape(), written.flip());
  }
}
