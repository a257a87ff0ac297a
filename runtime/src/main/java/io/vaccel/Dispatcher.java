package io.vaccel;

import io.vaccel.spi.Availability;
import io.vaccel.spi.Call;
import io.vaccel.spi.Capabilities;
import io.vaccel.spi.Plugin;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the plugin for each call of one session: the first in order that says it can do it now,
 * and the next one when that one turns out to be unreachable, full, or unable.
 */
final class Dispatcher {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  private final List<PluginLane> lanes;

  /** The session's own part, which alone performs its operations and is not there for others. */
  private final Optional<PluginLane> own;

  Dispatcher(List<PluginLane> lanes) {
    this(Optional.empty(), lanes);
  }

  Dispatcher(Optional<PluginLane> own, List<PluginLane> lanes) {
    this.own = own;
    this.lanes = List.copyOf(lanes);
  }

  <I, O extends Result> O perform(Operation<I, O> operation, I input, Call call) {
    return first(
        SessionPlugin.OPERATIONS.contains(operation) ? own.stream().toList() : lanes,
        Optional.empty(),
        operation.name(),
        operation,
        format(input),
        call,
        lane -> lane.perform(operation, input, call));
  }

  /** Goes on with the plugins after {@code failed} when the error allows it. */
  <I, O extends Result> O performAfter(
      PluginLane failed, VaccelException error, Operation<I, O> operation, I input, Call call) {
    return first(
        lanes.subList(lanes.indexOf(failed) + 1, lanes.size()),
        Optional.of(error),
        operation.name(),
        operation,
        format(input),
        call,
        lane -> lane.perform(operation, input, call));
  }

  private static Optional<ModelFormat> format(Object input) {
    return input instanceof ModelInput needs
        ? Optional.of(needs.model().spec().format())
        : Optional.empty();
  }

  LoadedModel load(Model model, Call call) {
    return first(
        lanes,
        Optional.empty(),
        "model.load",
        Operations.MODEL_RUN,
        Optional.of(model.spec().format()),
        call,
        lane -> lane.load(model, call));
  }

  /**
   * The first lane that offers the operation, when it needs no preparation; for calls that must not
   * block. Whoever gets it must close it.
   */
  <I, O extends Result> Optional<PluginLane.Use> firstReady(Operation<I, O> operation, I input) {
    Optional<ModelFormat> format = format(input);
    for (PluginLane lane : lanes) {
      if (!lane.isAsked()) {
        return Optional.empty();
      }
      if (refusal(lane.capabilities(), operation, format).isEmpty()) {
        return lane.ready(input);
      }
    }
    return Optional.empty();
  }

  void unload(Model model) {
    lanes.forEach(lane -> lane.unload(model));
  }

  void unregister(RegisteredResource resource) {
    all().forEach(lane -> lane.unregister(resource));
  }

  void close() {
    // First, because it gives models back to the others.
    own.ifPresent(PluginLane::close);
    for (int i = lanes.size() - 1; i >= 0; i--) {
      lanes.get(i).close();
    }
  }

  /** How many models the plugins keep track of; for tests of leaks. */
  int modelCount() {
    return lanes.stream().mapToInt(PluginLane::modelCount).sum();
  }

  /** Completes when no call is left in any plugin and all of them have freed what they held. */
  CompletableFuture<Void> ended() {
    return CompletableFuture.allOf(
        all().map(PluginLane::ended).toArray(CompletableFuture<?>[]::new));
  }

  /** What plugins that forward have measured elsewhere; those that cannot be asked say nothing. */
  List<Profile> profiles(Call call) {
    return lanes.stream().flatMap(lane -> lane.profile(call).stream()).toList();
  }

  private Stream<PluginLane> all() {
    return Stream.concat(own.stream(), lanes.stream());
  }

