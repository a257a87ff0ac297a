package io.vaccel.backend.engine;

import io.vaccel.ModelFormat;
import io.vaccel.ModelSpec;
import io.vaccel.ResourceFile;
import io.vaccel.VaccelException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A library that loads and runs models, started in this process; safe for use by several threads.
 */
public interface Engine extends AutoCloseable {
  /** The formats that it loads. */
  Set<ModelFormat> formats();

  /** What it runs on as users see it, for instance {@code CPU} or {@code CUDA:0}. */
  String device();

  /**
   * Facts for people, in the order in which they are shown; {@code engine} names and versions it.
   */
  Map<String, String> details();

  /** What the operator has set for it. */
  EngineSettings settings();

  /**
   * The files that it reads of a model: those that have the same are the same model, and are loaded
   * once.
   */
  default List<ResourceFile> content(ModelSpec spec) {
    return List.of(spec.resource().main());
  }

  /**
   * Loads a model. It comes from a guest and may be hostile.
   *
   * @throws VaccelException {@link io.vaccel.Reason#MODEL_UNREADABLE} when the engine does not take
   *     it
   */
  EngineModel load(ModelSpec spec);

  /** Called after all models are closed. */
  @Override
  void close();
}
