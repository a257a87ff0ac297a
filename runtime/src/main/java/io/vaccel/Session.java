package io.vaccel;

import io.vaccel.spi.Call;
import io.vaccel.spi.Plugin;
import io.vaccel.spi.SessionContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;

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
  private final Policy policy;
  private final ExecutorService executor;
  private final Dispatcher dispatcher;
  private final SessionResources resources = new SessionResources();
  private final CallOptions defaults;
  private final Profiler profiler;
  private volatile ModelKeeper genericModels = new OwnModels();
  private final Cancellation end = new Cancellation();
  private final AtomicBoolean closed = new AtomicBoolean();

  Session(
      List<Plugin> plugins,
      ExecutorService executor,
      CallOptions defaults,
      boolean profiling,
      Policy policy) {
    this.profiler = new Profiler(profiling);
    this.policy = policy;
    this.executor = executor;
    this.defaults = defaults;
    SessionContext context = new Context();
    this.dispatcher =
        new Dispatcher(
            Optional.of(new PluginLane(new SessionPlugin(this), context, executor)),
            plugins.stream().map(plugin -> new PluginLane(plugin, context, executor)).toList());
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
    try (CallScope scope = start("model.load", options)) {
      return load(spec, scope.call());
    }
  }

  /**
   * Registers files for operations that work with them; see {@link RegisteredResource}. Close it to
   * unregister.
   */
  public RegisteredResource register(Resource resource) {
    requireOpen("resource.register");
    return resources.register(this, resource);
  }

  /** The registered resource with this number. */
  public Optional<RegisteredResource> resource(long id) {
    return resources.find(id);
  }

  /**
   * Lets {@code keeper} load the models of generic calls; before it, the session does so itself.
   */
  public void keepGenericModels(ModelKeeper keeper) {
    genericModels = keeper;
  }

  ModelKeeper genericModels() {
    return genericModels;
  }

  /** The resource of this kind that was registered last. */
  Optional<RegisteredResource> latestResource(ResourceKind kind) {
    return resources.latest(kind);
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

  /** Multiplies matrices; {@link Sgemm#product} makes the input of the plain case. */
  public Sgemm.Product sgemm(Sgemm input) {
    return call(Operations.BLAS_SGEMM, input);
  }

  /** Performs the operation that the arguments name: vAccel's {@code genop}. */
  public GenericCall.Written generic(List<Argument> read, List<Argument> write) {
    return call(Operations.GENERIC_CALL, new GenericCall(read, write));
  }

  /** Finds objects and where they are. */
  public Detections detect(Model model, Image image) {
    return call(Operations.IMAGE_DETECT, new Detect(model, image));
  }

  /** Says for each pixel which class it belongs to. */
  public Segmentation segment(Model model, Image image) {
    return call(Operations.IMAGE_SEGMENT, new Segment(model, image));
  }

  /** Finds the joints of people. */
  public Poses pose(Model model, Image image) {
    return call(Operations.IMAGE_POSE, new EstimatePose(model, image));
  }

  /** Says for each pixel how far it is. */
  public DepthMap depth(Model model, Image image) {
    return call(Operations.IMAGE_DEPTH, new EstimateDepth(model, image));
  }

  /** Calls a function of a library that lies where the work is done. */
  public Exec.Written exec(String library, FunctionCall function) {
    return call(Operations.EXEC, new Exec(library, function));
  }

  /** Calls a function of a library that this session has registered. */
  public Exec.Written exec(RegisteredResource library, FunctionCall function) {
    return call(Operations.EXEC_WITH_RESOURCE, new ExecWithResource(library, function));
  }

  /** Performs any operation with the default deadline. */
  public <I, O extends Result> O call(Operation<I, O> operation, I input) {
    return call(operation, input, defaults);
  }

  /** Performs any operation. */
  public <I, O extends Result> O call(Operation<I, O> operation, I input, CallOptions options) {
    try (CallScope scope = start(operation, input, options)) {
      return measured(operation, input, scope.call());
    }
  }

  /**
   * Measures a part of the application's own work until it is closed; costs nothing where profiling
   * is off.
   */
  public OpenRegion region(String name) {
    long start = profiler.start();
    return () -> profiler.measured(name, start);
  }

  /**
   * How long the parts of the session's work took, here and at the agents that it uses, as far as
   * {@link Settings#PROFILING} is on there.
   */
  public Profile profile() {
    return call(Operations.PROFILE_READ, new ReadProfile());
  }

  /** The same session, not blocking. */
  public AsyncSession async() {
    return new AsyncSession(this);
  }

  /**
   * Ends the session everywhere and frees all it holds; its models end with it. Calls that are
   * under way are cancelled, and what they use is freed when they have returned. Closing twice does
   * nothing.
   */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      end.cancel();
      dispatcher.close();
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

  Profiler profiler() {
    return profiler;
  }

  /** What was measured here, then what the plugins measured elsewhere. */
  Profile readProfile(Call call) {
    List<Profile> elsewhere = dispatcher.profiles(call);
    List<Profile.Region> regions = new ArrayList<>(profiler.regions());
    elsewhere.forEach(profile -> regions.addAll(profile.regions()));
    ExecutedOn farthest =
        elsewhere.stream().map(Profile::executedOn).findFirst().orElse(SessionPlugin.HERE);
    return new Profile(regions, farthest);
  }

  private <I, O extends Result> O measured(Operation<I, O> operation, I input, Call call) {
    return profiler.measure(operation, () -> dispatcher.perform(operation, input, call));
  }

  /** A call of an operation with this input, when the input may be used here and now. */
  CallScope start(Operation<?, ?> operation, Object input, CallOptions options) {
    if (input instanceof ModelInput needs) {
      Model model = needs.model();
      if (model.session() != this) {
        throw new VaccelException(Reason.MODEL_NOT_FOUND, model + " belongs to another session")
            .during(operation.name());
      }
      if (model.isClosed() && !closed.get()) {
        throw new VaccelException(Reason.CLOSED, model + " is closed").during(operation.name());
      }
    }
    if (input instanceof ResourceInput needs) {
      requireRegistered(needs.resource(), operation.name());
    }
    requireAllowed(operation, input);
    return start(operation.name(), options);
  }

  private void requireAllowed(Operation<?, ?> operation, Object input) {
    try {
      policy.check(operation, input);
    } catch (VaccelException e) {
      throw e.during(operation.name());
    }
  }

  private void requireRegistered(RegisteredResource resource, String operation) {
    if (resource.session() != this || (resource.isClosed() && !closed.get())) {
      String why =
          resource.session() != this
              ? " belongs to another session"
              : " is not registered any more";
      throw new VaccelException(Reason.RESOURCE_NOT_FOUND, resource + why).during(operation);
    }
  }

  private void requireOpen(String operation) {
    if (closed.get()) {
      throw new VaccelException(Reason.CLOSED, "the session is closed").during(operation);
    }
  }

  CallScope start(String operation, CallOptions options) {
    requireOpen(operation);
    return new CallScope(options, end, executor);
  }

  Model load(ModelSpec spec, Call call) {
    Model model = new Model(this, spec);
    try {
      model.loaded(dispatcher.load(model, call));
      return model;
    } catch (VaccelException e) {
      model.close();
      throw e.about("resource_id");
    } catch (RuntimeException | Error e) {
      model.close();
      throw e;
    }
  }

  void unregister(RegisteredResource resource) {
    if (resources.remove(resource)) {
      dispatcher.unregister(resource);
    }
  }

  void unload(Model model) {
    dispatcher.unload(model);
  }

  private final class OwnModels implements ModelKeeper {
    @Override
    public Model load(ModelSpec spec, CallOptions options) {
      return Session.this.load(spec, options);
    }

    @Override
    public void unload(Model model) {
      model.close();
    }
  }

  private final class Context implements SessionContext {
    @Override
    public String sessionId() {
      return id;
    }

    @Override
    public Optional<RegisteredResource> resource(long resourceId) {
      return resources.find(resourceId);
    }

    @Override
    public <I, O extends Result> O perform(Operation<I, O> operation, I input, Call call) {
      requireAllowed(operation, input);
      return measured(operation, input, call);
    }
  }
}
