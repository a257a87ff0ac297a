package io.vaccel;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The resources that one session has registered, by number; safe for use by several threads. */
final class SessionResources {
  /** More than this is a leak of the application; an agent has lower limits. */
  private static final int MAX_RESOURCES = 65_536;

  private final Map<Long, RegisteredResource> resources = new ConcurrentHashMap<>();
  private final AtomicLong lastId = new AtomicLong();

  RegisteredResource register(Session session, Resource content) {
    if (resources.size() >= MAX_RESOURCES) {
      throw new VaccelException(
          Reason.QUOTA_EXCEEDED, "a session registers " + MAX_RESOURCES + " resources at most");
    }
    RegisteredResource registered =
        new RegisteredResource(lastId.incrementAndGet(), session, content);
    resources.put(registered.id(), registered);
    return registered;
  }

  Optional<RegisteredResource> find(long id) {
    return Optional.ofNullable(resources.get(id));
  }

  /** The one of this kind that was registered last. */
  Optional<RegisteredResource> latest(ResourceKind kind) {
    return resources.values().stream()
        .filter(resource -> resource.content().kind() == kind)
        .max(Comparator.comparingLong(RegisteredResource::id));
  }

  /** Whether it was registered until now. */
  boolean remove(RegisteredResource resource) {
    return resources.remove(resource.id(), resource);
  }
}
