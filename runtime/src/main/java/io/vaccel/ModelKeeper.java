package io.vaccel;

/**
 * Loads and unloads the models that generic calls name; an agent counts them against its quotas.
 * Safe for use by several threads.
 */
public interface ModelKeeper {
  /** Loads a model in the session that the keeper was given to. */
  Model load(ModelSpec spec, CallOptions options);

  /** Lets go of a model that {@link #load} returned. */
  void unload(Model model);
}
