package io.vaccel;

import java.util.List;
import java.util.Objects;

/**
 * The input of {@link Operations#EXEC}: a function of a library that lies where the work is done,
 * under a name that the operator gave it.
 *
 * @param name the operator's name for the library; never a path
 * @param function what to call
 */
public record Exec(String name, FunctionCall function) {
  /** Checks the name. */
  public Exec {
    if (name.indexOf('/') >= 0) {
      throw VaccelException.ofField(
          "library", "is the name that the operator gave a library, not a path");
    }
    ResourceName.check(name);
    Objects.requireNonNull(function, "function");
  }

  /**
   * What the function wrote.
   *
   * @param arguments the written arguments in the order of the call; none is larger than its room
   * @param executedOn where
   */
  public record Written(List<Argument> arguments, ExecutedOn executedOn) implements Result {
    /** Copies the list. */
    public Written {
      arguments = List.copyOf(arguments);
    }
  }
}
