package io.vaccel.backend.tensorflow;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_StringCopy;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_StringDealloc;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_StringGetDataPointer;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_StringGetSize;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_StringInit;

import io.vaccel.ElementType;
import io.vaccel.Reason;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.VaccelException;
import io.vaccel.backend.engine.OutputLimit;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.tensorflow.internal.c_api.TF_TString;

/**
 * The elements of a string tensor as TensorFlow's strings, an array of structures.
 *
 * @param first where they are
 * @param count how many there are
 */
record NativeStrings(TF_TString first, long count) implements AutoCloseable {
  /** Bytes of one structure. */
  static final int SIZE = 24;

  /** No strings to free. */
  static final NativeStrings NONE = new NativeStrings(null, 0);

  /** Makes them of ours, in memory for as many structures. */
  static NativeStrings write(Pointer memory, Tensor value) {
    TF_TString strings = new TF_TString(memory);
    List<byte[]> values = value.strings();
    for (int i = 0; i < values.size(); i++) {
      byte[] bytes = values.get(i);
      TF_TString string = strings.getPointer(i);
      TF_StringInit(string);
      try (BytePointer copy = new BytePointer(Math.max(1, bytes.length))) {
        copy.put(bytes, 0, bytes.length);
        TF_StringCopy(string, copy, bytes.length);
      }
    }
    return new NativeStrings(strings, values.size());
  }

  /** Makes ours of them. */
  static Tensor read(String name, Shape shape, Pointer memory, OutputLimit.Tally tally) {
    tally.add(name, OutputLimit.bytes(ElementType.STRING, shape.elements()));
    List<byte[]> values = new ArrayList<>();
    try {
      for (long i = 0; i < shape.elements(); i++) {
        TF_TString string = new TF_TString(memory).getPointer(i);
        long size = TF_StringGetSize(string);
        tally.add(name, size);
        byte[] value = new byte[(int) size];
        TF_StringGetDataPointer(string).get(value);
        values.add(value);
      }
      return Tensor.ofStrings(name, shape, values);
    } catch (OutOfMemoryError e) {
      throw new VaccelException(
          Reason.QUOTA_EXCEEDED, "there is no memory for the strings of output '" + name + "'", e);
    }
  }

  @Override
  public void close() {
    for (long i = 0; i < count; i++) {
      TF_StringDealloc(first.getPointer(i));
    }
  }
}
