package io.vaccel.backend.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.vaccel.ElementType;
import io.vaccel.contract.OnnxFile;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The probe tells a device that computes from one that miscalculates. */
final class ProbeTest {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();

  @Test
  void deviceThatComputes_works() throws OrtException {
    assertThat(works(Probe.model())).isTrue();
  }

  /** The greatest of nine ones is 1. */
  @Test
  void otherResult_isNoUseableDevice() throws OrtException {
    ByteBuffer wrong =
        new OnnxFile("wrong")
            .input("x", ElementType.FLOAT32, 1, 1, 3, 3)
            .node("GlobalMaxPool", List.of("x"), List.of("p"))
            .node("Squeeze", List.of("p"), List.of("y"))
            .output("y", ElementType.FLOAT32)
            .bytes();
    assertThat(works(ByteBuffer.allocateDirect(wrong.remaining()).put(wrong).flip())).isFalse();
  }

  private boolean works(ByteBuffer model) throws OrtException {
    try (OrtSession session = environment.createSession(model)) {
      return Probe.works(environment, session);
    }
  }
}
