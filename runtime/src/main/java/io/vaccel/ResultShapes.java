package io.vaccel;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * What the sizes of a result must be, as far as the input tells: a caller that trusts them must not
 * be led astray by whoever did the work elsewhere. All methods return when the result fits, and
 * else throw {@link Reason#ARGUMENT_INVALID} with the field of the result.
 */
final class ResultShapes {
  private ResultShapes() {}

  static void echo(Echo input, Echo.Reply result) {
    count("tensors", result.tensors().size(), input.tensors().size());
    for (int i = 0; i < input.tensors().size(); i++) {
      same("tensors[" + i + "]", result.tensors().get(i), input.tensors().get(i));
    }
  }

  /** Without names there are as many as the model has, which not every format tells. */
  static void run(ModelRun input, ModelRun.Outputs result) {
    if (!input.outputs().isEmpty()) {
      count("outputs", result.tensors().size(), input.outputs().size());
    }
  }

  static void classify(Classify input, Classification result) {
    if (result.labels().size() > input.top()) {
      throw VaccelException.ofField(
          "labels", "are " + result.labels().size() + ", asked for were " + input.top());
    }
  }

  static void product(Sgemm input, Sgemm.Product result) {
    size("c", result.c().data(), input.resultBytes());
    if (result.c().leadingDimension() != input.c().leadingDimension()) {
      throw VaccelException.ofField(
          "ldc",
          "is " + result.c().leadingDimension() + ", must be " + input.c().leadingDimension());
    }
  }

  static void minmax(Minmax input, Minmax.Bounds result) {
    same("output", result.output(), input.data());
  }

  static void copy(CopyArray input, ArrayResult result) {
    same("output", result.output(), input.input());
  }

  static void multiplyMatrices(MultiplyMatrices input, ArrayResult result) {
    same("output", result.output(), input.a());
  }

  static void addAndMultiply(AddAndMultiply input, AddAndMultiply.Both result) {
    same("sum", result.sum(), input.a());
    same("product", result.product(), input.a());
  }

  static void addVectors(AddVectors input, ArrayResult result) {
    same("output", result.output(), input.a());
  }

  static void buffers(RunKernel input, RunKernel.Buffers result) {
    List<KernelArgument> written =
        input.arguments().stream()
            .filter(
                argument ->
                    argument instanceof KernelArgument.InputOutput
                        || argument instanceof KernelArgument.Output)
            .toList();
    count("buffers", result.buffers().size(), written.size());
    for (int i = 0; i < written.size(); i++) {
      size("buffers[" + i + "]", result.buffers().get(i), written.get(i).bytes());
    }
  }

  static void exec(Exec input, Exec.Written result) {
    written(input.function(), result.arguments());
  }

  static void execWithResource(ExecWithResource input, Exec.Written result) {
    written(input.function(), result.arguments());
  }

  private static void written(FunctionCall function, List<Argument> arguments) {
    count("write", arguments.size(), function.write().size());
    for (int i = 0; i < arguments.size(); i++) {
      Argument room = function.write().get(i);
      Argument argument = arguments.get(i);
      if (argument.type() != room.type() || argument.sizeBytes() > room.sizeBytes()) {
        throw VaccelException.ofField(
            "write[" + i + "]", "is " + argument + ", there is room for " + room);
      }
    }
  }

  private static void same(String field, Tensor tensor, Tensor wanted) {
    if (tensor.type() != wanted.type() || !tensor.shape().equals(wanted.shape())) {
      throw VaccelException.ofField(
          field,
          "is " + tensor.type() + tensor.shape() + ", must be " + wanted.type() + wanted.shape());
    }
  }

  private static void size(String field, ByteBuffer data, long wanted) {
    if (data.remaining() != wanted) {
      throw VaccelException.ofField(
          field, "has " + data.remaining() + " bytes, must have " + wanted);
    }
  }

  private static void count(String field, int count, int wanted) {
    if (count != wanted) {
      throw VaccelException.ofField(field, "are " + count + ", must be " + wanted);
    }
  }
}
