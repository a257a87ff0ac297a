package io.vaccel.backend.engine.example;

import static io.vaccel.contract.PluginContract.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.CallOptions;
import io.vaccel.Model;
import io.vaccel.ModelFormat;
import io.vaccel.ModelSpec;
import io.vaccel.Reason;
import io.vaccel.Resource;
import io.vaccel.ResourceKind;
import io.vaccel.Session;
import io.vaccel.Settings;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.Vaccel;
import io.vaccel.contract.PluginContract;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FactorTest implements PluginContract {
  @Override
  public Vaccel open() {
    return Vaccel.builder().set(Settings.PLUGINS, "factor").load();
  }

  @Test
  void model_multiplies() {
    try (Vaccel vaccel = open();
        Session session = vaccel.openSession();
        Model model = session.load(model("2.5"), CallOptions.defaults())) {
      List<Tensor> out =
          session.run(model, List.of(Tensor.ofFloats("x", Shape.of(2), 2, 4))).tensors();
      assertThat(out).containsExactly(Tensor.ofFloats("y", Shape.of(2), 5, 10));
    }
  }

  @Test
  void whatIsNoNumber_isRefused() {
    try (Vaccel vaccel = open();
        Session session = vaccel.openSession()) {
      assertThat(failureOf(() -> session.load(model("many"), CallOptions.defaults())).reason())
          .isEqualTo(Reason.MODEL_UNREADABLE);
    }
  }

  private static ModelSpec model(String text) {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    return new ModelSpec(
        Resource.ofBytes(ResourceKind.MODEL, "factor.onnx", bytes), ModelFormat.ONNX);
  }
}
