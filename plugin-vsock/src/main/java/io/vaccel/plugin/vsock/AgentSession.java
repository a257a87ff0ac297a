package io.vaccel.plugin.vsock;

import io.vaccel.LoadedModel;
import io.vaccel.Model;
import io.vaccel.ModelInput;
import io.vaccel.ModelSpec;
import io.vaccel.Operation;
import io.vaccel.Operations;
import io.vaccel.Profile;
import io.vaccel.ReadProfile;
import io.vaccel.Reason;
import io.vaccel.RegisteredResource;
import io.vaccel.Resource;
import io.vaccel.ResourceInput;
import io.vaccel.Result;
import io.vaccel.VaccelException;
import io.vaccel.spi.Call;
import io.vaccel.spi.PluginSession;
import io.vaccel.v1.CloseSessionRequest;
import io.vaccel.v1.ModelServiceGrpc;
import io.vaccel.v1.OpenSessionRequest;
import io.vaccel.v1.OpenSessionResponse;
import io.vaccel.v1.ResourceServiceGrpc;
import io.vaccel.v1.SessionServiceGrpc;
import io.vaccel.v1.UnloadModelRequest;
import io.vaccel.v1.UnregisterResourceRequest;
import io.vaccel.wire.Codec;
import io.vaccel.wire.WireOperation;
import io.vaccel.wire.WireOperations;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One owner's part of the agent: opens a session there when it is first needed, and again, with its
 * models, when the agent has lost it.
 */
final class AgentSession implements PluginSession {
  private static final Logger LOG = LoggerFactory.getLogger(AgentSession.class);
  private static final Duration DEFAULT_LEASE = Duration.ofMinutes(1);

  private final Agent agent;

  /** Held while a session opens or a model loads, never while an operation runs. */
  private final ReentrantLock preparing = new ReentrantLock();

  private volatile Optional<RemoteSession> current = Optional.empty();
  private volatile boolean closed;

  AgentSession(Agent agent) {
    this.agent = agent;
  }

  @Override
  public LoadedModel load(Model model, ModelSpec spec, Call call) {
    ModelLoading loading = new ModelLoading(agent, model, spec, call);
    return agent
        .attempts()
        .run(
            call,
            true,
            round -> {
              loading.tally().onProgress(round::progressed);
              return inSession(true, call, session -> prepared(call, () -> loading.load(session)));
            });
  }

  @Override
  public <I, O extends Result> O perform(Operation<I, O> operation, I input, Call call) {
    WireOperation<I, O, ?, ?> wire = WireOperations.of(operation);
    Call limited = agent.timeLimit().at(operation, call);
    try {
      return agent
          .attempts()
          .run(
              limited,
              operation.repeatable(),
              round ->
                  inSession(
                      operation.repeatable(),
                      limited,
                      session -> {
                        ensurePrepared(session, input, call);
                        return new Exchange<>(agent, wire, session, input, limited).perform();
                      }));
    } catch (VaccelException e) {
      throw agent.timeLimit().judge(e, limited, call);
    }
  }

