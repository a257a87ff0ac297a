package io.vaccel;

import io.vaccel.spi.Call;
import io.vaccel.spi.Capabilities;
import io.vaccel.spi.Plugin;
import io.vaccel.spi.PluginSession;
import io.vaccel.spi.SessionContext;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** A plugin that does what a test tells it and writes down what it was asked. */
class FakePlugin implements Plugin {
  /** An operation that must not be done twice. */
  static final Operation<Noop, Noop.Done> ONCE =
      new Operation<>("test.once", Noop.class, Noop.Done.class, false);

  /** What {@link PluginSession#perform} does. */
  interface Work {
    Result perform(Operation<?, ?> operation, Object input, Call call, SessionContext context);
  }

  /** What {@link PluginSession#load} does besides answering. */
  interface Loading {
    void load(Model model, Call call);
  }

  /** What {@link Plugin#openSession} does besides answering. */
  interface Opening {
    void open();
  }

  private final String name;
  private final List<String> journal;
  volatile Capabilities capabilities =
      new Capabilities(
          io.vaccel.spi.Availability.usable(),
          Set.of(
              Operations.NOOP,
              Operations.ECHO,
              Operations.MODEL_RUN,
              Operations.IMAGE_CLASSIFY,
              ONCE),
          Set.of(ModelFormat.ONNX),
          "CPU",
          Map.of());
  volatile Opening onOpen = () -> {};
  volatile Loading onLoad = (model, call) -> {};
  volatile Runnable onUnload = () -> {};
  volatile Work work = this::answer;

  FakePlugin(String name, List<String> journal) {
    this.name = name;
    this.journal = journal;
  }

  static List<String> journal() {
    return new CopyOnWriteArrayList<>();
  }

  /** Fails all work with this reason and text. */
  FakePlugin failing(Reason reason, String text) {
    work =
        (operation, input, call, context) -> {
          throw new VaccelException(reason, text);
        };
    return this;
  }

  ExecutedOn here() {
    return ExecutedOn.here(name, "CPU");
  }

  Result answer(Operation<?, ?> operation, Object input, Call call, SessionContext context) {
    call.check();
    if (input instanceof Echo echo) {
      return new Echo.Reply(echo.tensors(), here());
    }
    if (input instanceof ModelRun run) {
      return new ModelRun.Outputs(run.inputs(), here());
    }
    if (input instanceof Classify) {
      return new Classification(List.of(new Classification.Label(3, "cat", 0.5f)), here());
    }
    return new Noop.Done(here());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Capabilities capabilities() {
    return capabilities;
  }

  @Override
  public PluginSession openSession(SessionContext context) {
    journal.add(name + " open");
    onOpen.open();
    return new FakeSession(context);
  }

  @Override
  public void close() {
    journal.add(name + " close");
  }

  private final class FakeSession implements PluginSession {
    private final SessionContext context;

    private FakeSession(SessionContext context) {
      this.context = context;
    }

    @Override
    public LoadedModel load(Model model, ModelSpec spec, Call call) {
      journal.add(name + " load " + spec.resource().main().name());
      onLoad.load(model, call);
      return new LoadedModel(new Signature(List.of(), List.of()), here(), 7);
    }

    @Override
    public void unload(Model model) {
      journal.add(name + " unload " + model.spec().resource().main().name());
      onUnload.run();
    }

    @Override
    public void unregister(RegisteredResource resource) {
      journal.add(name + " unregister " + resource.content().main().name());
    }

    @Override
    public <I, O extends Result> O perform(Operation<I, O> operation, I input, Call call) {
      journal.add(name + " " + operation);
      return operation.resultType().cast(work.perform(operation, input, call, context));
    }

    @Override
    public void close() {
      journal.add(name + " end");
    }
  }
}
