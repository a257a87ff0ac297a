package io.vaccel.backend.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.vaccel.ElementType;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * Tensors of UINT16, UINT32 and UINT64, which the engine has and its Java API has no names for: the
 * engine's own {@code Cast} makes them of signed numbers with the same bits. Safe for use by
 * several threads.
 */
final class UnsignedInputs implements AutoCloseable {
  /**
   * A model of one {@code Cast}, from the element type {@code %1$} to {@code %2$}, both as ONNX
   * numbers them.
   */
  private static final String CAST =
      "0808" // ir_version 8
          + "4202100d" // opset_import: version 13
          + "3a32" // graph
          + "0a17" // node: Cast of x to y
          + "0a0178120179220443617374"
          + "2a090a02746f18%2$02xa00102" // attribute: to
          + "120167"
          + "5a090a017812040a0208%1$02x" // input: x
          + "62090a017912040a0208%2$02x"; // output: y

  private static final Map<ElementType, Twin> TWINS =
      Map.of(
          ElementType.UINT16, new Twin(OnnxJavaType.INT16, 5, 4),
          ElementType.UINT32, new Twin(OnnxJavaType.INT32, 6, 12),
          ElementType.UINT64, new Twin(OnnxJavaType.INT64, 7, 13));

  private final Loader loader;
  private final Map<ElementType, OrtSession> casts = new EnumMap<>(ElementType.class);

  /** A signed type of the same size, and the numbers of both. */
  private record Twin(OnnxJavaType signed, int from, int to) {}

  /** Loads a model in the engine. */
  interface Loader {
    OrtSession load(ByteBuffer model) throws OrtException;
  }

  UnsignedInputs(Loader loader) {
    this.loader = loader;
  }

  /** The type as which such elements are passed in; empty for types that need no cast. */
  static Optional<OnnxJavaType> signed(ElementType type) {
    return Optional.ofNullable(TWINS.get(type)).map(Twin::signed);
  }

  /** The same bits as this unsigned type; the caller closes it. */
  OnnxTensor of(ElementType type, OnnxTensor signed) throws OrtException {
    // The result owns nothing but the tensor, which is handed on.
    return (OnnxTensor) cast(type).run(Map.of("x", signed)).get(0);
  }

  private synchronized OrtSession cast(ElementType type) throws OrtException {
    OrtSession known = casts.get(type);
    if (known != null) {
      return known;
    }
    Twin twin = TWINS.get(type);
    byte[] model = HexFormat.of().parseHex(CAST.formatted(twin.from(), twin.to()));
    OrtSession loaded = loader.load(ByteBuffer.allocateDirect(model.length).put(model).flip());
    casts.put(type, loaded);
    return loaded;
  }

  @Override
  public synchronized void close() throws OrtException {
    for (OrtSession cast : casts.values()) {
      cast.close();
    }
    casts.clear();
  }
}
