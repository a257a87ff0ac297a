package io.vaccel.interop;

import io.vaccel.Digest;
import io.vaccel.ExecutedOn;
import io.vaccel.LoadedModel;
import io.vaccel.Profile;
import io.vaccel.Reason;
import io.vaccel.Session;
import io.vaccel.VaccelException;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What came of a call, as one line of text: equal exactly where two results have the same bits, or
 * two errors the same reason, details and message.
 *
 * <p>Left out are the way to the plugin, times, what a profile measured, how many bytes travelled,
 * the place that a message names, and who says that something is not allowed.
 */
final class Outcome {
  private static final int SHORT_BYTES = 32;

  private Outcome() {}

  /** Makes the call. */
  static String of(FaithfulCase one, Session session) {
    try {
      return "done " + bits(one.call().apply(session));
    } catch (VaccelException e) {
      if (e.reason() == Reason.NOT_ALLOWED) {
        // At an agent the guest's own policy comes first, and speaks of the guest.
        return e.reason().toString();
      }
      return "%s %s %s".formatted(e.reason(), new TreeMap<>(e.details()), message(e));
    }
  }

  /** Whether this is the outcome of a call that succeeded. */
  static boolean isGood(String outcome) {
    return outcome.startsWith("done ");
  }

  /** {@code image.classify at vsock:2:2048: why} is {@code image.classify: why}. */
  private static String message(VaccelException e) {
    int place = e.getMessage().length() - e.text().length();
    return e.getMessage().substring(0, place).replaceFirst(" at .*: $", ": ") + e.text();
  }

  private static String bits(Object value) {
    if (value instanceof ExecutedOn on) {
      return on.plugin() + " on " + on.device();
    }
    if (value instanceof Profile) {
      return "a profile";
    }
    if (value instanceof LoadedModel loaded) {
      return bits(loaded.signature()) + " " + bits(loaded.executedOn());
    }
    if (value instanceof ByteBuffer bytes) {
      return ofBytes(bytes);
    }
    if (value instanceof Float number) {
      return number + "/" + Integer.toHexString(Float.floatToRawIntBits(number));
    }
    if (value instanceof Double number) {
      return number + "/" + Long.toHexString(Double.doubleToRawLongBits(number));
    }
    if (value instanceof String text) {
      return "'" + text.replace("\n", "\\n") + "'";
    }
    if (value instanceof Optional<?> optional) {
      return optional.map(Outcome::bits).orElse("none");
    }
    if (value instanceof Collection<?> values) {
      return values.stream().map(Outcome::bits).collect(Collectors.joining(", ", "[", "]"));
    }
    return value instanceof Record fields ? ofFields(fields) : value.toString();
  }

  private static String ofBytes(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    return copy.length <= SHORT_BYTES
        ? "0x" + HexFormat.of().formatHex(copy)
        : copy.length + " bytes " + digest(copy);
  }

  private static Digest digest(byte[] bytes) {
    MessageDigest sha256 = Digest.sha256();
    sha256.update(bytes);
    return Digest.of(sha256);
  }

  private static String ofFields(Record value) {
    return Stream.of(value.getClass().getRecordComponents())
        .map(component -> component.getName() + "=" + bits(read(component, value)))
        .collect(Collectors.joining(", ", value.getClass().getSimpleName() + "(", ")"));
  }

  private static Object read(RecordComponent component, Record value) {
    try {
      return component.getAccessor().invoke(value);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }
}
