package io.vaccel.backend.reference;

import io.vaccel.Echo;
import io.vaccel.ExecutedOn;
import io.vaccel.LoadedModel;
import io.vaccel.Model;
import io.vaccel.ModelSpec;
import io.vaccel.Noop;
import io.vaccel.Operation;
import io.vaccel.Operations;
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
    if (operation.equals(Operations.NOOP)) {
      return operation.resultType().cast(new Noop.Done(here));
    }
    if (operation.equals(Operations.ECHO)) {
      return operation.resultType().cast(new Echo.Reply(((Echo) input).tensors(), here));
    }
    throw new VaccelException(Reason.NO_PLUGIN, "plugin reference does not offer " + operation);
  }

  @Override
  public void close() {}
}
