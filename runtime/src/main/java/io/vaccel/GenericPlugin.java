package io.vaccel;

import io.vaccel.spi.Call;
import io.vaccel.spi.Capabilities;
import io.vaccel.spi.Plugin;
import io.vaccel.spi.PluginSession;
import io.vaccel.spi.SessionContext;

/**
 * Performs {@link Operations#GENERIC_CALL} in every session of every runtime: it reads the
 * arguments and asks the session for the operation that they mean.
 *
 * <p>It is not among the plugins that can be chosen. A generic call is taken apart where the
 * application made it, because its numbers of resources mean something only there; what travels is
 * the operation itself.
 */
final class GenericPlugin implements Plugin {
  static final String NAME = "generic";

  private final Session owner;

  GenericPlugin(Session owner) {
    this.owner = owner;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Capabilities capabilities() {
    return Capabilities.of("CPU", Operations.GENERIC_CALL);
  }

  @Override
  public PluginSession openSession(SessionContext context) {
    return new Calls(new GenericOperations(owner, context));
  }

  @Override
  public void close() {}

  private record Calls(GenericOperations operations) implements PluginSession {
    @Override
    public LoadedModel load(Model model, ModelSpec spec, Call call) {
      throw new VaccelException(Reason.NO_PLUGIN, "generic calls load no models here");
    }

    @Override
    public void unload(Model model) {}

    @Override
    public <I, O extends Result> O perform(Operation<I, O> operation, I input, Call call) {
      call.check();
      return operation.resultType().cast(operations.perform((GenericCall) input, call));
    }

    @Override
    public void close() {
      operations.close();
    }
  }
}
