package io.vaccel.contract;

import io.vaccel.ElementType;
import io.vaccel.ModelFormat;
import io.vaccel.ModelSpec;
import io.vaccel.Resource;
import io.vaccel.ResourceKind;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;

/** The tiny models of one format with which {@link ModelContract} tries a plugin. */
public interface ModelKit {
  /** The format. */
  ModelFormat format();

  /** The name of the plugin that runs it. */
  String plugin();

  /** The types of which {@link #identity} makes models. */
  Set<ElementType> types();

  /** {@code y = x}, both of this type and shape; -1 for any size. */
  ModelSpec identity(ElementType type, long... dimensions);

  /** {@code sum = a + b} and {@code difference = a - b}, of FLOAT32[any, 2]. */
  ModelSpec sumAndDifference();

  /** Adds one to {@code x} FLOAT32[1] for {@code n} INT64[] times, giving {@code y}. */
  ModelSpec counting();

  /** Models that are refused, each with a word that the error has to hold. */
  List<Refused> refused();

  /**
   * A model that is refused.
   *
   * @param model the model
   * @param mention what the error says
   */
  record Refused(ModelSpec model, String mention) {}

  /** Whether models of this format tell names, types and shapes of what they take and return. */
  default boolean tellsSignature() {
    return true;
  }

  /** Whether a run can be ended by its deadline or its cancellation. */
  default boolean endsRunsEarly() {
    return true;
  }

  /** Bytes that claim to be a model of this format, in a file named {@code tiny}. */
  default ModelSpec spec(ByteBuffer bytes) {
    String name = "tiny" + format().suffix();
    return new ModelSpec(Resource.ofBytes(ResourceKind.MODEL, name, bytes), format());
  }
}
