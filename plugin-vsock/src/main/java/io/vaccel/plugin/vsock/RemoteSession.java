package io.vaccel.plugin.vsock;

import io.vaccel.Model;
import io.vaccel.RegisteredResource;
import io.vaccel.Resource;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One session at the agent: its id, its lease, and the agent's ids of the models in it. When the
 * agent loses it, another one takes its place. Safe for use by several threads.
 */
final class RemoteSession {
  private final String id;
  private final Duration lease;
  private final Map<Model, LoadedThere> models = new ConcurrentHashMap<>();
  private final Map<RegisteredResource, RegisteredThere> resources = new ConcurrentHashMap<>();
  private volatile long lastUsedNanos = System.nanoTime();
  private volatile boolean lost;

  /** How the agent knows a model and the files that it was loaded from. */
  record LoadedThere(String modelId, String resourceId) {}

  /** How the agent knows a registered resource as it was when it held this content. */
  record RegisteredThere(Resource content, String resourceId) {}

  RemoteSession(String id, Duration lease) {
    this.id = id;
    this.lease = lease;
  }

  String id() {
    return id;
  }

  /** How long the agent keeps the session after the last call. */
  Duration lease() {
    return lease;
  }

  Optional<LoadedThere> model(Model model) {
    return Optional.ofNullable(models.get(model));
  }

  void loaded(Model model, LoadedThere there) {
    models.put(model, there);
  }

  Optional<LoadedThere> forget(Model model) {
    return Optional.ofNullable(models.remove(model));
  }

  /** The agent's id of a resource, if it was registered there with the content that it has now. */
  Optional<String> resource(RegisteredResource resource) {
    return Optional.ofNullable(resources.get(resource))
        .filter(there -> there.content().equals(resource.content()))
        .map(RegisteredThere::resourceId);
  }

  /** Returns the agent's id of what was registered for it before. */
  Optional<String> registered(RegisteredResource resource, RegisteredThere there) {
    return Optional.ofNullable(resources.put(resource, there)).map(RegisteredThere::resourceId);
  }

  Optional<String> forget(RegisteredResource resource) {
    return Optional.ofNullable(resources.remove(resource)).map(RegisteredThere::resourceId);
  }

  /** The agent has just answered a call in this session, which renews the lease. */
  void used() {
    lastUsedNanos = System.nanoTime();
  }

  long lastUsedNanos() {
    return lastUsedNanos;
  }

  boolean isLost() {
    return lost;
  }

  /** The agent does not know it any more. */
  void lost() {
    lost = true;
  }
}
