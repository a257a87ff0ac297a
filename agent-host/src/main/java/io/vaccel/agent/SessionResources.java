package io.vaccel.agent;

import io.vaccel.Reason;
import io.vaccel.RegisteredResource;
import io.vaccel.Resource;
import io.vaccel.ResourceKind;
import io.vaccel.Session;
import io.vaccel.VaccelException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The resources that one session has registered. Safe for use by several threads. */
final class SessionResources {
  private final ContentStore store;
  private final Session session;
  private final Budget count;
  private final Budget files;
  private final Map<String, Held> resources = new ConcurrentHashMap<>();

  /**
   * @param allFiles counts the files of all sessions
   */
  SessionResources(ContentStore store, Session session, Quota quota, Budget allFiles) {
    this.store = store;
    this.session = session;
    this.count = Budget.of(Limit.RESOURCES_PER_SESSION, quota);
    this.files = allFiles.inner(Limit.FILES_PER_SESSION, quota);
  }

  private record Held(RegisteredResource resource, Usage usage) {}

  /**
   * A registered resource under its new ids.
   *
   * @param id unguessable
   * @param resource the runtime's resource, which has a number for generic calls
   */
  record Registered(String id, RegisteredResource resource) {}

  /**
   * Makes a resource of content in the store.
   *
   * @throws VaccelException {@link Reason#CONTENT_MISSING}, {@link Reason#NAME_INVALID}, {@link
   *     Reason#QUOTA_EXCEEDED}
   */
  Registered register(ResourceKind kind, List<PinnedFiles.Wanted> wanted) {
    PinnedFiles pinned = PinnedFiles.pin(store, wanted);
    try {
      Resource content = new Resource(kind, pinned.files());
      RegisteredResource resource = session.register(content);
      try {
        take(wanted.size());
      } catch (VaccelException e) {
        resource.close();
        throw e;
      }
      String id = RandomId.next();
      resources.put(id, new Held(resource, new Usage(() -> free(resource, pinned))));
      return new Registered(id, resource);
    } catch (VaccelException e) {
      pinned.close();
      throw e;
    }
  }

  /**
   * A registered resource; its files stay as long as it is registered.
   *
   * @throws VaccelException {@link Reason#RESOURCE_NOT_FOUND}
   */
  Resource get(String id) {
    return Optional.ofNullable(resources.get(id))
        .map(held -> held.resource().content())
        .orElseThrow(SessionResources::unknown);
  }

  /**
   * A registered resource, whose files stay until the call ends.
   *
   * @throws VaccelException {@link Reason#RESOURCE_NOT_FOUND}
   */
  RegisteredResource enter(String id, CallScope scope) {
    Held held =
        Optional.ofNullable(resources.get(id))
            .filter(found -> found.usage().enter())
            .orElseThrow(SessionResources::unknown);
    scope.onEnd(held.usage()::exit);
    return held.resource();
  }

  /** Lets go of a resource. */
  void unregister(String id) {
    end(Optional.ofNullable(resources.remove(id)).orElseThrow(SessionResources::unknown));
  }

  /** Lets go of all. */
  void close() {
    for (String id : List.copyOf(resources.keySet())) {
      Optional.ofNullable(resources.remove(id)).ifPresent(SessionResources::end);
    }
  }

  private void take(int fileCount) {
    count.take(1);
    try {
      files.take(fileCount);
    } catch (VaccelException e) {
      count.give(1);
      throw e;
    }
  }

  private static void end(Held held) {
    held.usage().end();
  }

  private void free(RegisteredResource resource, PinnedFiles pinned) {
    resource.close();
    count.give(1);
    files.give(resource.content().files().size());
    pinned.close();
  }

  private static VaccelException unknown() {
    return new VaccelException(Reason.RESOURCE_NOT_FOUND, "no such resource in this session");
  }
}
