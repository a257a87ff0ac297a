package io.vaccel.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.Argument;
import io.vaccel.ArgumentType;
import io.vaccel.GenericCall;
import io.vaccel.GenericCode;
import io.vaccel.ModelFormat;
import io.vaccel.Operations;
import io.vaccel.RegisteredResource;
import io.vaccel.Session;
import io.vaccel.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The generic calls of one framework, with tensors of binary32.
 *
 * @param load its code
 * @param unload its code, where vAccel has one
 * @param run its code
 * @param float32 the framework's number of the element type
 */
record GenericModelCall(
    GenericCode load, Optional<GenericCode> unload, GenericCode run, int float32) {

  /** Those that a program would use for models of this format. */
  static GenericModelCall of(ModelFormat format) {
    return switch (format) {
      case ONNX, TENSORFLOW_GRAPH, TENSORFLOW_SAVED_MODEL ->
          new GenericModelCall(
              GenericCode.TF_MODEL_LOAD,
              Optional.of(GenericCode.TF_MODEL_UNLOAD),
              GenericCode.TF_MODEL_RUN,
              1);
      case TFLITE ->
          new GenericModelCall(
              GenericCode.TFLITE_MODEL_LOAD,
              Optional.of(GenericCode.TFLITE_MODEL_UNLOAD),
              GenericCode.TFLITE_MODEL_RUN,
              1);
      case TORCHSCRIPT ->
          new GenericModelCall(
              GenericCode.TORCH_MODEL_LOAD, Optional.empty(), GenericCode.TORCH_MODEL_RUN, 7);
    };
  }

  /** Runs the model; the result is all that is written, three arguments for each output. */
  List<Argument> run(
      Session session, RegisteredResource resource, int numberOfType, List<Tensor> inputs) {
    GenericCall call = running(resource, numberOfType, inputs);
    return session.call(Operations.GENERIC_CALL, call).arguments();
  }

  /** The call that runs the model and has room for two outputs. */
  GenericCall running(RegisteredResource resource, int numberOfType, List<Tensor> inputs) {
    List<Argument> read = new ArrayList<>();
    read.add(Argument.ofInt64(resource.id()));
    read.add(Argument.room(ArgumentType.BUFFER, 0));
    read.add(Argument.ofInt32(inputs.size()));
    for (Tensor input : inputs) {
      read.add(Argument.ofString(input.name()));
      read.add(Argument.ofInt32(numberOfType));
      read.add(dimensions(input));
      read.add(Argument.of(ArgumentType.BUFFER, input.data()));
    }
    List<Argument> rooms = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      rooms.add(Argument.ofInt32(0));
      rooms.add(Argument.room(ArgumentType.INT64_ARRAY, 64));
      rooms.add(Argument.room(ArgumentType.BUFFER, 1024));
    }
    return GenericCall.of(run, read, rooms);
  }

  /** Loads or unloads. */
  static GenericCall.Written call(Session session, GenericCode code, RegisteredResource resource) {
    return GenericContract.call(session, code, List.of(Argument.ofInt64(resource.id())), List.of());
  }

  /** Asserts that these three arguments are this tensor. */
  void assertIs(Tensor tensor, List<Argument> written) {
    assertThat(written)
        .containsExactly(
            Argument.ofInt32(float32),
            dimensions(tensor),
            Argument.of(ArgumentType.BUFFER, tensor.data()));
  }

  private static Argument dimensions(Tensor tensor) {
    ByteBuffer sizes =
        ByteBuffer.allocate(tensor.shape().rank() * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    sizes.asLongBuffer().put(tensor.shape().dimensions());
    return Argument.of(ArgumentType.INT64_ARRAY, sizes);
  }
}
