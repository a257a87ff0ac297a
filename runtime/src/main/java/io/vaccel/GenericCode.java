package io.vaccel;

import java.util.Arrays;
import java.util.Optional;

/**
 * The operations that a generic call may name: vAccel's {@code vaccel_op_type_t} with its numbers.
 */
public enum GenericCode {
  /** {@link Operations#NOOP}. */
  NOOP(0),
  /** {@link Operations#EXEC}. */
  EXEC(1),
  /** {@link Operations#EXEC_WITH_RESOURCE}. */
  EXEC_WITH_RESOURCE(2),
  /** {@link Operations#IMAGE_CLASSIFY}. */
  IMAGE_CLASSIFY(3),
  /** {@link Operations#IMAGE_DETECT}. */
  IMAGE_DETECT(4),
  /** {@link Operations#IMAGE_SEGMENT}. */
  IMAGE_SEGMENT(5),
  /** {@link Operations#IMAGE_POSE}. */
  IMAGE_POSE(6),
  /** {@link Operations#IMAGE_DEPTH}. */
  IMAGE_DEPTH(7),
  /** Loads a TensorFlow model. */
  TF_MODEL_LOAD(8),
  /** Unloads it. */
  TF_MODEL_UNLOAD(9),
  /** Runs it. */
  TF_MODEL_RUN(10),
  /** Loads a TensorFlow Lite model. */
  TFLITE_MODEL_LOAD(11),
  /** Unloads it. */
  TFLITE_MODEL_UNLOAD(12),
  /** Runs it. */
  TFLITE_MODEL_RUN(13),
  /** Loads a TorchScript model. */
  TORCH_MODEL_LOAD(14),
  /** Runs it. */
  TORCH_MODEL_RUN(15),
  /** Deprecated in vAccel in favour of {@link #BLAS_SGEMM}; not done here. */
  TORCH_SGEMM(16),
  /** {@link Operations#BLAS_SGEMM}. */
  BLAS_SGEMM(17),
  /** {@link Operations#ARRAY_COPY}. */
  FPGA_ARRAYCOPY(18),
  /** {@link Operations#ARRAY_MULTIPLY_MATRICES}. */
  FPGA_MMULT(19),
  /** {@link Operations#ARRAY_ADD_AND_MULTIPLY}. */
  FPGA_PARALLEL(20),
  /** {@link Operations#ARRAY_ADD_VECTORS}. */
  FPGA_VECTORADD(21),
  /** {@link Operations#ARRAY_MINMAX}. */
  MINMAX(22),
  /** {@link Operations#OPENCV_TRANSFORM}. */
  OPENCV(23);

  private final int number;

  GenericCode(int number) {
    this.number = number;
  }

  /** The code with vAccel's number. */
  public static Optional<GenericCode> numbered(int number) {
    return Arrays.stream(values()).filter(code -> code.number == number).findFirst();
  }

  /** vAccel's number. */
  public int number() {
    return number;
  }
}