  /** The plugins in which this session still has something. */
  Set<Plugin> busy() {
    return lanes.stream()
        .filter(lane -> !lane.ended().isDone())
        .map(PluginLane::plugin)
        .collect(Collectors.toSet());
  }

  /** Whether another plugin may try what failed with {@code error} in one. */
  static boolean movesOn(VaccelException error, Operation<?, ?> operation) {
    return switch (error.reason()) {
      case AGENT_UNREACHABLE, AGENT_STOPPING, NO_PLUGIN, QUOTA_EXCEEDED -> true;
      case CONNECTION_LOST -> operation.repeatable();
      default -> false;
    };
  }

  /**
   * The error as the caller sees it; anything but a {@link VaccelException} is a defect and is
   * logged here, once.
   */
  static VaccelException placed(Throwable error, String operation, PluginLane lane) {
    if (error instanceof VaccelException known) {
      return known.at(operation, lane.place());
    }
    LOG.error("{} failed in plugin {}", operation, lane.name(), error);
    return new VaccelException(
            Reason.INTERNAL, "plugin " + lane.name() + " failed unexpectedly", error)
        .at(operation, lane.place());
  }

  private static <T> T first(
      List<PluginLane> candidates,
      Optional<VaccelException> earlier,
      String name,
      Operation<?, ?> operation,
      Optional<ModelFormat> format,
      Call call,
      Function<PluginLane, T> work) {
    VaccelException failure = earlier.orElse(null);
    List<String> refusals = new ArrayList<>();
    int tried = earlier.isPresent() ? 1 : 0;
    boolean away = earlier.isPresent();
    for (PluginLane lane : candidates) {
      try {
        call.check();
        Capabilities can = lane.capabilities();
        Optional<String> refusal = refusal(can, operation, format);
        if (refusal.isPresent()) {
          refusals.add(lane.name() + ": " + refusal.get());
          failure = failure == null ? awaited(can, name, lane) : failure;
          away |= lane.isElsewhere();
          continue;
        }
        tried++;
        return work.apply(lane);
      } catch (VaccelException e) {
        VaccelException placed = placed(e, name, lane);
        if (!movesOn(e, operation)) {
          if (failure != null) {
            placed.addSuppressed(failure);
          }
          throw placed;
        }
        failure = failure == null ? placed : failure;
        away |= lane.isElsewhere();
        LOG.debug("{}; trying the next plugin", placed.getMessage());
      } catch (RuntimeException | LinkageError e) {
        throw placed(e, name, lane);
      }
    }
    VaccelException error = failure == null ? noPlugin(name, refusals) : failure;
    throw away && tried <= 1 ? BackendHint.added(error, name, format) : error;
  }

  /** The error of a plugin that would do it but for a passing state; null for any other. */
  private static VaccelException awaited(Capabilities can, String operation, PluginLane lane) {
    return can.availability() instanceof Availability.Unusable unusable
            && unusable.error() != Reason.NO_PLUGIN
            && !unusable.isOff()
        ? new VaccelException(unusable.error(), unusable.reason()).at(operation, lane.place())
        : null;
  }

  private static Optional<String> refusal(
      Capabilities capabilities, Operation<?, ?> operation, Optional<ModelFormat> format) {
    if (capabilities.availability() instanceof Availability.Unusable unusable) {
      return Optional.of(unusable.reason());
    }
    if (!capabilities.operations().contains(operation)) {
      return Optional.of("does not offer " + operation);
    }
    if (format.isPresent() && !capabilities.formats().contains(format.get())) {
      return Optional.of("does not take " + format.get() + " models");
    }
    return Optional.empty();
  }

  private static VaccelException noPlugin(String operation, List<String> refusals) {
    String tried =
        refusals.isEmpty()
            ? "no plugin is on the class path; add vaccel-plugin-vsock or a backend"
            : String.join("; ", refusals);
    return new VaccelException(
        Reason.NO_PLUGIN, "no plugin can do " + operation + " now (" + tried + ")");
  }
}
