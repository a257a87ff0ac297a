package io.vaccel.backend.engine;

import io.vaccel.ModelRun;
import io.vaccel.Reason;
import io.vaccel.Signature;
import io.vaccel.Tensor;
import io.vaccel.VaccelException;
import io.vaccel.spi.Call;
import java.util.List;

/**
 * A model in an engine; safe for use by several threads. It is not closed while it runs; the
 * runtime sees to that.
 */
public interface EngineModel extends AutoCloseable {
  /** Its inputs and outputs. */
  Signature signature();

  /**
   * Runs it on the calling thread.
   *
   * @param inputs one for each of the signature's, in its order; types and shapes fit
   * @param outputs the wanted outputs, as indices into the signature's, at least one and none twice
   * @return the outputs in that order, named as in the signature; independent of the engine
   * @throws VaccelException {@link Reason#QUOTA_EXCEEDED} when the outputs are too large
   */
  List<Tensor> run(List<Tensor> inputs, List<Integer> outputs, Call call);

  /**
   * The same before inputs and outputs are matched with the signature; overridden by engines that
   * take options, and by those whose models do not tell their inputs.
   *
   * @throws VaccelException {@link Reason#ARGUMENT_INVALID} or {@link Reason#TENSOR_INVALID} for
   *     what does not fit the model
   */
  default List<Tensor> run(ModelRun run, Call call) {
    if (run.options().hasRemaining()) {
      throw ModelRun.badOptions("are given; the engine of this model takes none");
    }
    return run(
        ModelInputs.match(signature(), run.inputs()),
        ModelInputs.outputs(signature(), run.outputs()),
        call);
  }

  @Override
  void close();
}
