package io.vaccel.wire;

import io.vaccel.Echo;
import io.vaccel.GenericCall;
import io.vaccel.Noop;
import io.vaccel.Operations;
import io.vaccel.v1.CallGenericRequest;
import io.vaccel.v1.CallGenericResponse;
import io.vaccel.v1.EchoRequest;
import io.vaccel.v1.EchoResponse;
import io.vaccel.v1.GenericServiceGrpc;
import io.vaccel.v1.NoopRequest;
import io.vaccel.v1.NoopResponse;
import java.util.List;

/** How the operations of {@code GenericService} travel. */
final class GenericWire {
  private static final WireOperation<Noop, Noop.Done, NoopRequest, NoopResponse> NOOP =
      new WireOperation<>(
          Operations.NOOP,
          GenericServiceGrpc.getNoopMethod(),
          NoopRequest::getSessionId,
          (input, out) -> NoopRequest.newBuilder().setSessionId(out.sessionId()).build(),
          (request, in) -> new Noop(),
          (done, out) ->
              NoopResponse.newBuilder().setExecutedOn(Codec.encode(done.executedOn())).build(),
          (response, in) -> new Noop.Done(Codec.decode(response.getExecutedOn(), in)));

  private static final WireOperation<Echo, Echo.Reply, EchoRequest, EchoResponse> ECHO =
      new WireOperation<>(
          Operations.ECHO,
          GenericServiceGrpc.getEchoMethod(),
          EchoRequest::getSessionId,
          (input, out) ->
              EchoRequest.newBuilder()
                  .setSessionId(out.sessionId())
                  .addAllTensors(Codec.encode(input.tensors(), out))
                  .build(),
          (request, in) -> new Echo(Codec.decode("tensors", request.getTensorsList(), in)),
          (reply, out) ->
              EchoResponse.newBuilder()
                  .addAllTensors(Codec.encode(reply.tensors(), out))
                  .setExecutedOn(Codec.encode(reply.executedOn()))
                  .build(),
          (response, in) ->
              new Echo.Reply(
                  Codec.decode("tensors", response.getTensorsList(), in),
                  Codec.decode(response.getExecutedOn(), in)));

  private static final WireOperation<
          GenericCall, GenericCall.Written, CallGenericRequest, CallGenericResponse>
      CALL =
          new WireOperation<>(
              Operations.GENERIC_CALL,
              GenericServiceGrpc.getCallGenericMethod(),
              CallGenericRequest::getSessionId,
              (input, out) ->
                  CallGenericRequest.newBuilder()
                      .setSessionId(out.sessionId())
                      .addAllRead(Codec.encodeArguments(input.read(), out))
                      .addAllWrite(Codec.encodeArguments(input.write(), out))
                      .build(),
              (request, in) ->
                  new GenericCall(
                      Codec.decodeArguments("read", request.getReadList(), in),
                      Codec.decodeArguments("write", request.getWriteList(), in)),
              (written, out) ->
                  CallGenericResponse.newBuilder()
                      .addAllWrite(Codec.encodeArguments(written.arguments(), out))
                      .setExecutedOn(Codec.encode(written.executedOn()))
                      .build(),
              (response, in) ->
                  new GenericCall.Written(
                      Codec.decodeArguments("write", response.getWriteList(), in),
                      Codec.decode(response.getExecutedOn(), in)));

  static final List<WireOperation<?, ?, ?, ?>> ALL = List.of(NOOP, ECHO, CALL);

  private GenericWire() {}
}
