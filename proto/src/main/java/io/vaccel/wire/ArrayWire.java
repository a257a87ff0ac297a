package io.vaccel.wire;

import io.vaccel.AddAndMultiply;
import io.vaccel.AddVectors;
import io.vaccel.ArrayResult;
import io.vaccel.CopyArray;
import io.vaccel.Minmax;
import io.vaccel.MultiplyMatrices;
import io.vaccel.Operations;
import io.vaccel.v1.AddAndMultiplyRequest;
import io.vaccel.v1.AddAndMultiplyResponse;
import io.vaccel.v1.AddVectorsRequest;
import io.vaccel.v1.AddVectorsResponse;
import io.vaccel.v1.ArrayServiceGrpc;
import io.vaccel.v1.CopyArrayRequest;
import io.vaccel.v1.CopyArrayResponse;
import io.vaccel.v1.MinmaxRequest;
import io.vaccel.v1.MinmaxResponse;
import io.vaccel.v1.MultiplyMatricesRequest;
import io.vaccel.v1.MultiplyMatricesResponse;
import java.util.List;

/** How the operations of {@code ArrayService} travel. */
final class ArrayWire {
  private static final WireOperation<Minmax, Minmax.Bounds, MinmaxRequest, MinmaxResponse> MINMAX =
      new WireOperation<>(
          Operations.ARRAY_MINMAX,
          ArrayServiceGrpc.getMinmaxMethod(),
          MinmaxRequest::getSessionId,
          (input, out) ->
              MinmaxRequest.newBuilder()
                  .setSessionId(out.sessionId())
                  .setData(Codec.encode(input.data(), out))
                  .setLow(input.low())
                  .setHigh(input.high())
                  .build(),
          (wire, in) ->
              new Minmax(Codec.decode("data", wire.getData(), in), wire.getLow(), wire.getHigh()),
          (bounds, out) ->
              MinmaxResponse.newBuilder()
                  .setOutput(Codec.encode(bounds.output(), out))
                  .setMin(bounds.min())
                  .setMax(bounds.max())
                  .setExecutedOn(Codec.encode(bounds.executedOn()))
                  .build(),
          (wire, in) ->
              new Minmax.Bounds(
                  Codec.decode("output", wire.getOutput(), in),
                  wire.getMin(),
                  wire.getMax(),
                  Codec.decode(wire.getExecutedOn(), in)));

  private static final WireOperation<CopyArray, ArrayResult, CopyArrayRequest, CopyArrayResponse>
      COPY =
          new WireOperation<>(
              Operations.ARRAY_COPY,
              ArrayServiceGrpc.getCopyArrayMethod(),
              CopyArrayRequest::getSessionId,
              (input, out) ->
                  CopyArrayRequest.newBuilder()
                      .setSessionId(out.sessionId())
                      .setInput(Codec.encode(input.input(), out))
                      .build(),
              (wire, in) -> new CopyArray(Codec.decode("input", wire.getInput(), in)),
              (result, out) ->
                  CopyArrayResponse.newBuilder()
                      .setOutput(Codec.encode(result.output(), out))
                      .setExecutedOn(Codec.encode(result.executedOn()))
                      .build(),
              (wire, in) ->
                  new ArrayResult(
                      Codec.decode("output", wire.getOutput(), in),
                      Codec.decode(wire.getExecutedOn(), in)));

  private static final WireOperation<
          MultiplyMatrices, ArrayResult, MultiplyMatricesRequest, MultiplyMatricesResponse>
      MULTIPLY_MATRICES =
          new WireOperation<>(
              Operations.ARRAY_MULTIPLY_MATRICES,
              ArrayServiceGrpc.getMultiplyMatricesMethod(),
              MultiplyMatricesRequest::getSessionId,
              (input, out) ->
                  MultiplyMatricesRequest.newBuilder()
                      .setSessionId(out.sessionId())
                      .setA(Codec.encode(input.a(), out))
                      .setB(Codec.encode(input.b(), out))
                      .build(),
              (wire, in) ->
                  new MultiplyMatrices(
                      Codec.decode("a", wire.getA(), in), Codec.decode("b", wire.getB(), in)),
              (result, out) ->
                  MultiplyMatricesResponse.newBuilder()
                      .setOutput(Codec.encode(result.output(), out))
                      .setExecutedOn(Codec.encode(result.executedOn()))
                      .build(),
              (wire, in) ->
                  new ArrayResult(
                      Codec.decode("output", wire.getOutput(), in),
                      Codec.decode(wire.getExecutedOn(), in)));

  private static final WireOperation<
          AddAndMultiply, AddAndMultiply.Both, AddAndMultiplyRequest, AddAndMultiplyResponse>
      ADD_AND_MULTIPLY =
          new WireOperation<>(
              Operations.ARRAY_ADD_AND_MULTIPLY,
              ArrayServiceGrpc.getAddAndMultiplyMethod(),
              AddAndMultiplyRequest::getSessionId,
              (input, out) ->
                  AddAndMultiplyRequest.newBuilder()
                      .setSessionId(out.sessionId())
                      .setA(Codec.encode(input.a(), out))
                      .setB(Codec.encode(input.b(), out))
                      .build(),
              (wire, in) ->
                  new AddAndMultiply(
                      Codec.decode("a", wire.getA(), in), Codec.decode("b", wire.getB(), in)),
              (both, out) ->
                  AddAndMultiplyResponse.newBuilder()
                      .setSum(Codec.encode(both.sum(), out))
                      .setProduct(Codec.encode(both.product(), out))
                      .setExecutedOn(Codec.encode(both.executedOn()))
                      .build(),
              (wire, in) ->
                  new AddAndMultiply.Both(
                      Codec.decode("sum", wire.getSum(), in),
                      Codec.decode("product", wire.getProduct(), in),
                      Codec.decode(wire.getExecutedOn(), in)));

  private static final WireOperation<AddVectors, ArrayResult, AddVectorsRequest, AddVectorsResponse>
      ADD_VECTORS =
          new WireOperation<>(
              Operations.ARRAY_ADD_VECTORS,
              ArrayServiceGrpc.getAddVectorsMethod(),
              AddVectorsRequest::getSessionId,
              (input, out) ->
                  AddVectorsRequest.newBuilder()
                      .setSessionId(out.sessionId())
                      .setA(Codec.encode(input.a(), out))
                      .setB(Codec.encode(input.b(), out))
                      .build(),
              (wire, in) ->
                  new AddVectors(
                      Codec.decode("a", wire.getA(), in), Codec.decode("b", wire.getB(), in)),
              (result, out) ->
                  AddVectorsResponse.newBuilder()
                      .setOutput(Codec.encode(result.output(), out))
                      .setExecutedOn(Codec.encode(result.executedOn()))
                      .build(),
              (wire, in) ->
                  new ArrayResult(
                      Codec.decode("output", wire.getOutput(), in),
                      Codec.decode(wire.getExecutedOn(), in)));

  static final List<WireOperation<?, ?, ?, ?>> ALL =
      List.of(MINMAX, COPY, MULTIPLY_MATRICES, ADD_AND_MULTIPLY, ADD_VECTORS);

  private ArrayWire() {}
}
