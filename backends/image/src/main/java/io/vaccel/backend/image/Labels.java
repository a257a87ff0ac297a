package io.vaccel.backend.image;

import io.vaccel.Reason;
import io.vaccel.Resource;
import io.vaccel.ResourceFile;
import io.vaccel.VaccelException;
import java.util.List;

/** Reads the names of a model's classes. */
final class Labels {
  private static final long MAX_BYTES = 4 << 20;
  private static final int MAX_LABEL_LENGTH = 1000;

  private Labels() {}

  /**
   * One name for each class or point, in the order of the outputs; none for a task without labels.
   *
   * @throws VaccelException {@link Reason#MODEL_MISMATCH} when the file is missing or wrong
   */
  static List<String> of(Resource resource, Metadata metadata) {
    if (metadata.labels().isEmpty()) {
      return List.of();
    }
    String name = metadata.labels().get();
    ResourceFile file =
        resource
            .file(name)
            .orElseThrow(
                () ->
                    JsonFields.mismatch(
                        metadata.file(),
                        " names labels '" + name + "', which is not beside the model"));
    List<String> labels = Metadata.text(file, MAX_BYTES).lines().map(String::strip).toList();
    for (int i = 0; i < labels.size(); i++) {
      String label = labels.get(i);
      if (label.isEmpty() || label.length() > MAX_LABEL_LENGTH) {
        throw ImageModel.mismatch(
            "labels '"
                + file.name()
                + "': line "
                + (i + 1)
                + (label.isEmpty() ? " is empty" : " is longer than " + MAX_LABEL_LENGTH));
      }
    }
    return labels;
  }
}
