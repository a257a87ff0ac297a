package io.vaccel.wire;

import com.google.protobuf.ByteString;
import io.vaccel.KernelArgument;
import io.vaccel.Operations;
import io.vaccel.RunKernel;
import io.vaccel.VaccelException;
import io.vaccel.v1.OpenClServiceGrpc;
import io.vaccel.v1.RunKernelRequest;
import io.vaccel.v1.RunKernelResponse;
import java.util.ArrayList;
import java.util.List;

/** How the operations of {@code OpenClService} travel. */
final class OpenClWire {
  private static final WireOperation<
          RunKernel, RunKernel.Buffers, RunKernelRequest, RunKernelResponse>
      RUN =
          new WireOperation<>(
              Operations.OPENCL_RUN,
              OpenClServiceGrpc.getRunKernelMethod(),
              RunKernelRequest::getSessionId,
              (input, out) ->
                  RunKernelRequest.newBuilder()
                      .setSessionId(out.sessionId())
                      .setSource(input.source())
                      .setKernel(input.kernel())
                      .addAllArguments(
                          input.arguments().stream().map(one -> encode(one, out)).toList())
                      .addAllGlobalSize(input.globalSize())
                      .addAllLocalSize(input.localSize())
                      .build(),
              (request, in) ->
                  new RunKernel(
                      request.getSource(),
                      request.getKernel(),
                      decode(request.getArgumentsList(), in),
                      request.getGlobalSizeList(),
                      request.getLocalSizeList()),
              (result, out) ->
                  RunKernelResponse.newBuilder()
                      .addAllBuffers(result.buffers().stream().map(out::payload).toList())
                      .setExecutedOn(Codec.encode(result.executedOn()))
                      .build(),
              (response, in) ->
                  new RunKernel.Buffers(
                      response.getBuffersList().stream()
                          .limit(RunKernel.MAX_ARGUMENTS)
                          .map(in::payload)
                          .toList(),
                      Codec.decode(response.getExecutedOn(), in)));

  static final List<WireOperation<?, ?, ?, ?>> ALL = List.of(RUN);

  private OpenClWire() {}

  private static io.vaccel.v1.KernelArgument encode(KernelArgument argument, Outbound out) {
    io.vaccel.v1.KernelArgument.Builder wire = io.vaccel.v1.KernelArgument.newBuilder();
    if (argument instanceof KernelArgument.Input input) {
      wire.setInput(out.payload(input.data()));
    } else if (argument instanceof KernelArgument.InputOutput both) {
      wire.setInputOutput(out.payload(both.data()));
    } else if (argument instanceof KernelArgument.Output output) {
      wire.setOutputBytes(output.bytes());
    } else if (argument instanceof KernelArgument.Local local) {
      wire.setLocalBytes(local.bytes());
    } else if (argument instanceof KernelArgument.Scalar scalar) {
      wire.setScalar(ByteString.copyFrom(scalar.data()));
    }
    return wire.build();
  }

  private static List<KernelArgument> decode(List<io.vaccel.v1.KernelArgument> wire, Inbound in) {
    if (wire.size() > RunKernel.MAX_ARGUMENTS) {
      throw VaccelException.ofField(
          "arguments", "are " + wire.size() + ", the limit is " + RunKernel.MAX_ARGUMENTS);
    }
    List<KernelArgument> arguments = new ArrayList<>(wire.size());
    for (int i = 0; i < wire.size(); i++) {
      try {
        arguments.add(decode(wire.get(i), in));
      } catch (VaccelException e) {
        throw e.inField("arguments[" + i + "]");
      }
    }
    return arguments;
  }

  private static KernelArgument decode(io.vaccel.v1.KernelArgument wire, Inbound in) {
    return switch (wire.getKindCase()) {
      case INPUT -> new KernelArgument.Input(Codec.payload("input", wire.getInput(), in));
      case INPUT_OUTPUT ->
          new KernelArgument.InputOutput(Codec.payload("input_output", wire.getInputOutput(), in));
      case OUTPUT_BYTES -> new KernelArgument.Output(wire.getOutputBytes());
      case LOCAL_BYTES -> new KernelArgument.Local(wire.getLocalBytes());
      case SCALAR -> new KernelArgument.Scalar(Payloads.bytes(wire.getScalar()));
      case KIND_NOT_SET ->
          throw VaccelException.ofField("kind", "is not set: an argument needs one");
    };
  }
}
