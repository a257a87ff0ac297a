package io.vaccel.backend.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import io.vaccel.VaccelException;
import org.junit.jupiter.api.Test;

final class EngineMessageTest {
  @Test
  void placesInTheEnginesSource_areLeftOut() {
    assertThat(
            EngineMessage.readable(
                "Error code - ORT_FAIL - message: /onnxruntime_src/core/graph/model.cc:192"
                    + " onnxruntime::Model::Model(onnx::ModelProto&&, const std::function<void(int)>&,"
                    + " bool) const Unsupported model IR version: 99"))
        .isEqualTo("Unsupported model IR version: 99");
    assertThat(EngineMessage.readable("Node:'n' Status: tensorprotoutils.cc:426 Validate failed"))
        .isEqualTo("Node:'n' Status: Validate failed");
    assertThat(EngineMessage.readable("x.cc:1 a::b(c a.cc:2 d::e(")).isEqualTo("a::b");
  }

  @Test
  void pathsOfThisMachine_areLeftOut() {
    String directory = System.getProperty("java.io.tmpdir");
    assertThat(EngineMessage.readable("cannot open \"" + directory + "/abc/lib.so\" now"))
        .isEqualTo("cannot open \"(a file)\" now");
    assertThat(EngineMessage.readable("at " + System.getProperty("user.dir") + "/x"))
        .isEqualTo("at (a file)");
  }

  @Test
  void namesOfNodes_areKept() {
    assertThat(EngineMessage.readable("while running /features/conv1/Conv"))
        .isEqualTo("while running /features/conv1/Conv");
  }

  @Test
  void longMessages_areCut() {
    assertThat(EngineMessage.readable("x".repeat(10_000))).hasSizeLessThan(400).endsWith("...");
  }

  @Test
  void operatorsAreNamed() {
    VaccelException error =
        EngineMessage.ofLoading(
            "m.onnx", new OrtException("No Op registered for Foo with domain_version of 17"));
    assertThat(error.text()).contains("m.onnx", "'Foo'", "17");
  }

  @Test
  void externalData_isExplained() {
    VaccelException error =
        EngineMessage.ofLoading(
            "m.onnx",
            new OrtException("External data path validation failed for initializer: w. Error: no"));
    assertThat(error.text())
        .isEqualTo(
            "model 'm.onnx' keeps 'w' in another file; save it with all weights in one file");
  }
}
