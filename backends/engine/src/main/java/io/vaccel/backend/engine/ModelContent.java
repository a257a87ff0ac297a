package io.vaccel.backend.engine;

import io.vaccel.Reason;
import io.vaccel.ResourceFile;
import io.vaccel.VaccelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;

/** The bytes of a model, as engines take them. */
public final class ModelContent {
  private ModelContent() {}

  /**
   * The file as read-only direct memory: mapped, not read, where it lies on disk.
   *
   * @throws VaccelException {@link Reason#MODEL_UNREADABLE} when it is empty, or of 2 GiB and more
   */
  public static ByteBuffer direct(ResourceFile file) {
    if (file.sizeBytes() == 0) {
      throw new VaccelException(Reason.MODEL_UNREADABLE, "model '" + file.name() + "' is empty");
    }
    if (file.sizeBytes() > Integer.MAX_VALUE) {
      throw new VaccelException(
          Reason.MODEL_UNREADABLE,
          "model '"
              + file.name()
              + "' has "
              + file.sizeBytes()
              + " bytes, a model in one file can have "
              + Integer.MAX_VALUE);
    }
    if (file.path().isEmpty()) {
      byte[] bytes = file.readAll(Integer.MAX_VALUE);
      return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }
    try (FileChannel channel = FileChannel.open(file.path().get(), StandardOpenOption.READ)) {
      if (channel.size() != file.sizeBytes()) {
        throw new VaccelException(
            Reason.CONTENT_MISMATCH, "model file '" + file.name() + "' has changed");
      }
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
    } catch (IOException e) {
      throw new VaccelException(
          Reason.FILE_NOT_FOUND, "cannot read model file '" + file.name() + "'", e);
    }
  }
}
