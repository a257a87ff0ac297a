package io.vaccel.backend.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.vaccel.Reason;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.TensorInfo;
import io.vaccel.VaccelException;
import io.vaccel.backend.engine.OutputLimit;
import io.vaccel.spi.Call;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The outputs of one run: large ones of known size are written by the engine straight into the
 * buffers that the caller gets, all others are copied once. Not safe for use by several threads.
 */
final class Outputs implements AutoCloseable {
  /** Below this a copy costs less than preparing a buffer. */
  private static final long PREPARED_BYTES = 64 << 10;

  private final OnnxEngine engine;
  private final List<TensorInfo> wanted;
  private final Call call;
  private final Map<String, OnnxTensor> prepared = new LinkedHashMap<>();
  private final Map<String, Tensor> results = new LinkedHashMap<>();

  /**
   * Prepares buffers.
   *
   * @throws VaccelException {@link Reason#QUOTA_EXCEEDED} when the outputs are known to be larger
   *     than the limit
   */
  Outputs(OnnxEngine engine, List<TensorInfo> wanted, Call call) throws OrtException {
    this.engine = engine;
    this.call = call;
    this.wanted = wanted;
    OutputLimit.Tally tally = engine.settings().outputs().tally();
    wanted.forEach(output -> tally.add(output.name(), OutputLimit.known(output)));
    try {
      for (TensorInfo output : wanted) {
        Optional<OnnxJavaType> type = ElementTypes.packed(output.type());
        if (type.isPresent() && OutputLimit.known(output) >= PREPARED_BYTES) {
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
    OutputLimit.Tally tally = engine.settings().outputs().tally(call);
    for (TensorInfo output : wanted) {
      Tensor tensor = results.get(output.name());
      if (tensor == null) {
        OnnxTensor value = (OnnxTensor) result.get(output.name()).orElseThrow();
        tensor = EngineTensors.out(engine, output.name(), output.type(), value, tally);
      } else {
        tally.addTaken(output.name(), tensor.sizeBytes());
      }
      tensors.add(tensor);
    }
    return tensors;
  }

  @Override
  public void close() {
    prepared.values().forEach(OnnxTensor::close);
  }

  private void prepare(OnnxEngine engine, TensorInfo output, OnnxJavaType type)
      throws OrtException {
    Shape shape = Shape.of(output.dimensions().stream().mapToLong(Long::longValue).toArray());
    int bytes = (int) output.type().bytes(shape.elements());
    call.takeMemory(bytes);
    ByteBuffer data = allocate(output.name(), bytes).order(ByteOrder.nativeOrder());
    prepared.put(
        output.name(),
        OnnxTensor.createTensor(engine.environment(), data, shape.dimensions(), type));
    results.put(output.name(), Tensor.of(output.name(), output.type(), shape, data));
  }

  private static ByteBuffer allocate(String name, int bytes) {
    try {
      return ByteBuffer.allocateDirect(bytes);
    } catch (OutOfMemoryError e) {
      throw OutputLimit.noMemory(name, bytes, e);
    }
  }
}
