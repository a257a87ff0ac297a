package io.vaccel.spi;

import io.vaccel.ModelFormat;
import io.vaccel.Operation;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What a plugin can do now; a snapshot.
 *
 * @param availability whether it can work at all
 * @param operations the operations that it performs
 * @param formats the model formats that it can work with; empty for a plugin without models
 * @param device what it runs on, for instance {@code CPU}
 * @param details facts for people, in a stable order: engine version, thread count, state of a
 *     connection
 */
public record Capabilities(
    Availability availability,
    Set<Operation<?, ?>> operations,
    Set<ModelFormat> formats,
    String device,
    Map<String, String> details) {
  /** Copies the collections. */
  public Capabilities {
    operations = Set.copyOf(operations);
    formats = Set.copyOf(formats);
    details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
  }

  /** A plugin that cannot work now. */
  public static Capabilities none(String reason) {
    return nothing(Availability.unusable(reason));
  }

  /** A plugin that nobody has switched on; see {@link Availability#off}. */
  public static Capabilities off(String reason) {
    return nothing(Availability.off(reason));
  }

  private static Capabilities nothing(Availability availability) {
    return new Capabilities(availability, Set.of(), Set.of(), "", Map.of());
  }

  /** Usable operations without models. */
  public static Capabilities of(String device, Operation<?, ?>... operations) {
    return new Capabilities(Availability.usable(), Set.of(operations), Set.of(), device, Map.of());
  }

  /** The same, able to work with these model formats. */
  public Capabilities withFormats(Set<ModelFormat> newFormats) {
    return new Capabilities(availability, operations, newFormats, device, details);
  }

  /** The same with one more fact. */
  public Capabilities with(String key, String value) {
    Map<String, String> more = new LinkedHashMap<>(details);
    more.put(key, value);
    return new Capabilities(availability, operations, formats, device, more);
  }
}
