package io.vaccel;

import java.util.List;
import java.util.Optional;

/**
 * The operations of this version; a new one is added here, to the wire table of {@code proto}, and
 * to a backend.
 */
public final class Operations {
  /** Nothing; measures the way there and back. */
  public static final Operation<Noop, Noop.Done> NOOP =
      new Operation<>("noop", Noop.class, Noop.Done.class, true);

  /** Returns its tensors unchanged; measures the way of bulk data. */
  public static final Operation<Echo, Echo.Reply> ECHO =
      new Operation<>("echo", Echo.class, Echo.Reply.class, true);

  /** Runs a loaded model on tensors. */
  public static final Operation<ModelRun, ModelRun.Outputs> MODEL_RUN =
      new Operation<>("model.run", ModelRun.class, ModelRun.Outputs.class, true);

  /** Names what a picture shows. */
  public static final Operation<Classify, Classification> IMAGE_CLASSIFY =
      new Operation<>("image.classify", Classify.class, Classification.class, true);

  private static final List<Operation<?, ?>> ALL = List.of(NOOP, ECHO, MODEL_RUN, IMAGE_CLASSIFY);

  private Operations() {}

  /** All operations of this version. */
  public static List<Operation<?, ?>> all() {
    return ALL;
  }

  /** The operation with this name. */
  public static Optional<Operation<?, ?>> named(String name) {
    return ALL.stream().filter(operation -> operation.name().equals(name)).findFirst();
  }
}
