package io.vaccel.backend.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.vaccel.ElementType;
import io.vaccel.Reason;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.VaccelException;
import io.vaccel.backend.engine.OutputLimit;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.LongBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;

/**
 * Tensors of strings into the engine and out of it, without an object for each string: a guest can
 * fill any heap with those. Safe for use by several threads.
 *
 * <p>The engine's Java API makes such objects, takes at most 8 dimensions, and hands models the
 * JVM's own encoding in place of UTF-8: other bytes for each character beyond 16 bits.
 */
final class StringTensors implements AutoCloseable {
  /** A model that repeats the string {@code x} to the shape {@code n}. */
  private static final String EXPAND =
      "0808" // ir_version 8
          + "4202100d" // opset_import: version 13
          + "3a3d" // graph
          + "0a110a01780a016e1201792206457870616e64" // node: Expand of x and n to y
          + "120167"
          + "5a0b0a017812060a0408081200" // input: x
          + "5a0d0a016e12080a06080712020a00" // input: n
          + "62090a017912040a020808"; // output: y

  private static final int CHECKED_AT_ONCE = 1024;

  private final OrtEnvironment environment;
  private final UnsignedInputs.Loader loader;
  private NativeApi api;
  private OrtSession expand;

  StringTensors(OrtEnvironment environment, UnsignedInputs.Loader loader) {
    this.environment = environment;
    this.loader = loader;
  }

  /**
   * The engine's copy of a tensor; the caller closes it.
   *
   * @throws VaccelException {@link Reason#TENSOR_INVALID} for what is no text
   */
  OnnxTensor in(String input, Tensor tensor) throws OrtException {
    long[] dimensions = tensor.shape().dimensions();
    int count = (int) tensor.shape().elements();
    if (count == 0) {
      return OnnxTensor.createTensor(environment, new String[0], dimensions);
    }
    check(input, tensor.data());
    OnnxTensor made = blank(dimensions);
    // In the place of its length each string has a zero byte behind it.
    long bytes = tensor.sizeBytes() - (Integer.BYTES - 1L) * count;
    try (Memory texts = new Memory(bytes);
        Memory places = new Memory((long) Long.BYTES * count)) {
      lay(tensor.data(), texts, places);
      api().setStrings(made, places);
      return made;
    } catch (RuntimeException | Error e) {
      made.close();
      throw e;
    }
  }

  /**
   * A copy of one of the engine's tensors.
   *
   * @throws VaccelException {@link Reason#QUOTA_EXCEEDED} when that is too large
   */
  Tensor out(String name, Shape shape, OnnxTensor value, OutputLimit.Tally tally) {
    if (shape.elements() == 0) {
      return Tensor.of(name, ElementType.STRING, shape, ByteBuffer.allocate(0));
    }
    long bytes = api().stringBytes(value);
    int size = tally.addStrings(name, shape.elements(), bytes);
    ByteBuffer data = ByteBuffer.allocateDirect(size).order(ByteOrder.LITTLE_ENDIAN);
    try (Memory texts = new Memory(Math.max(1, bytes));
        Memory offsets = new Memory(Long.BYTES * shape.elements())) {
      api().copyStrings(value, texts, offsets);
      ByteBuffer from = texts.getByteBuffer(0, texts.size());
      int begin = 0;
      for (long next = Long.BYTES; data.hasRemaining(); next += Long.BYTES) {
        int end = (int) (next < offsets.size() ? offsets.getLong(next) : bytes);
        data.putInt(end - begin).put(data.position(), from, begin, end - begin);
        data.position(data.position() + end - begin);
        begin = end;
      }
    }
    return Tensor.of(name, ElementType.STRING, shape, data.flip());
  }

  /** A tensor of empty strings. */
  private OnnxTensor blank(long[] dimensions) throws OrtException {
    try (OnnxTensor empty = OnnxTensor.createTensor(environment, new String[] {""}, new long[0]);
        OnnxTensor shape =
            OnnxTensor.createTensor(
                environment, LongBuffer.wrap(dimensions), new long[] {dimensions.length})) {
      // The result owns nothing but the tensor, which is handed on.
      return (OnnxTensor) expand().run(Map.of("x", empty, "n", shape)).get(0);
    }
  }

  /** Each string with a zero byte behind it, and where it begins. */
  private static void lay(ByteBuffer data, Memory texts, Memory places) {
    ByteBuffer to = texts.getByteBuffer(0, texts.size());
    long first = Pointer.nativeValue(texts);
    for (long place = 0; data.hasRemaining(); place += Long.BYTES) {
      int length = data.getInt();
      places.setLong(place, first + to.position());
      to.put(to.position(), data, data.position(), length);
      to.position(to.position() + length).put((byte) 0);
      data.position(data.position() + length);
    }
  }

  /** The engine takes C strings of Unicode, not bytes. */
  private static void check(String input, ByteBuffer data) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CharBuffer some = CharBuffer.allocate(CHECKED_AT_ONCE);
    int end = data.limit();
    for (long index = 0; data.hasRemaining(); index++) {
      int length = data.getInt();
      data.limit(data.position() + length);
      if (!isText(decoder.reset(), data, some)) {
        throw new VaccelException(
            Reason.TENSOR_INVALID,
            "input '" + input + "': string " + index + " is not UTF-8 text without zero bytes");
      }
      data.limit(end);
    }
  }

  private static boolean isText(CharsetDecoder decoder, ByteBuffer bytes, CharBuffer some) {
    CoderResult result;
    do {
      result = decoder.decode(bytes, some.clear(), true);
      for (int i = 0; i < some.position(); i++) {
        if (some.get(i) == 0) {
          return false;
        }
      }
    } while (result.isOverflow());
    return !result.isError();
  }

  private synchronized NativeApi api() {
    if (api == null) {
      api = NativeApi.open();
    }
    return api;
  }

  private synchronized OrtSession expand() throws OrtException {
    if (expand == null) {
      byte[] model = HexFormat.of().parseHex(EXPAND);
      expand = loader.load(ByteBuffer.allocateDirect(model.length).put(model).flip());
    }
    return expand;
  }

  @Override
  public synchronized void close() throws OrtException {
    if (expand != null) {
      expand.close();
      expand = null;
    }
  }
}
