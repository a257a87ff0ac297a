package io.vaccel.backend.blas;

import io.vaccel.ArrayResult;
import io.vaccel.ExecutedOn;
import io.vaccel.FloatMatrix;
import io.vaccel.LoadedModel;
import io.vaccel.Model;
import io.vaccel.ModelSpec;
import io.vaccel.MultiplyMatrices;
import io.vaccel.Operation;
import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.Result;
import io.vaccel.Sgemm;
import io.vaccel.Stage;
import io.vaccel.Tensor;
import io.vaccel.VaccelException;
import io.vaccel.spi.Call;
import io.vaccel.spi.PluginSession;
import java.nio.ByteBuffer;
import java.time.Duration;

/** Matrix products by one kernel; holds nothing of its owners. */
final class BlasSession implements PluginSession {
  private final Kernel kernel;
  private final long maxResultBytes;

  BlasSession(Kernel kernel, long maxResultBytes) {
    this.kernel = kernel;
    this.maxResultBytes = maxResultBytes;
  }

  /** What results say that they ran on, for instance {@code CPU (OpenBLAS)}. */
  String device() {
    return "CPU (" + kernel.name() + ")";
  }

  @Override
  public LoadedModel load(Model model, ModelSpec spec, Call call) {
    throw new VaccelException(Reason.NO_PLUGIN, "plugin blas takes no models");
  }

  @Override
  public void unload(Model model) {}

  @Override
  public <I, O extends Result> O perform(Operation<I, O> operation, I input, Call call) {
    call.check();
    if (operation.equals(Operations.BLAS_SGEMM)) {
      return operation.resultType().cast(sgemm((Sgemm) input, call));
    }
    if (operation.equals(Operations.ARRAY_MULTIPLY_MATRICES)) {
      return operation.resultType().cast(multiply((MultiplyMatrices) input, call));
    }
    throw new VaccelException(Reason.NO_PLUGIN, "plugin blas does not offer " + operation);
  }

  @Override
  public void close() {}

  private Sgemm.Product sgemm(Sgemm input, Call call) {
    long start = System.nanoTime();
    ByteBuffer c = ResultBuffer.of(input, maxResultBytes, call);
    if (c.hasRemaining() && input.k() > 0 && input.alpha() != 0) {
      kernel.addProducts(input, c, call);
    }
    Stage stage = new Stage("sgemm", Duration.ofNanos(System.nanoTime() - start));
    return new Sgemm.Product(
        new FloatMatrix(c, input.c().leadingDimension()),
        ExecutedOn.here(BlasProvider.NAME, device(), stage));
  }

  private ArrayResult multiply(MultiplyMatrices input, Call call) {
    long n = input.a().shape().dimension(0);
    FloatMatrix a = new FloatMatrix(input.a().data(), n);
    FloatMatrix b = new FloatMatrix(input.b().data(), n);
    Sgemm.Product product = sgemm(new Sgemm(n, n, n, 1, a, b, 0, FloatMatrix.none(n), 1), call);
    return new ArrayResult(
        Tensor.of("", input.a().type(), input.a().shape(), product.c().data()),
        product.executedOn());
  }
}
