package io.vaccel.backend.tensorflow;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_StringCopy;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_StringDealloc;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_StringGetDataPointer;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_StringGetSize;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_StringInit;

import io.vaccel.ElementType;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.backend.engine.OutputLimit;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.tensorflow.internal.c_api.TF_TString;

/**
 * The elements of a string tensor as TensorFlow's strings, an array of structures, made without an
 * object for each: a guest can fill any heap with those. For one thread.
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
    TF_TString string = new TF_TString(memory);
    ByteBuffer data = direct(value.data());
    BytePointer bytes = new BytePointer(data.duplicate());
    try {
      for (long i = 0; data.hasRemaining(); i++) {
        int length = data.getInt();
        TF_StringInit(string.position(i));
        TF_StringCopy(string, bytes.position(data.position()), length);
        data.position(data.position() + length);
      }
    } finally {
      // Native code keeps no buffer alive.
      Reference.reachabilityFence(data);
    }
    return new NativeStrings(string.position(0), value.shape().elements());
  }

  /** Makes ours of them. */
  static Tensor read(String name, Shape shape, Pointer memory, OutputLimit.Tally tally) {
    TF_TString string = new TF_TString(memory);
    long bytes = 0;
    for (long i = 0; i < shape.elements(); i++) {
      bytes += TF_StringGetSize(string.position(i));
    }
    int size = tally.addStrings(name, shape.elements(), bytes);
    try {
      ByteBuffer data = ByteBuffer.allocateDirect(size).order(ByteOrder.LITTLE_ENDIAN);
      for (long i = 0; i < shape.elements(); i++) {
        int length = (int) TF_StringGetSize(string.position(i));
        data.putInt(length);
        if (length > 0) {
          data.put(TF_StringGetDataPointer(string).capacity(length).asByteBuffer());
        }
      }
      return Tensor.of(name, ElementType.STRING, shape, data.flip());
    } catch (OutOfMemoryError e) {
      throw OutputLimit.noMemory(name, size, e);
    }
  }

  @Override
  public void close() {
    for (long i = 0; i < count; i++) {
      TF_StringDealloc(first.position(i));
    }
  }

  private static ByteBuffer direct(ByteBuffer data) {
    return data.isDirect()
        ? data
        : ByteBuffer.allocateDirect(data.remaining())
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(data)
            .flip();
  }
}
