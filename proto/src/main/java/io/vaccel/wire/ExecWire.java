package io.vaccel.wire;

import io.vaccel.Exec;
import io.vaccel.ExecWithResource;
import io.vaccel.FunctionCall;
import io.vaccel.Operations;
import io.vaccel.v1.Argument;
import io.vaccel.v1.ArgumentLayout;
import io.vaccel.v1.ExecRequest;
import io.vaccel.v1.ExecResponse;
import io.vaccel.v1.ExecServiceGrpc;
import io.vaccel.v1.ExecWithResourceRequest;
import io.vaccel.v1.ExecWithResourceResponse;
import java.util.List;

/** How the operations of {@code ExecService} travel. */
final class ExecWire {
  private static final WireOperation<Exec, Exec.Written, ExecRequest, ExecResponse> EXEC =
      new WireOperation<>(
          Operations.EXEC,
          ExecServiceGrpc.getExecMethod(),
          ExecRequest::getSessionId,
          (input, out) ->
              ExecRequest.newBuilder()
                  .setSessionId(out.sessionId())
                  .setLibrary(input.name())
                  .setSymbol(input.function().symbol())
                  .addAllRead(Codec.encodeArguments(input.function().read(), out))
                  .addAllWrite(Codec.encodeArguments(input.function().write(), out))
                  .setLayout(Codec.encode(input.function().layout()))
                  .build(),
          (request, in) ->
              new Exec(
                  request.getLibrary(),
                  function(
                      request.getSymbol(),
                      request.getReadList(),
                      request.getWriteList(),
                      request.getLayout(),
                      in)),
          (written, out) ->
              ExecResponse.newBuilder()
                  .addAllWrite(Codec.encodeArguments(written.arguments(), out))
                  .setExecutedOn(Codec.encode(written.executedOn()))
                  .build(),
          (response, in) ->
              new Exec.Written(
                  Codec.decodeArguments("write", response.getWriteList(), in),
                  Codec.decode(response.getExecutedOn(), in)));

  private static final WireOperation<
          ExecWithResource, Exec.Written, ExecWithResourceRequest, ExecWithResourceResponse>
      EXEC_WITH_RESOURCE =
          new WireOperation<>(
              Operations.EXEC_WITH_RESOURCE,
              ExecServiceGrpc.getExecWithResourceMethod(),
              ExecWithResourceRequest::getSessionId,
              (input, out) ->
                  ExecWithResourceRequest.newBuilder()
                      .setSessionId(out.sessionId())
                      .setResourceId(out.resourceId(input.resource()))
                      .setSymbol(input.function().symbol())
                      .addAllRead(Codec.encodeArguments(input.function().read(), out))
                      .addAllWrite(Codec.encodeArguments(input.function().write(), out))
                      .setLayout(Codec.encode(input.function().layout()))
                      .build(),
              (request, in) ->
                  new ExecWithResource(
                      in.resource(request.getResourceId()),
                      function(
                          request.getSymbol(),
                          request.getReadList(),
                          request.getWriteList(),
                          request.getLayout(),
                          in)),
              (written, out) ->
                  ExecWithResourceResponse.newBuilder()
                      .addAllWrite(Codec.encodeArguments(written.arguments(), out))
                      .setExecutedOn(Codec.encode(written.executedOn()))
                      .build(),
              (response, in) ->
                  new Exec.Written(
                      Codec.decodeArguments("write", response.getWriteList(), in),
                      Codec.decode(response.getExecutedOn(), in)));

  static final List<WireOperation<?, ?, ?, ?>> ALL = List.of(EXEC, EXEC_WITH_RESOURCE);

  private ExecWire() {}

  private static FunctionCall function(
      String symbol, List<Argument> read, List<Argument> write, ArgumentLayout layout, Inbound in) {
    return new FunctionCall(
        symbol,
        Codec.decodeArguments("read", read, in),
        Codec.decodeArguments("write", write, in),
        Codec.decode(layout));
  }
}
