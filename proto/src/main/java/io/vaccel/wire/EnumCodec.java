package io.vaccel.wire;

import io.vaccel.VaccelException;
import java.util.EnumMap;
import java.util.Map;

/**
 * Maps an enum of the runtime to the wire's enum with the same names behind a prefix, both ways.
 *
 * <p>The prefix and the zero value {@code _UNSPECIFIED} are proto3's convention. Constructing one
 * fails when a value has no partner, so a forgotten value shows at the first use of the codec.
 */
final class EnumCodec<J extends Enum<J>, W extends Enum<W>> {
  private final Map<J, W> toWire;
  private final Map<W, J> fromWire;
  private final String field;

  EnumCodec(String field, Class<J> runtime, Class<W> wire, String prefix) {
    this.field = field;
    this.toWire = new EnumMap<>(runtime);
    this.fromWire = new EnumMap<>(wire);
    for (J value : runtime.getEnumConstants()) {
      W partner = Enum.valueOf(wire, prefix + value.name());
      toWire.put(value, partner);
      fromWire.put(partner, value);
    }
  }

  W encode(J value) {
    return toWire.get(value);
  }

  J decode(W value) {
    J decoded = fromWire.get(value);
    if (decoded == null) {
      throw VaccelException.ofField(field, "is " + value + ", which this version does not know");
    }
    return decoded;
  }
}
