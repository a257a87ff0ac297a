package io.vaccel;

import java.util.List;
import java.util.Optional;

/**
 * The operations of this version; a new one is added here, to the wire table of {@code proto}, and
 * to a backend.
 */
public final class Operations {
  /** Nothing; measures the way there and back. */
  public static final Operation<Noop, Noop.Done> NOOP =
      new Operation<>("noop", Noop.class, Noop.Done.class, true);

  /** Returns its tensors unchanged; measures the way of bulk data. */
  public static final Operation<Echo, Echo.Reply> ECHO =
      new Operation<>("echo", Echo.class, Echo.Reply.class, true, ResultShapes::echo);

  /** Runs a loaded model on tensors. */
  public static final Operation<ModelRun, ModelRun.Outputs> MODEL_RUN =
      new Operation<>("model.run", ModelRun.class, ModelRun.Outputs.class, true, ResultShapes::run);

  /** Names what a picture shows. */
  public static final Operation<Classify, Classification> IMAGE_CLASSIFY =
      new Operation<>(
          "image.classify", Classify.class, Classification.class, true, ResultShapes::classify);

  /** Finds objects and where they are. */
  public static final Operation<Detect, Detections> IMAGE_DETECT =
      new Operation<>("image.detect", Detect.class, Detections.class, true);

  /** Says for each pixel which class it belongs to. */
  public static final Operation<Segment, Segmentation> IMAGE_SEGMENT =
      new Operation<>("image.segment", Segment.class, Segmentation.class, true);

  /** Finds the joints of people. */
  public static final Operation<EstimatePose, Poses> IMAGE_POSE =
      new Operation<>("image.pose", EstimatePose.class, Poses.class, true);

  /** Says for each pixel how far it is. */
  public static final Operation<EstimateDepth, DepthMap> IMAGE_DEPTH =
      new Operation<>("image.depth", EstimateDepth.class, DepthMap.class, true);

  /** Multiplies matrices of binary32 numbers as the BLAS does. */
  public static final Operation<Sgemm, Sgemm.Product> BLAS_SGEMM =
      new Operation<>("blas.sgemm", Sgemm.class, Sgemm.Product.class, true, ResultShapes::product);

  /** The least and the greatest of an array, and the array cut to two thresholds. */
  public static final Operation<Minmax, Minmax.Bounds> ARRAY_MINMAX =
      new Operation<>(
          "array.minmax", Minmax.class, Minmax.Bounds.class, true, ResultShapes::minmax);

  /** Copies an array of integers. */
  public static final Operation<CopyArray, ArrayResult> ARRAY_COPY =
      new Operation<>("array.copy", CopyArray.class, ArrayResult.class, true, ResultShapes::copy);

  /** Multiplies two square matrices of binary32 numbers. */
  public static final Operation<MultiplyMatrices, ArrayResult> ARRAY_MULTIPLY_MATRICES =
      new Operation<>(
          "array.multiply_matrices",
          MultiplyMatrices.class,
          ArrayResult.class,
          true,
          ResultShapes::multiplyMatrices);

  /** Adds and multiplies two arrays element by element. */
  public static final Operation<AddAndMultiply, AddAndMultiply.Both> ARRAY_ADD_AND_MULTIPLY =
      new Operation<>(
          "array.add_and_multiply",
          AddAndMultiply.class,
          AddAndMultiply.Both.class,
          true,
          ResultShapes::addAndMultiply);

  /** Adds two vectors. */
  public static final Operation<AddVectors, ArrayResult> ARRAY_ADD_VECTORS =
      new Operation<>(
          "array.add_vectors", AddVectors.class, ArrayResult.class, true, ResultShapes::addVectors);

  /** Compiles and runs an OpenCL kernel. */
  public static final Operation<RunKernel, RunKernel.Buffers> OPENCL_RUN =
      new Operation<>(
          "opencl.run", RunKernel.class, RunKernel.Buffers.class, true, ResultShapes::buffers);

  /** Applies functions to a picture. */
  public static final Operation<TransformImage, TransformImage.Transformed> OPENCV_TRANSFORM =
      new Operation<>(
          "opencv.transform", TransformImage.class, TransformImage.Transformed.class, true);

  /** Performs an operation that is named by vAccel's code, with typed arguments. */
  public static final Operation<GenericCall, GenericCall.Written> GENERIC_CALL =
      new Operation<>("generic.call", GenericCall.class, GenericCall.Written.class, false);

  /** Reads how long the parts of the session's work took. */
  public static final Operation<ReadProfile, Profile> PROFILE_READ =
      new Operation<>("profile.read", ReadProfile.class, Profile.class, true);

  /** Calls a function of a library that lies where the work is done. */
  public static final Operation<Exec, Exec.Written> EXEC =
      new Operation<>("exec", Exec.class, Exec.Written.class, false, ResultShapes::exec);

  /** Calls a function of a library that the caller brings. */
  public static final Operation<ExecWithResource, Exec.Written> EXEC_WITH_RESOURCE =
      new Operation<>(
          "exec_with_resource",
          ExecWithResource.class,
          Exec.Written.class,
          false,
          ResultShapes::execWithResource);

  private static final List<Operation<?, ?>> ALL =
      List.of(
          NOOP,
          ECHO,
          MODEL_RUN,
          IMAGE_CLASSIFY,
          IMAGE_DETECT,
          IMAGE_SEGMENT,
          IMAGE_POSE,
          IMAGE_DEPTH,
          BLAS_SGEMM,
          ARRAY_MINMAX,
          ARRAY_COPY,
          ARRAY_MULTIPLY_MATRICES,
          ARRAY_ADD_AND_MULTIPLY,
          ARRAY_ADD_VECTORS,
          OPENCL_RUN,
          OPENCV_TRANSFORM,
          GENERIC_CALL,
          PROFILE_READ,
          EXEC,
          EXEC_WITH_RESOURCE);

  private Operations() {}

  /** All operations of this version. */
  public static List<Operation<?, ?>> all() {
    return ALL;
  }

  /** The operation with this name. */
  public static Optional<Operation<?, ?>> named(String name) {
    return ALL.stream().filter(operation -> operation.name().equals(name)).findFirst();
  }
}
