package io.vaccel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The codes are those of vAccel's {@code vaccel_op_type_t}, in its order. */
final class GenericCodeTest {
  private static final List<String> NAMES =
      List.of(
          "NOOP",
          "EXEC",
          "EXEC_WITH_RESOURCE",
          "IMAGE_CLASSIFY",
          "IMAGE_DETECT",
          "IMAGE_SEGMENT",
          "IMAGE_POSE",
          "IMAGE_DEPTH",
          "TF_MODEL_LOAD",
          "TF_MODEL_UNLOAD",
          "TF_MODEL_RUN",
          "TFLITE_MODEL_LOAD",
          "TFLITE_MODEL_UNLOAD",
          "TFLITE_MODEL_RUN",
          "TORCH_MODEL_LOAD",
          "TORCH_MODEL_RUN",
          "TORCH_SGEMM",
          "BLAS_SGEMM",
          "FPGA_ARRAYCOPY",
          "FPGA_MMULT",
          "FPGA_PARALLEL",
          "FPGA_VECTORADD",
          "MINMAX",
          "OPENCV");

  @Test
  void codes_haveVaccelsNumbers() {
    assertThat(GenericCode.values()).hasSameSizeAs(NAMES);
    for (int number = 0; number < NAMES.size(); number++) {
      assertThat(GenericCode.numbered(number)).map(GenericCode::name).contains(NAMES.get(number));
    }
    assertThat(GenericCode.numbered(NAMES.size())).isEmpty();
    assertThat(GenericCode.numbered(-1)).isEmpty();
  }
}
