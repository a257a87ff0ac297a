package io.vaccel.backend.reference;

import io.vaccel.AddAndMultiply;
import io.vaccel.AddVectors;
import io.vaccel.CopyArray;
import io.vaccel.Echo;
import io.vaccel.ExecutedOn;
import io.vaccel.LoadedModel;
import io.vaccel.Minmax;
import io.vaccel.Model;
import io.vaccel.ModelSpec;
import io.vaccel.MultiplyMatrices;
import io.vaccel.Noop;
import io.vaccel.Operation;
import io.vaccel.Reason;
import io.vaccel.Result;
import io.vaccel.VaccelException;
import io.vaccel.spi.Call;
import io.vaccel.spi.PluginSession;

/** One owner's part of {@link ReferencePlugin}; holds nothing. */
final class ReferenceSession implements PluginSession {

  @Override
  public LoadedModel load(Model model, ModelSpec spec, Call call) {
    throw new VaccelException(Reason.NO_PLUGIN, "plugin reference takes no models");
  }

  @Override
  public void unload(Model model) {}

  @Override
  public <I, O extends Result> O perform(Operation<I, O> operation, I input, Call call) {
    call.check();
    ExecutedOn here = ExecutedOn.here(ReferenceProvider.NAME, ReferencePlugin.DEVICE);
    return operation.resultType().cast(perform(operation, input, here, call));
  }

  private static Result perform(
      Operation<?, ?> operation, Object input, ExecutedOn here, Call call) {
    if (input instanceof Noop) {
      return new Noop.Done(here);
    } else if (input instanceof Echo echo) {
      return new Echo.Reply(echo.tensors(), here);
    } else if (input instanceof Minmax minmax) {
      return ArrayOperations.minmax(minmax, here, call);
    } else if (input instanceof CopyArray copy) {
      return ArrayOperations.copy(copy, here, call);
    } else if (input instanceof MultiplyMatrices matrices) {
      return ArrayOperations.multiply(matrices, here, call);
    } else if (input instanceof AddAndMultiply both) {
      return ArrayOperations.addAndMultiply(both, here, call);
    } else if (input instanceof AddVectors vectors) {
      return ArrayOperations.add(vectors, here, call);
    }
    throw new VaccelException(Reason.NO_PLUGIN, "plugin reference does not offer " + operation);
  }

  @Override
  public void close() {}
}
