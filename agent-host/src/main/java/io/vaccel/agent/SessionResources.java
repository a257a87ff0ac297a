package io.vaccel.agent;

import io.vaccel.Reason;
import io.vaccel.Resource;
import io.vaccel.ResourceKind;
import io.vaccel.VaccelException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The resources that one session has registered. Safe for use by several threads. */
final class SessionResources {
  private final ContentStore store;
  private final Budget count;
  private final Budget files;
  private final Map<String, Held> resources = new ConcurrentHashMap<>();

  /**
   * @param allFiles counts the files of all sessions
   */
  SessionResources(ContentStore store, Quota quota, Budget allFiles) {
    this.store = store;
    this.count = Budget.of(Limit.RESOURCES_PER_SESSION, quota);
    this.files = allFiles.inner(Limit.FILES_PER_SESSION, quota);
  }

  private record Held(Resource resource, PinnedFiles pinned) {}

  /**
   * Makes a resource of content in the store; returns its id.
   *
   * @throws VaccelException {@link Reason#CONTENT_MISSING}, {@link Reason#NAME_INVALID}, {@link
   *     Reason#QUOTA_EXCEEDED}
   */
  String register(ResourceKind kind, List<PinnedFiles.Wanted> wanted) {
    PinnedFiles pinned = PinnedFiles.pin(store, wanted);
    try {
      Resource resource = new Resource(kind, pinned.files());
      take(wanted.size());
      String id = RandomId.next();
      resources.put(id, new Held(resource, pinned));
      return id;
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
        .map(Held::resource)
        .orElseThrow(SessionResources::unknown);
  }

  /** Lets go of a resource. */
  void unregister(String id) {
    free(Optional.ofNullable(resources.remove(id)).orElseThrow(SessionResources::unknown));
  }

  /** Lets go of all. */
  void close() {
    for (String id : List.copyOf(resources.keySet())) {
      Optional.ofNullable(resources.remove(id)).ifPresent(this::free);
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

  private void free(Held held) {
    count.give(1);
    files.give(held.resource().files().size());
    held.pinned().close();
  }

  private static VaccelException unknown() {
    return new VaccelException(Reason.RESOURCE_NOT_FOUND, "no such resource in this session");
  }
}
