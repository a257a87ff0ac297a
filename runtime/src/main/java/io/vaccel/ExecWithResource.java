package io.vaccel;

import java.util.Objects;

/**
 * The input of {@link Operations#EXEC_WITH_RESOURCE}: a function of a library that the caller
 * brings.
 *
 * @param resource of kind {@link ResourceKind#LIBRARY}; of several files all but the last are
 *     loaded first, as dependencies, and the last has the function
 * @param function what to call
 */
public record ExecWithResource(RegisteredResource resource, FunctionCall function)
    implements ResourceInput {
  /** Checks the kind. */
  public ExecWithResource {
    if (resource.content().kind() != ResourceKind.LIBRARY) {
      throw VaccelException.ofField(
          "resource_id", "is a resource of kind " + resource.content().kind() + ", not LIBRARY");
    }
    Objects.requireNonNull(function, "function");
  }
}