  @Override
  public <I, O extends Result> CompletableFuture<O> submit(
      Operation<I, O> operation, I input, Call call) {
    Optional<RemoteSession> session = current.filter(open -> isPrepared(open, input));
    // A closed breaker lets everything pass and keeps no count of it.
    if (session.isEmpty() || !agent.connection().isReady() || !agent.breaker().isClosed()) {
      return later(operation, input, call);
    }
    try {
      call.check();
      WireOperation<I, O, ?, ?> wire = WireOperations.of(operation);
      Call limited = agent.timeLimit().at(operation, call);
      Optional<CompletableFuture<O>> sent =
          new Exchange<>(agent, wire, session.get(), input, limited).submit();
      return sent.isEmpty()
          ? later(operation, input, call)
          : concluded(judged(sent.get(), limited, call), session.get(), operation, input, call);
    } catch (VaccelException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private <O> CompletableFuture<O> judged(CompletableFuture<O> sent, Call limited, Call call) {
    if (limited == call) {
      return sent;
    }
    return sent.exceptionallyCompose(
        failure ->
            CompletableFuture.failedFuture(
                cause(failure) instanceof VaccelException error
                    ? agent.timeLimit().judge(error, limited, call)
                    : cause(failure)));
  }

  /** The result, or the failure, unless the blocking way can do better. */
  private <I, O extends Result> CompletableFuture<O> concluded(
      CompletableFuture<O> sent,
      RemoteSession session,
      Operation<I, O> operation,
      I input,
      Call call) {
    CompletableFuture<O> concluded = new CompletableFuture<>();
    var unused =
        sent.whenComplete(
            (result, failure) -> {
              if (failure == null) {
                agent.breaker().succeeded();
                concluded.complete(result);
              } else if (mayRepeat(cause(failure), session, operation)) {
                pass(later(operation, input, call), concluded);
              } else {
                agent.breaker().failed(cause(failure));
                concluded.completeExceptionally(cause(failure));
              }
            });
    return concluded;
  }

  private static boolean mayRepeat(
      Throwable failure, RemoteSession session, Operation<?, ?> operation) {
    return failure instanceof VaccelException error
        && ((isSessionLost(error, session) && operation.repeatable())
            || Attempts.mayRepeat(error, operation.repeatable()));
  }

  private static <T> void pass(CompletableFuture<T> from, CompletableFuture<T> to) {
    var unused =
        from.whenComplete(
            (result, failure) -> {
              if (failure == null) {
                to.complete(result);
              } else {
                to.completeExceptionally(cause(failure));
              }
            });
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  private <I, O extends Result> CompletableFuture<O> later(
      Operation<I, O> operation, I input, Call call) {
    return PluginSession.super.submit(operation, input, call);
  }

  @Override
  public void unregister(RegisteredResource resource) {
    Optional<RemoteSession> session = current;
    session
        .flatMap(open -> open.forget(resource))
        .ifPresent(resourceId -> unregister(session.get(), resourceId));
  }

  private void unregister(RemoteSession session, String resourceId) {
    agent
        .farewells()
        .say(
            ResourceServiceGrpc.getUnregisterResourceMethod(),
            UnregisterResourceRequest.newBuilder()
                .setSessionId(session.id())
                .setResourceId(resourceId)
                .build());
  }

  @Override
  public void unload(Model model) {
    Optional<RemoteSession> session = current;
    session
        .flatMap(open -> open.forget(model))
        .ifPresent(
            there -> {
              agent
                  .farewells()
                  .say(
                      ModelServiceGrpc.getUnloadModelMethod(),
                      UnloadModelRequest.newBuilder()
                          .setSessionId(session.get().id())
                          .setModelId(there.modelId())
                          .build());
              unregister(session.get(), there.resourceId());
            });
  }

  @Override
  public Optional<Profile> profile(Call call) {
    return current.isEmpty()
        ? Optional.empty()
        : Optional.of(perform(Operations.PROFILE_READ, new ReadProfile(), call));
  }

  @Override
  public void close() {
    closed = true;
    current.ifPresent(this::end);
  }

  private <T> T inSession(boolean repeatable, Call call, Function<RemoteSession, T> work) {
    RemoteSession session = opened(call);
    try {
      return work.apply(session);
    } catch (VaccelException e) {
      if (!isSessionLost(e, session) || !repeatable) {
        throw e;
      }
      LOG.info("the agent at {} lost a session; opening another", agent.endpoint());
    }
    return work.apply(opened(call));
  }

  private static boolean isSessionLost(VaccelException error, RemoteSession session) {
    if (error.reason() == Reason.SESSION_NOT_FOUND) {
      session.lost();
    }
    return session.isLost();
  }

  private RemoteSession opened(Call call) {
    Optional<RemoteSession> open = current.filter(session -> !session.isLost());
    if (open.isPresent()) {
      return open.get();
    }
    return prepared(
        call, () -> current.filter(session -> !session.isLost()).orElseGet(() -> open(call)));
  }

  private RemoteSession open(Call call) {
    checkOpen();
    OpenSessionRequest.Builder request =
        OpenSessionRequest.newBuilder().setClient("vaccel-java " + Version.OWN);
    agent.settings().lease().ifPresent(lease -> request.setLease(Codec.encode(lease)));
    OpenSessionResponse response;
    try {
      response = agent.rpc().call(SessionServiceGrpc.getOpenSessionMethod(), request.build(), call);
    } catch (VaccelException e) {
      throw e.reason() == Reason.NOT_ALLOWED ? agent.view().servesNobody(e) : e;
    }
    Duration lease =
        response.hasLease() ? Codec.decode("lease", response.getLease()) : DEFAULT_LEASE;
    RemoteSession session = new RemoteSession(response.getSessionId(), lease);
    current = Optional.of(session);
    agent.leases().add(session);
    if (closed) {
      end(session);
    }
    checkOpen();
    return session;
  }

  private void checkOpen() {
    if (closed) {
      throw new VaccelException(Reason.CLOSED, "the session is closed");
    }
  }

  private <T> T prepared(Call call, Supplier<T> work) {
    Waiting.lock(preparing, call);
    try {
      return work.get();
    } finally {
      preparing.unlock();
    }
  }

  /** Brings what the input needs, when this session at the agent does not have it (any more). */
  private void ensurePrepared(RemoteSession session, Object input, Call call) {
    if (isPrepared(session, input)) {
      return;
    }
    if (input instanceof ModelInput needs) {
      Model model = needs.model();
      prepared(call, () -> session.model(model).orElseGet(() -> reload(session, model, call)));
    }
    if (input instanceof ResourceInput needs) {
      RegisteredResource resource = needs.resource();
      prepared(
          call,
          () -> session.resource(resource).orElseGet(() -> register(session, resource, call)));
    }
  }

  private String register(RemoteSession session, RegisteredResource resource, Call call) {
    Resource content = resource.content();
    ResourceDelivery delivery = new ResourceDelivery(agent, content, new UploadTally(), call);
    String resourceId = delivery.register(session, delivery.bring(session));
    session
        .registered(resource, new RemoteSession.RegisteredThere(content, resourceId))
        .ifPresent(outdated -> unregister(session, outdated));
    return resourceId;
  }

  private RemoteSession.LoadedThere reload(RemoteSession session, Model model, Call call) {
    LoadedModel loaded = new ModelLoading(agent, model, model.spec(), call).load(session);
    LOG.info("loaded {} again, at {}", model, loaded.executedOn());
    return session.model(model).orElseThrow();
  }

  private static boolean isPrepared(RemoteSession session, Object input) {
    return !session.isLost()
        && !(input instanceof ModelInput needs && session.model(needs.model()).isEmpty())
        && !(input instanceof ResourceInput needs && session.resource(needs.resource()).isEmpty());
  }

  private void end(RemoteSession session) {
    agent.leases().remove(session);
    if (!session.isLost()) {
      agent
          .farewells()
          .say(
              SessionServiceGrpc.getCloseSessionMethod(),
              CloseSessionRequest.newBuilder().setSessionId(session.id()).build());
    }
  }
}
