package io.vaccel.wire;

import io.vaccel.FloatMatrix;
import io.vaccel.Operations;
import io.vaccel.Sgemm;
import io.vaccel.v1.BlasServiceGrpc;
import io.vaccel.v1.Payload;
import io.vaccel.v1.SgemmRequest;
import io.vaccel.v1.SgemmResponse;
import java.util.List;

/** How the operations of {@code BlasService} travel. */
final class BlasWire {
  private static final WireOperation<Sgemm, Sgemm.Product, SgemmRequest, SgemmResponse> SGEMM =
      new WireOperation<>(
          Operations.BLAS_SGEMM,
          BlasServiceGrpc.getSgemmMethod(),
          SgemmRequest::getSessionId,
          BlasWire::encode,
          BlasWire::decode,
          (product, out) ->
              SgemmResponse.newBuilder()
                  .setC(out.payload(product.c().data()))
                  .setLdc(product.c().leadingDimension())
                  .setExecutedOn(Codec.encode(product.executedOn()))
                  .build(),
          (response, in) ->
              new Sgemm.Product(
                  matrix("c", response.getC(), response.getLdc(), in),
                  Codec.decode(response.getExecutedOn(), in)));

  static final List<WireOperation<?, ?, ?, ?>> ALL = List.of(SGEMM);

  private BlasWire() {}

  private static SgemmRequest encode(Sgemm input, Outbound out) {
    SgemmRequest.Builder wire =
        SgemmRequest.newBuilder()
            .setSessionId(out.sessionId())
            .setM(input.m())
            .setN(input.n())
            .setK(input.k())
            .setAlpha(input.alpha())
            .setA(out.payload(input.a().data()))
            .setLda(input.a().leadingDimension())
            .setB(out.payload(input.b().data()))
            .setLdb(input.b().leadingDimension())
            .setBeta(input.beta())
            .setLdc(input.c().leadingDimension())
            .setBatch(input.batch());
    if (input.c().data().hasRemaining()) {
      wire.setC(out.payload(input.c().data()));
    }
    return wire.build();
  }

  private static Sgemm decode(SgemmRequest wire, Inbound in) {
    return new Sgemm(
        wire.getM(),
        wire.getN(),
        wire.getK(),
        wire.getAlpha(),
        matrix("a", wire.getA(), wire.getLda(), in),
        matrix("b", wire.getB(), wire.getLdb(), in),
        wire.getBeta(),
        wire.hasC() ? matrix("c", wire.getC(), wire.getLdc(), in) : FloatMatrix.none(wire.getLdc()),
        wire.getBatch() == 0 ? 1 : wire.getBatch());
  }

  private static FloatMatrix matrix(
      String field, Payload payload, long leadingDimension, Inbound in) {
    return new FloatMatrix(Codec.payload(field, payload, in), leadingDimension);
  }
}
