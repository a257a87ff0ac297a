package io.vaccel;

import java.util.Optional;

/**
 * The operations that a generic call may name: vAccel's {@code vaccel_op_type_t}, in its order, so
 * that {@link #number} is the number that vAccel's C interface uses.
 */
public enum GenericCode {
  /** {@link Operations#NOOP}. */
  NOOP,
  /** A function of a library on the host. */
  EXEC,
  /** A function of a library that the caller brought. */
  EXEC_WITH_RESOURCE,
  /** {@link Operations#IMAGE_CLASSIFY}. */
  IMAGE_CLASSIFY,
  /** Finds things in a picture. */
  IMAGE_DETECT,
  /** Says what each pixel of a picture belongs to. */
  IMAGE_SEGMENT,
  /** Finds the joints of people in a picture. */
  IMAGE_POSE,
  /** Estimates how far away each pixel of a picture is. */
  IMAGE_DEPTH,
  /** Loads a TensorFlow model. */
  TF_MODEL_LOAD,
  /** Unloads it. */
  TF_MODEL_UNLOAD,
  /** Runs it. */
  TF_MODEL_RUN,
  /** Loads a TensorFlow Lite model. */
  TFLITE_MODEL_LOAD,
  /** Unloads it. */
  TFLITE_MODEL_UNLOAD,
  /** Runs it. */
  TFLITE_MODEL_RUN,
  /** Loads a TorchScript model. */
  TORCH_MODEL_LOAD,
  /** Runs it. */
  TORCH_MODEL_RUN,
  /** Deprecated in vAccel in favour of {@link #BLAS_SGEMM}; not done here. */
  TORCH_SGEMM,
  /** {@link Operations#BLAS_SGEMM}. */
  BLAS_SGEMM,
  /** {@link Operations#ARRAY_COPY}. */
  FPGA_ARRAYCOPY,
  /** {@link Operations#ARRAY_MULTIPLY_MATRICES}. */
  FPGA_MMULT,
  /** {@link Operations#ARRAY_ADD_AND_MULTIPLY}. */
  FPGA_PARALLEL,
  /** {@link Operations#ARRAY_ADD_VECTORS}. */
  FPGA_VECTORADD,
  /** {@link Operations#ARRAY_MINMAX}. */
  MINMAX,
  /** Image functions. */
  OPENCV;

  private static final GenericCode[] BY_NUMBER = values();

  /** The code with vAccel's number. */
  public static Optional<GenericCode> numbered(int number) {
    return number >= 0 && number < BY_NUMBER.length
        ? Optional.of(BY_NUMBER[number])
        : Optional.empty();
  }

  /** vAccel's number. */
  public int number() {
    return ordinal();
  }
}
