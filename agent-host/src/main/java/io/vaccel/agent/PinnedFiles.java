package io.vaccel.agent;

import io.vaccel.Digest;
import io.vaccel.ErrorCode;
import io.vaccel.Reason;
import io.vaccel.Resource;
import io.vaccel.ResourceFile;
import io.vaccel.ResourceName;
import io.vaccel.VaccelException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Files of a resource, each pinned in the store until this is closed; closing twice does nothing.
 */
final class PinnedFiles implements AutoCloseable {
  private final List<ResourceFile> files = new ArrayList<>();
  private final List<ContentPin> pins = new ArrayList<>();

  private PinnedFiles() {}

  /** A file as a guest names it. */
  record Wanted(String name, Digest digest, long sizeBytes) {}

  /**
   * Pins all files, or none.
   *
   * @throws VaccelException {@link Reason#NAME_INVALID}, {@link Reason#CONTENT_MISSING}, {@link
   *     Reason#CONTENT_MISMATCH}
   */
  static PinnedFiles pin(ContentStore store, List<Wanted> wanted) {
    if (wanted.size() > Resource.MAX_FILES) {
      throw new VaccelException(
          Reason.QUOTA_EXCEEDED,
          "resource of " + wanted.size() + " files, the limit is " + Resource.MAX_FILES);
    }
    forEach(wanted, file -> ResourceName.check(file.name()));
    PinnedFiles pinned = new PinnedFiles();
    try {
      forEach(wanted, file -> pinned.add(store, file));
      return pinned;
    } catch (VaccelException e) {
      pinned.close();
      throw e;
    }
  }

  /** Pins the files of a registered resource once more. */
  static PinnedFiles pin(ContentStore store, Resource resource) {
    return pin(
        store,
        resource.files().stream()
            .map(file -> new Wanted(file.name(), file.digest(), file.sizeBytes()))
            .toList());
  }

  List<ResourceFile> files() {
    return List.copyOf(files);
  }

  @Override
  public void close() {
    pins.forEach(ContentPin::close);
  }

  /** Errors name the file by its position. */
  private static void forEach(List<Wanted> wanted, Consumer<Wanted> work) {
    for (int i = 0; i < wanted.size(); i++) {
      try {
        work.accept(wanted.get(i));
      } catch (VaccelException e) {
        throw e.code() == ErrorCode.INVALID_ARGUMENT ? e.inField("files[" + i + "]") : e;
      }
    }
  }

  private void add(ContentStore store, Wanted file) {
    ContentPin pin = store.pin(file.digest(), file.sizeBytes());
    pins.add(pin);
    files.add(ResourceFile.verified(file.name(), pin.path(), file.sizeBytes(), file.digest()));
  }
}
