package io.vaccel.backend.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.vaccel.ElementType;
import io.vaccel.Reason;
import io.vaccel.Shape;
import io.vaccel.Signature;
import io.vaccel.Tensor;
import io.vaccel.TensorInfo;
import io.vaccel.VaccelException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The outputs of one run: large ones of known size are written by the engine straight into the
 * buffers that the caller gets, all others are copied once. Not safe for use by several threads.
 */
final class Outputs implements AutoCloseable {
  /** Below this a copy costs less than preparing a buffer. */
  private static final long PREPARED_BYTES = 64 << 10;

  private final long limitBytes;
  private final Map<String, TensorInfo> wanted = new LinkedHashMap<>();
  private final Map<String, OnnxTensor> prepared = new LinkedHashMap<>();
  private final Map<String, Tensor> results = new LinkedHashMap<>();

  /**
   * Prepares buffers.
   *
   * @throws VaccelException {@link Reason#QUOTA_EXCEEDED} when the outputs are known to be larger
   *     than the limit
   */
  Outputs(Engine engine, Signature signature, Set<String> names) throws OrtException {
    limitBytes = engine.settings().maxOutputBytes();
    Map<String, TensorInfo> known = new LinkedHashMap<>();
    signature.outputs().forEach(output -> known.put(output.name(), output));
    names.forEach(name -> wanted.put(name, known.get(name)));
    long total = 0;
    for (TensorInfo output : wanted.values()) {
      total += checked(output.name(), total, knownBytes(output));
    }
    try {
      for (TensorInfo output : wanted.values()) {
        Optional<OnnxJavaType> type = ElementTypes.packed(output.type());
        if (type.isPresent() && knownBytes(output) >= PREPARED_BYTES) {
          prepare(engine, output, type.get());
        }
      }
    } catch (OrtException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** The outputs that the engine is to write into, by name. */
  Map<String, OnnxTensor> prepared() {
    return prepared;
  }

  /**
   * The outputs in the wanted order, independent of {@code result}.
   *
   * @throws VaccelException {@link Reason#QUOTA_EXCEEDED} when they are larger than the limit
   */
  List<Tensor> collect(OrtSession.Result result) throws OrtException {
    List<Tensor> tensors = new ArrayList<>();
    long total = 0;
    for (TensorInfo output : wanted.values()) {
      Tensor tensor = results.get(output.name());
      if (tensor == null) {
        OnnxTensor value = (OnnxTensor) result.get(output.name()).orElseThrow();
        checked(output.name(), total, bytes(output.type(), value.getInfo().getNumElements()));
        tensor = copy(output, value);
      }
      total += checked(output.name(), total, tensor.sizeBytes());
      tensors.add(tensor);
    }
    return tensors;
  }

  @Override
  public void close() {
    prepared.values().forEach(OnnxTensor::close);
  }

  private void prepare(Engine engine, TensorInfo output, OnnxJavaType type) throws OrtException {
    Shape shape = Shape.of(output.dimensions().stream().mapToLong(Long::longValue).toArray());
    ByteBuffer data =
        allocate(output.name(), (int) output.type().bytes(shape.elements()))
            .order(ByteOrder.nativeOrder());
    prepared.put(
        output.name(),
        OnnxTensor.createTensor(engine.environment(), data, shape.dimensions(), type));
    results.put(output.name(), Tensor.of(output.name(), output.type(), shape, data));
  }

  private static ByteBuffer allocate(String name, int bytes) {
    try {
      return ByteBuffer.allocateDirect(bytes);
    } catch (OutOfMemoryError e) {
      throw noMemory(name, bytes, e);
    }
  }

  private static Tensor copy(TensorInfo output, OnnxTensor value) throws OrtException {
    try {
      return EngineTensors.out(output.name(), output.type(), value);
    } catch (OutOfMemoryError e) {
      // One large array did not fit; the heap is as before.
      throw noMemory(output.name(), bytes(output.type(), value.getInfo().getNumElements()), e);
    }
  }

  /** Bytes of an output whose size the model tells; 0 when it does not. */
  private static long knownBytes(TensorInfo output) {
    if (output.dimensions().stream().anyMatch(dimension -> dimension < 0)) {
      return 0;
    }
    Shape shape = Shape.of(output.dimensions().stream().mapToLong(Long::longValue).toArray());
    return bytes(output.type(), shape.elements());
  }

  /** Bytes in memory; of strings at least their lengths. */
  private static long bytes(ElementType type, long elements) {
    return type.isFixedSize() ? type.bytes(elements) : elements * Integer.BYTES;
  }

  private long checked(String name, long before, long bytes) {
    if (bytes > Math.min(limitBytes, Integer.MAX_VALUE) || before + bytes > limitBytes) {
      throw new VaccelException(
              Reason.QUOTA_EXCEEDED,
              "outputs up to '"
                  + name
                  + "' have "
                  + (before + bytes)
                  + " bytes, the limit is "
                  + limitBytes)
          .with("limit", limitBytes)
          .with("amount", before + bytes);
    }
    return bytes;
  }

  private static VaccelException noMemory(String name, long bytes, OutOfMemoryError cause) {
    return new VaccelException(
        Reason.QUOTA_EXCEEDED,
        "there is no memory for the " + bytes + " bytes of output '" + name + "'",
        cause);
  }
}
