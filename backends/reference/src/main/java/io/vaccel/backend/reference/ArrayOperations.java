package io.vaccel.backend.reference;

import static java.util.Arrays.fill;

import io.vaccel.AddAndMultiply;
import io.vaccel.AddVectors;
import io.vaccel.ArrayResult;
import io.vaccel.CopyArray;
import io.vaccel.ExecutedOn;
import io.vaccel.Minmax;
import io.vaccel.MultiplyMatrices;
import io.vaccel.Tensor;
import io.vaccel.spi.Call;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;

/** The operations on arrays, straight from their definitions. */
final class ArrayOperations {
  private ArrayOperations() {}

  static Minmax.Bounds minmax(Minmax input, ExecutedOn where) {
    DoubleBuffer data = input.data().data().asDoubleBuffer();
    ByteBuffer cut = roomFor(input.data());
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

  static ArrayResult copy(CopyArray input, ExecutedOn where) {
    ByteBuffer copy = roomFor(input.input()).put(input.input().data());
    return new ArrayResult(like(input.input(), copy), where);
  }

  static ArrayResult add(AddVectors input, ExecutedOn where) {
    return new ArrayResult(sum(input.a(), input.b()), where);
  }

  static AddAndMultiply.Both addAndMultiply(AddAndMultiply input, ExecutedOn where) {
    FloatBuffer a = input.a().data().asFloatBuffer();
    FloatBuffer b = input.b().data().asFloatBuffer();
    ByteBuffer product = roomFor(input.a());
    while (a.hasRemaining()) {
      product.putFloat(a.get() * b.get());
    }
    return new AddAndMultiply.Both(sum(input.a(), input.b()), like(input.a(), product), where);
  }

  static ArrayResult multiply(MultiplyMatrices input, ExecutedOn where, Call call) {
    int size = (int) input.a().shape().dimension(0);
    FloatBuffer a = input.a().data().asFloatBuffer();
    FloatBuffer b = input.b().data().asFloatBuffer();
    float[] row = new float[size];
    float[] sums = new float[size];
    ByteBuffer product = roomFor(input.a());
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

  private static Tensor sum(Tensor a, Tensor b) {
    FloatBuffer first = a.data().asFloatBuffer();
    FloatBuffer second = b.data().asFloatBuffer();
    ByteBuffer sum = roomFor(a);
    while (first.hasRemaining()) {
      sum.putFloat(first.get() + second.get());
    }
    return like(a, sum);
  }

  private static ByteBuffer roomFor(Tensor tensor) {
    return ByteBuffer.allocateDirect(tensor.sizeBytes()).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static Tensor like(Tensor input, ByteBuffer written) {
    return Tensor.of("", input.type(), input.shape(), written.flip());
  }
}
