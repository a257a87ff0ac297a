package io.vaccel;

import io.vaccel.spi.Call;
import io.vaccel.spi.Capabilities;
import io.vaccel.spi.Plugin;
import io.vaccel.spi.PluginSession;
import io.vaccel.spi.SessionContext;
import java.util.Set;

/**
 * Performs what every session does itself: generic calls, whose arguments it reads to ask the
 * session for the operation that they mean, and reading the profile.
 *
 * <p>It is not among the plugins that can be chosen. A generic call is taken apart where the
 * application made it, because its numbers of resources mean something only there; what travels is
 * the operation itself.
 */
final class SessionPlugin implements Plugin {
  static final String NAME = "session";

  /** Work that no engine does. */
  static final ExecutedOn HERE = ExecutedOn.here(NAME, "CPU");

  private static final Capabilities CAPABILITIES =
      Capabilities.of("CPU", Operations.GENERIC_CALL, Operations.PROFILE_READ);

  /** What only a session itself performs. */
  static final Set<Operation<?, ?>> OPERATIONS = CAPABILITIES.operations();

  private final Session owner;

  SessionPlugin(Session owner) {
    this.owner = owner;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Capabilities capabilities() {
    return CAPABILITIES;
  }

  @Override
  public PluginSession openSession(SessionContext context) {
    return new Calls(owner, new GenericOperations(owner, context));
  }

  @Override
  public void close() {}

  private record Calls(Session owner, GenericOperations generic) implements PluginSession {
    @Override
    public LoadedModel load(Model model, ModelSpec spec, Call call) {
      throw new VaccelException(Reason.NO_PLUGIN, "a session itself loads no models");
    }

    @Override
    public void unload(Model model) {}

    @Override
    public <I, O extends Result> O perform(Operation<I, O> operation, I input, Call call) {
      call.check();
      Result result =
          input instanceof GenericCall wanted
              ? generic.perform(wanted, call)
              : owner.readProfile(call);
      return operation.resultType().cast(result);
    }

    @Override
    public void unregister(RegisteredResource resource) {
      generic.unregister(resource);
    }

    @Override
    public void close() {
      generic.close();
    }
  }
}
