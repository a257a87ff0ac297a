package io.vaccel.backend.engine.example;

import io.vaccel.ElementType;
import io.vaccel.ModelFormat;
import io.vaccel.ModelSpec;
import io.vaccel.Reason;
import io.vaccel.ResourceFile;
import io.vaccel.Signature;
import io.vaccel.Tensor;
import io.vaccel.TensorInfo;
import io.vaccel.VaccelException;
import io.vaccel.backend.engine.Engine;
import io.vaccel.backend.engine.EngineModel;
import io.vaccel.backend.engine.EngineSettings;
import io.vaccel.backend.engine.OutputLimit;
import io.vaccel.spi.Call;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The example of {@code docs/ADD-AN-ENGINE.md}: a model is a text file with one number, by which it
 * multiplies its input.
 */
final class FactorEngine implements Engine {
  private static final int MAX_MODEL_BYTES = 100;

  private final EngineSettings settings;

  FactorEngine(EngineSettings settings) {
    // Here a real engine loads its native library, below NativeDirectory.of(...).
    this.settings = settings;
  }

  @Override
  public EngineSettings settings() {
    return settings;
  }

  @Override
  public Set<ModelFormat> formats() {
    return Set.of(ModelFormat.ONNX);
  }

  @Override
  public String device() {
    return "CPU";
  }

  @Override
  public Map<String, String> details() {
    return Map.of("engine", "Factor 1.0");
  }

  @Override
  public EngineModel load(ModelSpec spec) {
    // The file is a guest's: look at its size before reading it, and expect anything in it.
    ResourceFile file = spec.resource().main();
    String text = new String(file.readAll(MAX_MODEL_BYTES), StandardCharsets.US_ASCII);
    try {
      return new Factor(Float.parseFloat(text), settings.outputs());
    } catch (NumberFormatException e) {
      throw new VaccelException(
          Reason.MODEL_UNREADABLE, "model '" + file.name() + "' is no number", e);
    }
  }

  @Override
  public void close() {}

  /**
   * One model, which many sessions may share.
   *
   * @param factor what it multiplies by
   * @param limit how much it may return
   */
  private record Factor(float factor, OutputLimit limit) implements EngineModel {
    private static final List<Long> ANY_VECTOR = List.of(-1L);

    @Override
    public Signature signature() {
      return new Signature(
          List.of(new TensorInfo("x", ElementType.FLOAT32, ANY_VECTOR)),
          List.of(new TensorInfo("y", ElementType.FLOAT32, ANY_VECTOR)));
    }

    @Override
    public List<Tensor> run(List<Tensor> inputs, List<Integer> outputs, Call call) {
      // Number, names, types and shapes of the inputs were checked against the signature.
      float[] values = inputs.get(0).floats();
      limit.tally(call).add("y", (long) values.length * Float.BYTES);
      call.check();
      for (int i = 0; i < values.length; i++) {
        values[i] *= factor;
      }
      return List.of(Tensor.ofFloats("y", inputs.get(0).shape(), values));
    }

    @Override
    public void close() {}
  }
}
