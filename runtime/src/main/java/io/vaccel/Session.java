package io.vaccel;

import io.vaccel.spi.Call;
import io.vaccel.spi.Plugin;
import io.vaccel.spi.SessionContext;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * One owner's models and running operations; safe for use by several threads.
 *
 * <p>These methods block; {@link #async} has the same operations without blocking. Each call has a
 * deadline, 60 seconds unless {@link CallOptions} say otherwise. An interrupt of the calling thread
 * cancels a call that waits for an agent. All failures are {@link VaccelException}s whose message
 * names the operation, the place and the cause.
 */
public final class Session implements AutoCloseable {
  private final String id = UUID.randomUUID().toString();
  private final ExecutorService executor;
  private final Dispatcher dispatcher;
  private final CallOptions defaults;
  private final Consumer<Session> onClose;
  private final AtomicBoolean closed = new AtomicBoolean();

  Session(
      List<Plugin> plugins,
      ExecutorService executor,
      CallOptions defaults,
      Consumer<Session> onClose) {
    this.executor = executor;
    this.defaults = defaults;
    this.onClose = onClose;
    SessionContext context = new Context();
    this.dispatcher =
        new Dispatcher(plugins.stream().map(plugin -> new PluginLane(plugin, context)).toList());
  }

  /** A name for logs; unguessable, but no secret of this session. */
  public String id() {
    return id;
  }

  /** Loads the model in a file together with the files beside it; see {@link ModelSpec#at}. */
  public Model load(Path file) {
    return load(ModelSpec.at(file), defaults);
  }

  /** Loads a model in the first plugin that takes its format now. */
  public Model load(ModelSpec spec, CallOptions options) {
    Model model = new Model(this, spec);
    model.loaded(dispatcher.load(model, start(options)));
    return model;
  }

  /** Measures the way there and back. */
  public Noop.Done noop() {
    return call(Operations.NOOP, new Noop());
  }

  /** Sends tensors there and back. */
  public Echo.Reply echo(List<Tensor> tensors) {
    return call(Operations.ECHO, new Echo(tensors));
  }

  /** Runs a model; see {@link ModelRun} for how inputs are matched. */
  public ModelRun.Outputs run(Model model, List<Tensor> inputs) {
    return call(Operations.MODEL_RUN, new ModelRun(model, inputs, List.of()));
  }

  /** Names what a picture shows, five labels at most. */
  public Classification classify(Model model, Image image) {
    return call(Operations.IMAGE_CLASSIFY, new Classify(model, image, Classify.DEFAULT_TOP));
  }

  /** Performs any operation with the default deadline. */
  public <I, O extends Result> O call(Operation<I, O> operation, I input) {
    return call(operation, input, defaults);
  }

  /** Performs any operation. */
  public <I, O extends Result> O call(Operation<I, O> operation, I input, CallOptions options) {
    checkOwner(input);
    return dispatcher.perform(operation, input, start(options));
  }

  /** The same session, not blocking. */
  public AsyncSession async() {
    return new AsyncSession(this);
  }

  /**
   * Ends the session everywhere and frees all it holds; its models end with it. Closing twice does
   * nothing.
   */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      dispatcher.close();
      onClose.accept(this);
    }
  }

  CallOptions defaults() {
    return defaults;
  }

  Dispatcher dispatcher() {
    return dispatcher;
  }

  ExecutorService executor() {
    return executor;
  }

  Call start(CallOptions options) {
    if (closed.get()) {
      throw new VaccelException(Reason.CLOSED, "the session is closed");
    }
    return Call.start(options, executor);
  }

  void checkOwner(Object input) {
    if (input instanceof ModelInput needs && needs.model().session() != this) {
      throw new VaccelException(
          Reason.MODEL_NOT_FOUND, needs.model() + " belongs to another session");
    }
  }

  void unload(Model model) {
    dispatcher.unload(model);
  }

  private final class Context implements SessionContext {
    @Override
    public String sessionId() {
      return id;
    }

    @Override
    public <I, O extends Result> O perform(Operation<I, O> operation, I input, Call call) {
      return dispatcher.perform(operation, input, call);
    }
  }
}
